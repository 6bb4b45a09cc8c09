"""RDS windows: moto refuses a backup window that ends when the maintenance window begins.

Source: the RDS user guide, "Backup window": the windows cannot overlap. Windows that only touch do
not; the terraform-aws-rds module's own complete example has been deployed so for years.
"""

from datetime import datetime

from moto.rds import utils

from simulator.correction import Correction

_overlap = utils.get_overlap_between_two_date_ranges


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            utils,
            "get_overlap_between_two_date_ranges",
            overlap,
            "windows that only touch do not overlap",
        ),
    ]


def overlap(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> int:
    """Return the seconds that two windows share; moto refuses from zero up, so zero becomes -1."""
    shared: int = _overlap(start, end, other_start, other_end)
    return shared if shared > 0 else -1
