"""What a business continuity plan is made of, as frozen values; nothing in here is prose.

`failover.procedures` fills what the engine does, `drill.declared` what the program declares;
`incident.plan.whole` puts all of it into words.
"""

from dataclasses import dataclass

from continuity.ledger import Exercise
from continuity.manifest import Manifest
from continuity.zone import SiteName


@dataclass(frozen=True)
class Schedule:
    """What starts by itself in a site. `expression` is AWS's `cron(...)`, on the clocks there.

    `on` is False where it is declared and waits until the site has that role.
    """

    site: SiteName
    duty: str
    expression: str
    timezone: str
    on: bool


@dataclass(frozen=True)
class Declared:
    """What the program declares of a zone beside its manifest.

    `versions_days`: how long a replaced or deleted file stays. `archive_days`: how long archived
    logs do. `maintenance` is RDS's weekly window in UTC, `ddd:hh:mm-ddd:hh:mm`.
    """

    schedules: tuple[Schedule, ...]
    versions_days: int
    archive_days: int
    maintenance: str


@dataclass(frozen=True)
class Answer:
    """A diagnosis, and what follows from it: a row of the engine's own table.

    `recovery` is empty where nothing is begun. `severity` is the suggested one, empty for none;
    `services` are those that it takes from clients. `commands` are what a person types.
    """

    diagnosis: str
    meaning: str
    recovery: str
    alone: bool
    needs: str
    severity: str
    services: tuple[str, ...]
    commands: tuple[str, ...]


@dataclass(frozen=True)
class PlannedStep:
    """One step of a recovery. `estimate_s` has a `source`; `instead_of` names what it replaces."""

    name: str
    site: str
    what: str
    estimate_s: float
    source: str
    irreversible: bool
    critical: bool
    instead_of: str | None = None


@dataclass(frozen=True)
class Recovery:
    """A recovery as the engine would begin it: its steps, and how long they should take.

    `restored_s` is how long where every database has to be restored; None where none may be.
    """

    name: str
    expected_s: float
    restored_s: float | None
    steps: tuple[PlannedStep, ...]


@dataclass(frozen=True)
class Limits:
    """The numbers by which engine and backups judge, in seconds and days."""

    readings: int
    confirm_s: float
    database_confirm_s: float
    hosting_confirm_s: float
    approval_s: float
    lease_s: float
    grace_days: int
    pinned_days: int
    tried_days: int


@dataclass(frozen=True)
class ContinuityPlan:
    """Everything that the plan of one zone says. `sources` are digests of what it is made from."""

    manifest: Manifest
    declared: Declared
    answers: tuple[Answer, ...]
    recoveries: tuple[Recovery, ...]
    limits: Limits
    sources: tuple[tuple[str, str], ...] = ()
    tests: tuple[Exercise, ...] = ()
