"""What a planned move waits for beside its own looks: readiness, holds and incidents.

`cli.failover_planned` asks before the order is given; the engine asks `failover.planned_gate` again
itself. What the asker's role may not read is told and left to `holdfast check`: the failover role
sees less than the readiness role does. Rules are pure, `look` asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backup import standing
from backup.hold_rules import Standing
from cloud.door import Cloud
from continuity import naming
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover import planned
from failover.readiness.finding import Severity
from failover.readiness.judge import Readiness, judge
from failover.readiness.look import take
from failover.run import Run
from incident import book
from incident.record import Incident

UNREAD = "unreadable"


@dataclass(frozen=True)
class Against:
    """What stands against a planned move, each with how to lift it, and what could not be read."""

    objections: tuple[str, ...]
    unread: tuple[str, ...]


def look(cloud: Cloud, manifest: Manifest, last: Run | None) -> Against:
    """Ask both sites everything.

    Raises:
        HoldfastError: the record of incidents cannot be read at all.
    """
    shelf = book.of_zone(cloud, manifest).read()
    readiness = judge(take(cloud, manifest))
    found = (
        *of_run(last),
        *of_incidents(shelf.known),
        *of_holds(manifest.zone, manifest.standby, standing.read(cloud, manifest), last),
        *of_readiness(readiness),
    )
    unread = tuple(f"{one.subject}: {one.what}" for one in readiness.findings if one.name == UNREAD)
    silent = tuple(f"incidents of {site}: {error}" for site, error in shelf.unread.items())
    return Against(found, (*unread, *silent))


def of_run(run: Run | None) -> tuple[str, ...]:
    """Return that another run goes on."""
    if run is None or run.end is not None or not run.entries:
        return ()
    return (f"{run.name} goes on. Let it end, or abort it.",)


def of_incidents(known: Sequence[Incident]) -> tuple[str, ...]:
    """Return each incident that is not closed: what is wrong is not carried to another site."""
    return tuple(
        f"Incident {one.id} is open. Close it first: `holdfast incident close`."
        for one in known
        if one.open
    )


def of_holds(zone: str, site: SiteName, held: Standing, last: Run | None) -> tuple[str, ...]:
    """Return each hold that placed itself and is still on: the zone is not whole again by its rule.

    What a person holds is only kept longer, and stands against nothing; nor does the hold of a
    planned move that did not come about. `site` is where the last run was kept.
    """
    alone = last is not None and planned.left_alone(last)
    harmless = naming.run_in(last.name, site) if last is not None and alone else ""
    return tuple(
        f"{one.identifier} holds the recovery points ({one.reason}): what it waits for is "
        f"not back. `holdfast backup release {zone} {one.identifier}` says what."
        for one in held.holds
        if one.automatic and one.identifier != harmless
    )


def of_readiness(readiness: Readiness) -> tuple[str, ...]:
    """Return each finding that blocks; what could not be read is told apart."""
    found = (one for one in readiness.having(Severity.BLOCKS) if one.name != UNREAD)
    return tuple(f"{one.subject}: {one.what} {one.next_step}" for one in found)
