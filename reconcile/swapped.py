"""Names that a restore swapped without a run (`backup.restore_swap`): the program is not told.

`reconcile.look` finds them, `cli.reconcile_text` shows what the engine's state must be told. It is
shown and not done: which replica follows the new instance is the declarer's to say.
"""

from collections.abc import Iterable, Mapping

from continuity import naming
from continuity.agreement import INSTANCE
from continuity.manifest import Manifest
from failover.observation import Instance
from failover.surroundings import Surroundings
from reconcile.operations import Import, Operation, Rename, Unprotect
from reconcile.urns import Urns

_BEFORE = "before-restore"


def look(around: Surroundings) -> Mapping[str, Instance]:
    """Return the instances that took a database's name in the serving site, by database.

    The mark of their restore goes with the first deployment that knows them.

    Raises:
        HoldfastError: the serving site does not answer.
    """
    manifest = around.manifest
    named = {one.name: one.members[manifest.active].identifier for one in manifest.databases}
    found = around.sight.serving_instances(tuple(named.values()))
    return {
        name: found[identifier]
        for name, identifier in named.items()
        if identifier in found and naming.restored_without_run(found[identifier].restored_by)
    }


def operations(swaps: Mapping[str, Instance], manifest: Manifest) -> tuple[Operation, ...]:
    """Return what the engine's state must be told, in order. Pure."""
    return tuple(one for name in sorted(swaps) for one in _of(name, swaps[name], manifest))


def _of(database: str, instance: Instance, manifest: Manifest) -> Iterable[Operation]:
    urns, active = Urns(manifest.zone), manifest.active
    [declared] = [
        one.members[active].identifier for one in manifest.databases if one.name == database
    ]
    aside = naming.aside(declared, _BEFORE)
    why = f"what was {declared} before a restore took its name"
    yield Rename(urns.instance(database, declared), aside, why, unless=instance.resource)
    yield Unprotect(urns.instance(database, aside), why)
    yield Import(
        INSTANCE,
        declared,
        declared,
        manifest.serving_site.region,
        urns.database(database),
        protect=True,
        why=f"{database} as a restore left it: {instance.resource}",
    )
