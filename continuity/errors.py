"""Errors as an operator meets them: a sentence, and what to do next.

    HoldfastError
    |- InvalidInput     config, scenario, flag or file is wrong; every problem with its path
    |- Refusal          we could, but will not; carries how to lift it
    |  `- HeldByAnother   because another run or driver holds the zone
    |- PermanentError   trying again is useless until somebody changes something
    `- TemporaryError   try again after `delay` seconds

`cli` turns them into exit codes; nothing else does.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class HoldfastError(Exception):
    """Anything that Holdfast itself has to say."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, and where: `path` reads like `databases[2].storage_gb`."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class InvalidInput(HoldfastError):
    """Input that cannot be used. Nothing was changed."""

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{subject} cannot be used:\n{lines}")

    def __reduce__(self) -> tuple[type["InvalidInput"], tuple[str, tuple[Problem, ...]]]:
        return type(self), (self.subject, self.problems)


class Refusal(HoldfastError):
    """A deliberate no: `reason` says why, `lift` what makes it a yes."""

    def __init__(self, reason: str, lift: str) -> None:
        self.reason = reason
        self.lift = lift
        super().__init__(f"{reason} {lift}")

    def __reduce__(self) -> tuple[type["Refusal"], tuple[str, str]]:
        return type(self), (self.reason, self.lift)


class HeldByAnother(Refusal):
    """A no because somebody else is at work on the zone right now."""


class PermanentError(HoldfastError):
    """Trying again is useless; the sentence says what has to change first."""


class TemporaryError(HoldfastError):
    """Trying again is right, after `delay` seconds."""

    def __init__(self, sentence: str, delay: float = 5.0) -> None:
        self.delay = delay
        super().__init__(sentence)
