"""The engine's commands over a simulated state: what `pulumi` would do, as it is called.

`reconcile.simulated` tells a state through it, and a served world (`simulator.serving.hosted`) lets
`holdfast reconcile --apply` work as beside the real CLI. Options that only decide what is asked or
shown are accepted as the CLI accepts them. Every other word is refused: a command that the real
CLI would read differently must not pass here.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from continuity.errors import PermanentError
from continuity.manifest import Manifest
from simulator import refreshing
from simulator.content import Content
from simulator.deployment import deploy
from simulator.monitor import urn_below
from simulator.preview_digest import digest
from simulator.program import ProgramFailed, run_program
from simulator.refreshing import Wanted
from simulator.state import StackState
from simulator.world import World


class _Parser(argparse.ArgumentParser):
    """Raises where argparse would leave the process."""

    def error(self, message: str) -> NoReturn:
        raise PermanentError(f"error: {message}")


@dataclass
class Engine:
    """One zone's stack in a world: its program, its state, and what the last run exported."""

    world: World
    project: Path
    zone: str
    state: StackState
    manifest: Manifest | None = None

    def run(self, arguments: Sequence[str]) -> str:
        """Run one command, given as `pulumi` is, and return what it prints.

        Raises:
            PermanentError: as the CLI refuses it; or the command is none that is known here.
            InvalidInput: the program refuses its settings.
        """
        found = _PARSER.parse_args(list(arguments))
        if found.stack != self.zone:
            raise PermanentError(f"error: no stack named '{found.stack}' found")
        act: Callable[[Engine, argparse.Namespace], str] = found.act
        with self.world.instantly():
            return act(self, found)

    def export(self, _: argparse.Namespace) -> str:
        """Print the state in the form of `pulumi stack export`, as far as anybody reads it."""
        resources = [
            {"urn": one.urn, "id": one.id, "protect": one.options.protect, "type": one.type}
            for one in self.state.resources
        ]
        doomed = [{"urn": one.urn, "id": one.id, "delete": True} for one in self.state.doomed]
        return json.dumps({"version": 3, "deployment": {"resources": [*resources, *doomed]}})

    def refresh(self, said: argparse.Namespace) -> str:
        """Read the targets, or everything, from AWS."""
        self.state = refreshing.refresh(self.state, said.target)
        return ""

    def rename(self, said: argparse.Namespace) -> str:
        """Give a resource of the state another name."""
        self.state = refreshing.rename(self.state, said.urn, said.name)
        return ""

    def unprotect(self, said: argparse.Namespace) -> str:
        """Clear the mark that keeps a resource in the program."""
        self.state = refreshing.unprotect(self.state, said.urn)
        return ""

    def take_in(self, said: argparse.Namespace) -> str:
        """Import what exists."""
        identity, _, region = said.identity.partition("@")
        wanted = Wanted(
            urn=urn_below(said.parent, said.type, said.name),
            type=said.type,
            name=said.name,
            parent=said.parent,
            identity=identity,
            region=region,
            protect=said.protect,
        )
        self.state = refreshing.import_resource(self.state, wanted)
        return ""

    def preview(self, _: argparse.Namespace) -> str:
        """Print what the program would do, as `pulumi preview --json` does."""
        outcome = run_program(self.project, self.zone, state=self.state, preview=True)
        return digest(outcome, self.state)

    def up(self, _: argparse.Namespace) -> str:
        """Let the program happen; where it fails half way, what it made is known."""
        try:
            self.manifest, self.state = deploy(self.world, self.zone, self.project, self.state)
        except ProgramFailed as error:
            self.state = error.state
            raise
        Content.of(self.world).look()  # what was built anew follows its source from now on
        return ""


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return text == "true"


def _parent(text: str) -> str:
    name, _, urn = text.partition("=")
    if name != "parent" or not urn:
        raise argparse.ArgumentTypeError(f"{text!r} is not parent=URN")
    return urn


Rows = Mapping[str, Mapping[str, Any]]
_URN: Rows = {"urn": {}}
_YES: Rows = {"--yes": {"action": "store_true", "required": True}}
_QUIET: Rows = {**_YES, "--skip-preview": {"action": "store_true", "required": True}}
_TAKEN: Rows = {
    "type": {},
    "name": {},
    "identity": {},
    "--parent": {"type": _parent, "required": True},
    "--protect": {"type": _yes_or_no, "default": True},
    "--generate-code": {"type": _yes_or_no, "choices": [False], "required": True},
}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="pulumi", add_help=False, allow_abbrev=False)
    verbs = parser.add_subparsers(required=True, dest="verb")
    stack = verbs.add_parser("stack", add_help=False).add_subparsers(required=True, dest="noun")
    state = verbs.add_parser("state", add_help=False).add_subparsers(required=True, dest="noun")
    targets: Rows = {"--target": {"action": "append"}}
    proof: Rows = {"--json": {"action": "store_true", "required": True}}
    for group, verb, rows, act in (
        (stack, "export", {}, Engine.export),
        (verbs, "refresh", {**_QUIET, **targets}, Engine.refresh),
        (state, "rename", {**_URN, "name": {}, **_YES}, Engine.rename),
        (state, "unprotect", {**_URN, **_YES}, Engine.unprotect),
        (verbs, "import", {**_TAKEN, **_QUIET}, Engine.take_in),
        (verbs, "preview", proof, Engine.preview),
        (verbs, "up", _QUIET, Engine.up),
    ):
        command = group.add_parser(verb, add_help=False, allow_abbrev=False)
        command.add_argument("--stack", required=True)
        for name, options in rows.items():
            command.add_argument(name, **options)
        command.set_defaults(act=act)
    return parser


_PARSER = _parser()
