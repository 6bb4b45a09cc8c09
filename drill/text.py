"""The verdict for people: what came back, how fast, what was lost, and where the time went.

`cli.drill_command` prints one for each zone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from continuity.wording import seconds_text
from drill.reading import CUSTOMERS
from drill.verdict import DatabaseVerdict, Measure, Verdict

_LABEL = 16


def as_text(verdict: Verdict) -> str:
    """Return the verdict as lines, ending with a newline."""
    story = f"{verdict.title} ({verdict.scenario}, seed {verdict.seed})"
    lines = [
        f"{verdict.zone}  {verdict.outcome.upper()}  {story}",
        *_row("recovery time", [_measure(verdict.rto)]),
        *_row("data loss", [_measure(verdict.rpo)]),
        *_row("floor", _floor(verdict)),
        *_row("phases", [_phases(verdict)]),
        *_row("databases", _databases(verdict.databases)),
        *_row("calls", [_calls(verdict)]),
        *_row("people read", _read(verdict)),
        *_row("violations", verdict.violations or ("none",)),
        *_row("not as expected", verdict.unmet),
    ]
    return "\n".join(lines) + "\n"


def _row(label: str, values: Iterable[str]) -> list[str]:
    """Return one line for each value; only the first carries the label."""
    labels = [label]
    return [f"  {labels.pop() if labels else '':<{_LABEL}} {value}".rstrip() for value in values]


def _measure(measure: Measure) -> str:
    kept = "met" if measure.met else "MISSED"
    return (
        f"objective {seconds_text(measure.objective_s)}, "
        f"measured {seconds_text(measure.measured_s)}: {kept}"
    )


def _floor(verdict: Verdict) -> list[str]:
    floor = verdict.floor_s
    return [f"{seconds_text(floor)} is what AWS alone needed"] if floor else []


def _phases(verdict: Verdict) -> str:
    named = (f"{phase.name} {seconds_text(phase.seconds)}" for phase in verdict.phases)
    return ", ".join(named) or "none: nothing was started"


def _databases(databases: Iterable[DatabaseVerdict]) -> list[str]:
    rows = [(one.name, came_back(one), _loss(one)) for one in databases]
    first = max((len(name) for name, _, _ in rows), default=0)
    second = max((len(state) for _, state, _ in rows), default=0)
    return [f"{name:<{first}}  {state:<{second}}  {loss}" for name, state, loss in rows]


def came_back(database: DatabaseVerdict) -> str:
    """Return what a database came back from, or how it stands otherwise."""
    if not database.writable:
        return "does not take writes"
    return _FROM.get(database.source or "", "never left")


_FROM = {
    "replica": "from its replica",
    "point-in-time": "from a point in time",
    "snapshot": "from a snapshot",
}


def _loss(database: DatabaseVerdict) -> str:
    lost = f"lost {seconds_text(database.data_loss_s)}"
    if database.claimed_loss_s is None:
        return lost
    return f"{lost} (recorded: {seconds_text(database.claimed_loss_s)})"


def _read(verdict: Verdict) -> Iterator[str]:
    """Return what customers and those on call read, and how much everybody did."""
    read = verdict.facts.read
    for one in read:
        if one.service == CUSTOMERS or one.what == "page":
            after = seconds_text((one.at - verdict.facts.began).total_seconds())
            yield f"{after:<12} {one.service}, {one.state}: {' '.join(one.text.split())}"
    if read:
        counts = Counter(one.service for one in read).items()
        yield f"{len(read)} in all: {', '.join(f'{name} {count}' for name, count in counts)}"


def _calls(verdict: Verdict) -> str:
    total = sum(verdict.api_calls.values())
    most = sorted(verdict.api_calls.items(), key=lambda item: (-item[1], item[0]))[:4]
    named = ", ".join(f"{name} {count}" for name, count in most)
    return f"{total} to AWS; most of them {named}" if named else "none"
