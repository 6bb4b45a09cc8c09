"""How long before a change that clients notice the zone's subscribers are told.

`stacks` reads it from the zone's file, the manifest carries it, `maintenance` counts with it. The
usual lengths are the service description's: 3 business days, 24 hours where it is an emergency.
"""

from dataclasses import dataclass

from continuity.reading import Reader

_DAY_S = 86_400
COUNTRY = r"[A-Z]{2}(-[A-Z0-9]{1,3})?"
"""ISO 3166: a country, or one of its parts that has holidays of its own (`ES`, `ES-CT`)."""


@dataclass(frozen=True)
class NoticePeriod:
    """`business_days` before planned work, `emergency_s` seconds before a patch that cannot wait.

    Holidays of any of the `countries` are no business days.
    """

    business_days: int = 3
    emergency_s: int = _DAY_S
    countries: tuple[str, ...] = ()


def read(reader: Reader) -> NoticePeriod:
    """Read the table of a manifest."""
    usual = NoticePeriod()
    found = NoticePeriod(
        reader.integer("business_days", usual.business_days, high=30),
        reader.integer("emergency_s", usual.emergency_s, high=30 * _DAY_S),
        reader.texts("countries", ()),
    )
    reader.finish()
    return found
