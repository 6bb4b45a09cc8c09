"""Which state operations are still to be done: doing all of them twice equals once. Pure.

Whoever works on a state (`reconcile.engine`, `reconcile.simulated`) asks before the first one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reconcile.operations import Import, Operation, Refresh, Rename, Unprotect
from reconcile.urns import Urns


@dataclass(frozen=True)
class Known:
    """A resource as the state has it."""

    id: str
    protect: bool


def pending(wanted: Iterable[Operation], state: Mapping[str, Known]) -> tuple[Operation, ...]:
    """Return what is still to be done to `state`, the resources by URN, in order."""
    known = dict(state)
    found: list[Operation] = []
    for one in wanted:
        left = _left(one, known)
        if left is not None:
            found.append(left)
            _follow(left, known)
    return tuple(found)


def _left(one: Operation, known: Mapping[str, Known]) -> Operation | None:
    """Return an operation, or what is left of it."""
    if isinstance(one, Refresh):
        targets = tuple(urn for urn in one.targets if urn in known)
        return replace(one, targets=targets) if targets else None
    if isinstance(one, Rename):
        there = known.get(one.urn)
        free = Urns.renamed(one.urn, one.name) not in known
        return one if there is not None and free and there.id != one.unless else None
    if isinstance(one, Unprotect):
        there = known.get(one.urn)
        return one if there is not None and there.protect else None
    return None if one.urn in known else one


def _follow(one: Operation, known: dict[str, Known]) -> None:
    """Note what the state is once an operation is done."""
    if isinstance(one, Rename):
        known[Urns.renamed(one.urn, one.name)] = known.pop(one.urn)
    elif isinstance(one, Unprotect):
        known[one.urn] = replace(known[one.urn], protect=False)
    elif isinstance(one, Import):
        known[one.urn] = Known(one.identity, one.protect)
