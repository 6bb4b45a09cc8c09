"""What the engine's state must be told after a run, as an ordered list of exact commands. Pure.

`reconcile.plan` makes it; `reconcile.engine` runs it with the CLI, `reconcile.simulated` does the
same to a simulated state. Nothing here touches the region that was left: renaming and unprotecting
change the state alone, refreshing and importing read single resources of the other region.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from continuity import naming
from continuity.agreement import INSTANCE
from continuity.manifest import Manifest
from failover.case import SourceKind
from failover.whereabouts import Place
from reconcile.decision import Decision
from reconcile.urns import Urns

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


@dataclass(frozen=True)
class Rename:
    """Give a resource of the state another name, so that the program's name is free.

    `unless` is the id that the resource has once this is done and another one was imported.
    """

    urn: str
    name: str
    why: str
    unless: str = ""

    def arguments(self, stack: str) -> tuple[str, ...]:
        """Return what `pulumi` is called with."""
        return ("state", "rename", self.urn, self.name, "--stack", stack, "--yes")


@dataclass(frozen=True)
class Unprotect:
    """Let a resource leave the program: protection beats `retainOnDelete`, which keeps it."""

    urn: str
    why: str

    def arguments(self, stack: str) -> tuple[str, ...]:
        """Return what `pulumi` is called with."""
        return ("state", "unprotect", self.urn, "--stack", stack, "--yes")


@dataclass(frozen=True)
class Refresh:
    """Read some resources from AWS into the state, and nothing else."""

    targets: tuple[str, ...]
    why: str

    def arguments(self, stack: str) -> tuple[str, ...]:
        """Return what `pulumi` is called with."""
        targets = [part for urn in self.targets for part in ("--target", urn)]
        return ("refresh", "--stack", stack, "--yes", "--skip-preview", *targets)


@dataclass(frozen=True)
class Import:
    """Take something into the state that is in AWS and not in the state: `identity` names it there.

    `parent` is the URN of its component. With `@` the provider is told the region.
    """

    type: str
    name: str
    identity: str
    region: str
    parent: str
    protect: bool
    why: str

    @property
    def urn(self) -> str:
        """Return what it is called in the state."""
        return Urns.below(self.parent, self.type, self.name)

    def arguments(self, stack: str) -> tuple[str, ...]:
        """Return what `pulumi` is called with."""
        named = (self.type, self.name, f"{self.identity}@{self.region}")
        how = (f"--protect={str(self.protect).lower()}", "--generate-code=false", "--skip-preview")
        parent = ("--parent", f"parent={self.parent}")
        return ("import", *named, *parent, "--stack", stack, *how, "--yes")


Operation = Rename | Unprotect | Refresh | Import


def operations(decision: Decision, manifest: Manifest) -> tuple[Operation, ...]:
    """Return what the state must be told, in order; nothing where nothing changed hands."""
    if not decision.moved and not decision.places:
        return ()
    urns = Urns(manifest.zone)
    taken = manifest.standby
    found: list[Operation] = []
    for database in manifest.databases:
        place = decision.places.get(database.name)
        declared = database.members[taken].identifier
        if place is not None:
            found += _freed(urns, decision, place, declared)
    if decision.moved:
        found += _dropped(urns, manifest)
    found.append(_refreshed(urns, decision, manifest))
    if decision.moved:
        for place in decision.places.values():
            found += _imported(urns, place, manifest)
    return tuple(found)


def _freed(urns: Urns, decision: Decision, place: Place, declared: str) -> Iterable[Operation]:
    """Let go of what the program called by a database's name and is not that database any more."""
    old = urns.instance(place.database, declared)
    if not decision.moved:
        yield Unprotect(old, f"{place.identifier} was brought back for nothing")
    elif place.beside:
        yield Unprotect(old, f"{place.database} is {place.identifier} now, not {declared}")
    elif place.source is not SourceKind.REPLICA:
        aside = naming.aside(declared, decision.run)
        why = f"what was {declared} before {place.database} was restored under its name"
        yield Rename(old, aside, why, unless=place.resource)
        yield Unprotect(urns.instance(place.database, aside), why)


def _dropped(urns: Urns, manifest: Manifest) -> Iterable[Operation]:
    for database in manifest.databases:
        old = database.members[manifest.active].identifier
        why = f"the old primary of {database.name}: it stays in AWS"
        yield Unprotect(urns.instance(database.name, old), why)


def _refreshed(urns: Urns, decision: Decision, manifest: Manifest) -> Refresh:
    """Read what the run changed and the state knows under the same name."""
    taken = manifest.standby
    promoted = [
        urns.instance(place.database, place.identifier)
        for place in decision.places.values()
        if decision.moved and place.source is SourceKind.REPLICA
    ]
    return Refresh(
        (*promoted, *urns.scaling(taken)),
        f"{manifest.sites[taken].region} only: what the run changed there",
    )


def _imported(urns: Urns, place: Place, manifest: Manifest) -> Iterable[Operation]:
    if place.source is SourceKind.REPLICA:
        return
    region = manifest.standby_site.region
    yield Import(
        INSTANCE,
        place.identifier,
        place.identifier,
        region,
        urns.database(place.database),
        protect=True,
        why=f"{place.database} as it was restored from its {place.source}: {place.resource}",
    )
    if place.beside:
        group = f"/aws/rds/instance/{place.identifier}/postgresql"
        yield Import(
            LOG_GROUP,
            urns.log_group_name(manifest.standby, group),
            group,
            region,
            urns.log_groups(manifest.standby),
            protect=False,
            why=f"RDS made the log group of {place.identifier} with the instance",
        )
