"""A run of the program as plain values: what would happen to which resource, with its inputs.

`reconcile.simulated` holds them against `continuity.agreement`, whose rule also reads the engine's
own previews.
"""

from continuity.planned import Doing, Planned
from simulator.program import Outcome
from simulator.state import StackState


def planned(outcome: Outcome, state: StackState) -> tuple[Planned, ...]:
    """Return the plan of a preview over `state`, components left out."""
    wanted = {resource.urn: resource.inputs for resource in outcome.resources}
    before = {resource.urn: resource.inputs for resource in state.resources}
    return tuple(
        Planned(
            Doing(str(change.operation)),
            change.urn,
            before.get(change.urn, {}),
            wanted.get(change.urn, {}),
            change.replacing,
        )
        for change in outcome.changes
        if change.custom
    )
