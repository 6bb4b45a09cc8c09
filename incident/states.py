"""Where an incident stands, and what may follow. Pure.

`incident.change` asks before it writes. Forward, steps may be left out: what went away by itself
was never contained. Back goes only what was watched and came again. Only what is watched is closed,
and what is closed stays so: what comes again is another incident.
"""

from enum import StrEnum


class State(StrEnum):
    """The plan's procedure: assessed, contained, restored, watched, reviewed."""

    DECLARED = "declared"
    CONTAINED = "contained"  # what is affected is isolated; it gets no worse
    RECOVERING = "recovering"
    MONITORING = "monitoring"  # clients are served again; we watch whether it holds
    CLOSED = "closed"


FOLLOWS: dict[State, frozenset[State]] = {
    State.DECLARED: frozenset({State.CONTAINED, State.RECOVERING, State.MONITORING}),
    State.CONTAINED: frozenset({State.RECOVERING, State.MONITORING}),
    State.RECOVERING: frozenset({State.MONITORING}),
    State.MONITORING: frozenset({State.CONTAINED, State.RECOVERING, State.CLOSED}),
    State.CLOSED: frozenset(),
}

ORDER = tuple(State)


def follows(state: State, wanted: State) -> bool:
    """Say whether an incident may go from one state to another."""
    return wanted in FOLLOWS[state]


def objection(state: State, wanted: State) -> str | None:
    """Return why an incident may not go from one state to another; None where it may."""
    if follows(state, wanted):
        return None
    if state is State.CLOSED:
        return "it is closed; what comes again is another incident"
    known = ", ".join(one for one in ORDER if one in FOLLOWS[state] and one is not State.CLOSED)
    if wanted is State.CLOSED:
        return f"it is {state}, and only what was watched is closed: move it to monitoring first"
    return f"it is {state}; from there it goes to {known}"


def ahead(state: State, wanted: State) -> bool:
    """Say whether a state lies before an incident, so that a machine may move it there."""
    return ORDER.index(wanted) > ORDER.index(state) and follows(state, wanted)
