"""What a run that ended half way left in AWS, where its journal only says that it was about to.

An abort stops a run before its next effect; what RDS was asked for by then goes on.
`reconcile.look` asks once the run is over, for those databases only.
"""

from collections.abc import Mapping

from continuity import naming
from continuity.errors import TemporaryError
from continuity.manifest import Database, Manifest
from failover.case import SourceKind
from failover.fallback import source_name
from failover.observation import Instance
from failover.ports import Sight
from failover.run import Run
from failover.statuses import TERMINAL, WRITABLE
from failover.whereabouts import Place, identifier, places

_AGAIN_S = 120.0


def observed(run: Run, manifest: Manifest, sight: Sight) -> Mapping[str, Place]:
    """Return the databases that are back although the journal does not say so, by name.

    Raises:
        TemporaryError: RDS is still at it.
        HoldfastError: the healthy site does not answer.
    """
    known = places(run)
    begun = [one for one in manifest.databases if one.name not in known and _begun(run, one)]
    if not begun:
        return {}
    named = {one.name: identifier(run, one.name, _declared(manifest, one)) for one in begun}
    seen = sight.instances(tuple(named.values()))
    found = {
        one.name: _place(run, one, _declared(manifest, one), seen[named[one.name]], named[one.name])
        for one in begun
        if named[one.name] in seen
    }
    return {name: place for name, place in found.items() if place is not None}


def _begun(run: Run, database: Database) -> bool:
    return any(source_name(database.name, kind) in run.intents for kind in SourceKind)


def _declared(manifest: Manifest, database: Database) -> str:
    return database.members[manifest.standby].identifier


def _place(
    run: Run, database: Database, declared: str, instance: Instance, found: str
) -> Place | None:
    """Return what the run restored or promoted; nothing where it is as it was."""
    if instance.status not in WRITABLE | TERMINAL:
        raise TemporaryError(
            f"{found} is still {instance.status}: what {run.name} asked for is not over. Repeat "
            "this in a few minutes.",
            _AGAIN_S,
        )
    beside = declared if naming.is_beside(found, declared) else ""
    restored = instance.restored_by.startswith(f"{run.name}/")
    if not restored and instance.source is not None:
        return None
    source = SourceKind.SNAPSHOT if restored else SourceKind.REPLICA
    return Place(database.name, found, instance.resource, instance.address, source, beside)
