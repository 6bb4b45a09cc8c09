"""What a driver may choose about a run; everything else is the manifest's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Limits of one run.

    `approvers` None means the manifest's number (drills take 1). A region counts as lost after
    `readings` failing readings over `confirm_s`. `patience_s` bounds the wait for people.
    `acknowledged` names an ended run whose successor may start within the hour.
    """

    approvers: int | None = None
    confirm_s: float = 30.0
    readings: int = 3
    patience_s: float = 3600.0
    acknowledged: str | None = None
