"""A stack of the real engine: its state is told by the Pulumi CLI, and its preview is the proof.

`cli.reconcile_command` asks with --apply. The commands are those that the plan shows, word for
word, run through Pulumi's Automation API (`PulumiCommand`); state and secrets stay with it.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from continuity import pulumi_preview
from continuity.agreement import Live, Unexpected, judge
from continuity.errors import PermanentError
from reconcile.operations import Operation
from reconcile.pending import Known, pending

_QUIETLY = {"PULUMI_SKIP_UPDATE_CHECK": "true"}


class Result(Protocol):
    """What a command printed."""

    @property
    def stdout(self) -> str:
        """Return its standard output."""


class Command(Protocol):
    """The Pulumi CLI, as `pulumi.automation.PulumiCommand` runs it; a failure raises."""

    def run(self, args: list[str], cwd: str, additional_env: Mapping[str, str]) -> Result:
        """Run one command to its end."""


def installed() -> Command | None:
    """Return the machine's Pulumi CLI; None where there is none."""
    if shutil.which("pulumi") is None:
        return None
    from pulumi.automation import PulumiCommand

    return PulumiCommand()


@dataclass(frozen=True)
class EngineStack:
    """A zone's stack as the CLI reaches it from the project's directory."""

    command: Command
    project: Path
    zone: str

    def perform(
        self, wanted: Iterable[Operation], told: Callable[[Operation], None]
    ) -> tuple[Operation, ...]:
        """Do what is still to be done to the state, saying each before it begins.

        Raises:
            PermanentError: the CLI fails; what was done before stays done, and a repeat goes on.
        """
        left = pending(wanted, self._known())
        for one in left:
            told(one)
            self._run(*one.arguments(self.zone))
        return left

    def prove(self, live: Live) -> tuple[Unexpected, ...]:
        """Return what the engine would do now and must not; none is the proof.

        Raises:
            PermanentError: the preview fails, as it does at whatever is protected.
        """
        printed = self._run("preview", "--stack", self.zone, "--json")
        return judge(pulumi_preview.read(printed), live)

    def _known(self) -> Mapping[str, Known]:
        """Read the state; what waits for its deletion there is gone for us."""
        exported = json.loads(self._run("stack", "export", "--stack", self.zone))
        resources = exported["deployment"].get("resources") or []
        return {
            one["urn"]: Known(str(one.get("id", "")), bool(one.get("protect")))
            for one in resources
            if not one.get("delete")
        }

    def _run(self, *arguments: str) -> str:
        from pulumi.automation import CommandError

        try:
            return self.command.run(list(arguments), str(self.project), _QUIETLY).stdout
        except CommandError as error:
            shown = " ".join(one for one in arguments[:2] if not one.startswith("-"))
            raise PermanentError(
                f"pulumi {shown} failed: {' '.join(str(error).split())} Mend that, then repeat "
                f"holdfast reconcile {self.zone} --apply: it goes on where this stopped."
            ) from error
