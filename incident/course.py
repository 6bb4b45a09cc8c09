"""How a failover run went beside its plan: values that a review is made of.

`failover.run_course` fills them from a journal, `incident.review_document` puts them into words.
"""

from dataclasses import dataclass

from incident.documents.report import Told

_A_FIFTH, _NOTICEABLE_S = 1.2, 10.0
"""What estimates may miss without anybody learning from it (assumption)."""


@dataclass(frozen=True)
class StepCourse:
    """One step that was done: the seconds that the plan gave it, and those that it took."""

    name: str
    estimated_s: float
    measured_s: float

    @property
    def slower(self) -> bool:
        """Say whether it took so much longer than estimated that one can learn from it."""
        over = self.measured_s - self.estimated_s
        return over > _NOTICEABLE_S and self.measured_s > self.estimated_s * _A_FIFTH


@dataclass(frozen=True)
class Course:
    """One run: how it ended, its steps in order, what was refused and what did not go as planned.

    `objective_s` is the promised recovery time, `recovery_s` the one that was achieved; None where
    the zone is not back.
    """

    run: str
    outcome: str
    objective_s: float
    recovery_s: float | None
    steps: tuple[StepCourse, ...]
    refused: tuple[Told, ...]
    setbacks: tuple[Told, ...]

    @property
    def slower(self) -> tuple[StepCourse, ...]:
        """Return the steps that took longer than the plan said."""
        return tuple(one for one in self.steps if one.slower)
