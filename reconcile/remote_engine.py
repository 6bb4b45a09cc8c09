"""The engine of a served world as `reconcile.engine` calls one: a `pulumi` that is no program here.

`cli.reconcile_command` takes it where `HOLDFAST_SIMULATOR` is set: there the machine's own Pulumi
CLI must never be asked, whose state is that of the real zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from continuity.errors import TemporaryError
from simulator.remote import ask

if TYPE_CHECKING:
    from pulumi.automation import CommandResult

_TIMEOUT_S = 120.0
"""A deployment runs the whole program; meanwhile the world has no time for anybody else."""


@dataclass(frozen=True)
class RemoteEngine:
    """The engine of one zone at `host:port`."""

    host: str
    port: int
    zone: str

    def run(self, args: list[str], cwd: str, additional_env: Mapping[str, str]) -> "CommandResult":
        """Let the served world run one command; where it fails, raise as the Automation API does.

        Raises:
            CommandError: the command failed.
            TemporaryError: the simulator does not answer.
        """
        from pulumi.automation import CommandResult
        from pulumi.automation.errors import create_command_error

        del cwd, additional_env  # the world runs the program of the project that it was started in
        asked = {"zone": self.zone, "arguments": args}
        told = ask((self.host, self.port), "/_simulator/pulumi", asked, _TIMEOUT_S)
        if "error" in told:
            raise TemporaryError(f"The simulator runs no pulumi command: {told['error']}.")
        result = CommandResult(told["stdout"], told["stderr"], told["code"])
        if result.code:
            raise create_command_error(result)
        return result
