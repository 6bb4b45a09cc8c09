"""The frozen rule: while a run is open on a zone, its stack is not changed.

A failover and `pulumi up` at once would undo each other. Whether a run is open is read by whoever
may speak to AWS (the leases and journals of both sites, by `failover`) and handed in as values: a
policy knows no AWS. Offline `simulator.judging.judged` takes them as `open_runs`; in front of
`pulumi preview --policy-pack policy` the same caller writes `OPEN_RUNS` into the environment of the
CLI, from where `policy.crossguard` reads it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from continuity.errors import InvalidInput
from continuity.reading import Reader

RULE = "frozen-while-a-run-is-open"
SAYS = "Nothing changes a zone's stack while a run moves that zone."
OPEN_RUNS = "HOLDFAST_OPEN_RUNS"
"""JSON: a list of tables with `run`, `zone` and `since`; absent or empty where none is open."""
_CHANGES = frozenset({"create", "update", "replace", "delete", "retain"})


@dataclass(frozen=True)
class OpenRun:
    """A run that has not ended: its name, its zone, and since when, as its journal writes it."""

    run: str
    zone: str
    since: str


def frozen(zone: str, runs: tuple[OpenRun, ...], operations: frozenset[str]) -> Iterator[str]:
    """Yield why a zone's stack must not be changed now, a sentence for each open run.

    `operations` are the kinds that a preview found; with none but `same` nothing would be changed,
    and nothing is refused. Who cannot tell passes `{"update"}`: the cautious reading.
    """
    if not operations & _CHANGES:
        return
    for one in runs:
        if one.zone == zone:
            yield (
                f"The run {one.run} moves {zone} since {one.since}, and what this would change is "
                "what it works on. Wait until it has ended, or abort it with "
                f"`holdfast failover abort {zone}`, then run `holdfast reconcile {zone}`."
            )


def parse(text: str) -> tuple[OpenRun, ...]:
    """Read what `OPEN_RUNS` holds.

    Raises:
        InvalidInput: it is no JSON of that form. Whoever cannot read it must not go on.
    """
    if not text:
        return ()
    try:
        reader = Reader({"runs": json.loads(text)}, OPEN_RUNS)
    except ValueError as error:
        raise InvalidInput(OPEN_RUNS, []) from error
    runs = tuple(
        OpenRun(row.text("run"), row.text("zone"), row.text("since")) for row in reader.rows("runs")
    )
    reader.check(OPEN_RUNS)
    return runs
