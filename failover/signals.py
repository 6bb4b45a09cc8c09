"""What clients get from the serving site and what AWS says of it: the signals, two by two. Pure.

`failover.diagnose` judges by them, `failover.rounds` decides by them what to look at next. A
reading that is missing speaks against nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from continuity.manifest import Database, Manifest
from failover import releases
from failover.evidence import Suspicion
from failover.observation import Observation, Service

HOSTING, RELEASE = "hosting down", "bad release"

IN_SERVICE = frozenset(
    {
        "available",
        "backing-up",
        "configuring-enhanced-monitoring",
        "configuring-iam-database-auth",
        "configuring-log-exports",
        "maintenance",
        "modifying",
        "resetting-master-credentials",
        "storage-config-upgrade",
        "storage-initialization",
        "storage-optimization",
    }
)
"""Statuses in which RDS itself calls an instance fit to serve (RDS user guide, "Viewing DB
instance status"). In any other one a client's failing write is no accident of the client."""

LASTING = frozenset(
    {
        "deleting",
        "failed",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "restore-error",
        "stopped",
        "stopping",
        "storage-full",
    }
)
"""Statuses that no waiting ends: worth telling even while clients can still write."""


@dataclass(frozen=True)
class Doubt:
    """What AWS and clients say against one primary; an empty text says nothing against it."""

    database: Database
    aws: str
    clients: str

    @property
    def both(self) -> bool:
        """Say whether the two signals agree."""
        return bool(self.aws and self.clients)

    def __str__(self) -> str:
        said = [self.aws and f"RDS says that it {self.aws}", self.clients and self._writes]
        return f"{self.database.name}: {', '.join(one for one in said if one)}"

    @property
    def _writes(self) -> str:
        return f"clients cannot write ({self.clients})"


def ordered(manifest: Manifest) -> list[Database]:
    """Return the databases, the most important ones first."""
    return sorted(manifest.databases, key=lambda each: (each.priority, each.name))


def doubts(seen: Observation) -> tuple[Doubt, ...]:
    """Return every primary against which anything speaks, the most important first."""
    return tuple(_doubts(seen))


def _doubts(seen: Observation) -> Iterator[Doubt]:
    asked, writes = seen.serving_instances.value or {}, seen.writes.value or {}
    silent = seen.serving.value is False
    for database in ordered(seen.manifest):
        identifier = database.members[seen.manifest.active].identifier
        aws = _aws(asked, identifier)
        written = writes.get(database.name)
        clients = "the platform does not answer" if silent else ""
        if written is not None:
            clients = "" if written.ok else written.reason or "no reason given"
        passing = written is not None and written.ok and aws not in _LASTING_WORDS
        if (aws and not passing) or (clients and not silent):
            yield Doubt(database, aws, clients)


def _aws(asked: object, identifier: str) -> str:
    """Say what RDS says against an instance that was asked for."""
    if not isinstance(asked, dict) or identifier not in asked:
        return ""
    instance = asked[identifier]
    if instance is None:
        return "does not exist"
    return "" if instance.status in IN_SERVICE else f"is {instance.status}"


_LASTING_WORDS = frozenset({"does not exist", *(f"is {status}" for status in LASTING)})


def cause(seen: Observation) -> str:
    """Return what ECS says about a platform that is silent; empty where it says nothing bad."""
    service = seen.serving_hosting.value
    if seen.serving.value is not False or service is None:
        return ""
    if releases.at_fault(service, seen.now) and _has_culprit(seen, service):
        return RELEASE
    return HOSTING if service.running == 0 else ""


def _has_culprit(seen: Observation, service: Service) -> bool:
    """Without an earlier release a failing task is no release's fault, unless ECS says so."""
    tripped = service.primary is not None and service.primary.rollout == "FAILED"
    return tripped or bool(releases.last_good(seen))


def suspicion(seen: Observation) -> Suspicion:
    """Return against what both signals speak in this picture."""
    if seen.serving.value is not True and seen.serving_region.value is not True:
        return Suspicion(region=True)
    named = tuple(doubt.database.name for doubt in doubts(seen) if doubt.both)
    return Suspicion(databases=named, cause=cause(seen))
