"""Which instance each database of a run is, and where it answers: what the journal knows. Pure.

A database usually comes back under the manifest's name. Where that name cannot be freed it is
restored beside it (`failover.steps.restore`); then everything that looks at the database must look
there, and the tasks must be told (`failover.steps.point`). `failover.history` and whoever
reconciles the zone afterwards read `places`: a restored instance is another resource to a program.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from continuity.journal import Entry, Fact
from continuity.manifest import Manifest
from failover.case import SourceKind
from failover.fallback import BESIDE, begun_source, source_step
from failover.observation import Instance
from failover.run import Run

IDENTIFIER, RESOURCE, ADDRESS = "identifier", "resource", "address"
"""What an intent says of the instance that it makes, and a settled step of the one it made."""


@dataclass(frozen=True)
class Place:
    """The instance that a database is after a run.

    `resource` is what AWS calls it for good, `beside` the instance that kept the manifest's name;
    empty where the journal does not say, and where none did. `source` is what it came back from.
    """

    database: str
    identifier: str
    resource: str
    address: str
    source: SourceKind
    beside: str = ""


def facts(identifier: str, made: Instance | None, beside: str = "") -> Mapping[str, Fact]:
    """Return what a step that brought a database back records of its instance."""
    return {
        IDENTIFIER: identifier,
        BESIDE: beside,
        RESOURCE: "" if made is None else made.resource,
        ADDRESS: "" if made is None else made.address,
    }


def places(run: Run) -> Mapping[str, Place]:
    """Return the place of each database that is back, by name."""
    steps = {entry.data.get("database") for found in run.intents.values() for entry in [found]}
    found = (_place(run, str(name)) for name in sorted(map(str, steps - {None})))
    return {place.database: place for place in found if place is not None}


def _place(run: Run, database: str) -> Place | None:
    back = source_step(run, database)
    if back is None:
        return None
    step, source = back
    said = run.done[step].data
    return Place(
        database=database,
        identifier=str(said.get(IDENTIFIER, "")),
        resource=str(said.get(RESOURCE, "")),
        address=str(said.get(ADDRESS, "")),
        source=source,
        beside=str(said.get(BESIDE, "")),
    )


def reconciled(run: Run, manifest: Manifest) -> bool:
    """Say whether the manifest is of a deployment after the run.

    What the run brought back stood by before it, and does not stand by in this manifest: the zone
    was built anew since, and perhaps moved back.
    """
    names = {one.members[manifest.standby].identifier for one in manifest.databases}
    back = [{one.identifier, one.beside} for one in places(run).values()]
    return bool(back) and not any(names & one for one in back)


def beside(run: Run, database: str) -> str:
    """Return the name under which a database is restored beside its own; empty while it is not."""
    step = begun_source(run, database)
    decided: Entry | None = None if step is None else run.attempts[step][-1]
    if decided is None or not decided.data.get(BESIDE):
        return ""
    return str(decided.data[IDENTIFIER])


def identifier(run: Run, database: str, named: str) -> str:
    """Return the instance to look at: the one beside, or the one that the manifest named."""
    return beside(run, database) or named


def wanted(run: Run, manifest: Manifest) -> Mapping[str, str]:
    """Return the address that tasks of the standby must be told for each database that is back."""
    known = places(run)
    found: dict[str, str] = {}
    for database in manifest.databases:
        if source_step(run, database.name) is not None:
            place = known.get(database.name)
            apart = place.address if place is not None and place.beside else ""
            found[database.name] = apart or database.members[manifest.standby].address
    return found


def moved(run: Run) -> tuple[str, ...]:
    """Return the databases that are back beside their own name."""
    return tuple(name for name, place in places(run).items() if place.beside)
