"""Whether the recovery time can still be promised, and which step breaks it.

`failover.engine` says it when a run is planned, `failover.outlook` before one begins. It holds
nothing back: being late is better than not recovering. Pure.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from continuity.wording import seconds_text
from failover.plan import Plan


@dataclass(frozen=True)
class Lateness:
    """A promise that cannot be kept; seconds since the first failing reading. `step` breaks it."""

    expected_s: float
    allowed_s: float
    step: str
    sentence: str


def lateness(
    plan: Plan,
    passed_s: float,
    allowed_s: float,
    skipped: Collection[str] = (),
    expected: Mapping[str, float] | None = None,
) -> Lateness | None:
    """Return why the objective cannot be kept when so much time has passed; None if it can.

    `skipped` are steps that give way to those that stand in for them; `expected` are the seconds
    of steps that take longer than planned. The step that breaks it is the one of the critical path
    during which the time runs out.
    """
    seconds = {step.name: step.estimate.seconds for step in plan.steps} | dict(expected or {})
    path = plan.critical_path(seconds | dict.fromkeys(skipped, 0.0), skipped)
    expected_s = passed_s + path.seconds
    if expected_s <= allowed_s:
        return None
    step = _breaking(seconds, path.steps, passed_s, allowed_s)
    passed, work = seconds_text(passed_s), seconds_text(path.seconds)
    told = f"TOO LATE: the objective of {seconds_text(allowed_s)} cannot be met, "
    told += f"{seconds_text(expected_s)} are expected: {passed} before anything begins and {work} "
    told += "of work. "
    why = f"{step} breaks it." if passed_s <= allowed_s else "It had passed before that."
    return Lateness(expected_s, allowed_s, step, f"{told}{why} Recover anyway: later is worse.")


def _breaking(
    seconds: Mapping[str, float], path: tuple[str, ...], passed_s: float, allowed_s: float
) -> str:
    for name in path:
        passed_s += seconds[name]
        if passed_s > allowed_s:
            return name
    return path[-1]
