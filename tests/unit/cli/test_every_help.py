"""Every command that is registered can be asked what it does."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from cli.main import app

Command = Any  # typer does not export the class of its commands


def paths(command: Command, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    for name, one in getattr(command, "commands", {}).items():
        yield from paths(one, (*before, name))


COMMANDS = sorted(paths(typer.main.get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_command_says_what_it_does(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    command = typer.main.get_command(app)
    command.main(args=[*path, "--help"], prog_name="holdfast", standalone_mode=False)
    assert "Usage: holdfast" in capsys.readouterr().out


def test_there_are_commands_to_ask() -> None:
    assert len(COMMANDS) > 30
