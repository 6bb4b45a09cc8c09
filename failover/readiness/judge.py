"""The verdict of a check: every rule over one picture, the worst first. Pure.

`cli.check_command` prints it. A zone is ready when nothing blocks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from continuity.manifest import Database
from failover.readiness.finding import Finding, Severity
from failover.readiness.picture import Picture
from failover.readiness.reversal import Direction, reversal
from failover.readiness.rules import (
    addresses,
    controller,
    copies,
    directions,
    drills,
    hosting,
    keys_and_secrets,
    leftovers,
    parity,
    proofs,
    quotas,
    real_rpo,
    replication,
    static_stability,
    traffic,
    unread,
    warrants,
)

Rule = Callable[[Picture], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    unread.unread,
    controller.access,
    replication.replication,
    copies.copies,
    real_rpo.real_rpo,
    parity.primaries,
    parity.parity,
    keys_and_secrets.keys,
    keys_and_secrets.secrets,
    hosting.image,
    hosting.services,
    hosting.scaling,
    hosting.fence,
    addresses.addresses,
    quotas.quotas,
    quotas.left,
    traffic.latches,
    traffic.health_checks,
    traffic.records,
    warrants.warrants,
    warrants.serves,
    controller.manifests,
    controller.tables,
    controller.runs,
    directions.directions,
    leftovers.left,
    drills.drills,
    proofs.proofs,
    static_stability.static_stability,
)


@dataclass(frozen=True)
class DatabaseState:
    """What a database could be recovered from now; None is unknown or not there, never zero.

    `copy_kind` is empty where there is no usable copy. `worst_copy_age_s` is how old the newest
    copy gets before the next one is there: the RPO that a restore really has.
    """

    name: str
    lag_s: float | None
    copy_age_s: float | None
    copy_kind: str
    worst_copy_age_s: float | None = None


@dataclass(frozen=True)
class Readiness:
    """Whether a failover of a zone would work now. `looked_at` counts the readings."""

    zone: str
    region: str
    at: datetime
    looked_at: int
    findings: tuple[Finding, ...]
    databases: tuple[DatabaseState, ...] = ()
    directions: tuple[Direction, ...] = ()
    drilled_at: datetime | None = None

    @property
    def ready(self) -> bool:
        """Say whether nothing blocks."""
        return not self.having(Severity.BLOCKS)

    def having(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(one for one in self.findings if one.severity is severity)


def judge(picture: Picture) -> Readiness:
    """Return the readiness that a picture shows."""
    order = list(Severity)
    drill = picture.target.drill.value
    findings = [finding for rule in RULES for finding in rule(picture)]
    return Readiness(
        zone=picture.manifest.zone,
        region=picture.standby_site.region,
        at=picture.now,
        looked_at=sum(1 for _ in picture.readings()),
        findings=tuple(sorted(findings, key=lambda one: order.index(one.severity))),
        databases=tuple(_state(picture, database) for database in picture.manifest.databases),
        directions=reversal(picture, findings),
        drilled_at=None if drill is None else drill.at,
    )


def _state(picture: Picture, database: Database) -> DatabaseState:
    copy = copies.newest_usable(picture, database)
    lag_s = replication.lag_s(picture, database)
    if copy is None or copy.newest is None:
        return DatabaseState(database.name, lag_s, None, "")
    age_s = (picture.now - copy.newest).total_seconds()
    worst = real_rpo.worst_age(picture, database)
    worst_s = None if worst is None else worst.total_seconds()
    return DatabaseState(database.name, lag_s, age_s, copy.kind, worst_s)
