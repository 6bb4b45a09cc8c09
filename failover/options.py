"""What a driver may choose about a run; everything else is the manifest's."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Declaration:
    """A person's word that one database is corrupted, and the last moment at which it was good."""

    database: str
    moment: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Order:
    """A person's word that the zone is to be moved, although no diagnosis begins that alone."""

    by: str
    reason: str


@dataclass(frozen=True)
class PlannedMove:
    """A person's word that a healthy zone is to be moved with nothing lost, or not at all.

    `at` tells one order from the next: each is followed once. An `emergency` does not wait for the
    maintenance window.
    """

    by: str
    reason: str
    at: datetime
    emergency: bool = False


@dataclass(frozen=True)
class Since:
    """A person's word that clients have not been served since a moment: the recovery time starts.

    It begins no run by itself.
    """

    moment: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Options:
    """Limits of one run.

    `approvers` None means the manifest's number (drills take 1). A region counts as lost after
    `readings` failing readings over `confirm_s`. `patience_s` bounds the wait for people.
    `acknowledged` names an ended run whose successor may start within the hour. `declared` and
    `move` are what a person said to this driver, as is `planned`; all begin a run that nothing else
    would begin.
    `approval_s` is how long an approval lasts under which nothing irreversible was begun yet; the
    hour is an assumption: long enough to find a second person, too short for another day's outage.
    """

    approvers: int | None = None
    confirm_s: float = 30.0
    readings: int = 3
    patience_s: float = 3600.0
    acknowledged: str | None = None
    declared: tuple[Declaration, ...] = ()
    move: Order | None = None
    planned: PlannedMove | None = None
    since: Since | None = None
    approval_s: float = 3600.0
