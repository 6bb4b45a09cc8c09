"""What a recovery will do, before anything runs: a graph of steps with estimates.

`failover.region_loss` builds one, `failover.decide` hands it to the engine, people approve its
hash. Pure.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from continuity.wording import seconds_text
from failover.fallback import heads
from failover.step import Step


@dataclass(frozen=True)
class Path:
    """The chain of steps that nothing can shorten by working in parallel."""

    steps: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Plan:
    """Steps in an order in which every need comes first. `inputs` identifies what it rests on.

    `planned` says that both sites are well: it may ask the serving one for what it must not ask in
    a disaster.
    """

    name: str
    zone: str
    inputs: str
    detect_s: float
    steps: tuple[Step, ...]
    planned: bool = False

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for step in self.steps:
            missing = sorted((step.needs | _before(step)) - seen)
            if missing:
                raise ValueError(f"{step.name} needs {', '.join(missing)}, which come later")
            seen.add(step.name)

    @cached_property
    def hash(self) -> str:
        """Return what approvals name: everything that is done and to what, no estimates."""
        body = {
            "name": self.name,
            "zone": self.zone,
            "inputs": self.inputs,
            "steps": [
                [s.name, s.what, sorted(s.needs), s.irreversible, s.instead_of] for s in self.steps
            ],
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def rows(self) -> Mapping[str, str]:
        """Return which steps stand in for each other: each with the first one of its row."""
        return heads(self.steps)

    @property
    def approved(self) -> bool:
        """Say whether anything in it waits for approval."""
        return any(step.irreversible or step.gated for step in self.steps)

    @property
    def predicted_rto_s(self) -> float:
        """Return the expected time from the first failing reading to an open site."""
        return self.detect_s + self.critical_path().seconds

    def critical_path(
        self, seconds: Mapping[str, float] | None = None, failed: Collection[str] = ()
    ) -> Path:
        """Return the longest chain by the estimates, or by measured durations per step.

        A step that stands in for another counts only once that one is among the `failed`, and then
        it counts instead of it.
        """
        measured = seconds or {}
        longest: dict[str, Path] = {}
        for step in self.steps:
            if step.instead_of is not None and step.instead_of not in failed:
                continue
            own = measured.get(step.name, step.estimate.seconds)
            before = max(
                (longest[need] for need in sorted(step.needs)),
                key=lambda path: path.seconds,
                default=Path((), 0.0),
            )
            path = Path((*before.steps, step.name), before.seconds + own)
            longest[self.rows.get(step.name, step.name)] = path
        return max(longest.values(), key=lambda path: path.seconds, default=Path((), 0.0))

    def table(self) -> str:
        """Return the plan as people read it: one line a step, then the critical path.

        `*` is on that path, `|` is done only if what stands above it for the database gives up.
        """
        path = self.critical_path()
        width = max((len(step.name) for step in self.steps), default=0)
        lines = [f"{self.zone}: {self.name}, plan {self.hash}"]
        lines += [_line(step, width, critical=step.name in path.steps) for step in self.steps]
        lines.append(f"critical path: {' > '.join(path.steps)}")
        lines.append(f"predicted recovery time: {seconds_text(self.predicted_rto_s)}")
        return "\n".join(lines)


def _before(step: Step) -> frozenset[str]:
    return frozenset() if step.instead_of is None else frozenset({step.instead_of})


def _line(step: Step, width: int, *, critical: bool) -> str:
    mark = "*" if critical else " "
    mark = mark if step.instead_of is None else "|"
    nature = "cannot be undone" if step.irreversible else "reversible"
    return (
        f"{mark} {step.name:<{width}}  {step.estimate.seconds:>5.0f} s  "
        f"{step.site:<4}  {nature:<16}  {step.what}"
    )
