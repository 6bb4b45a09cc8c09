"""Files that cannot be a project's: one clear error each, and no traceback."""

from pathlib import Path

import pytest

from continuity.errors import InvalidInput
from simulator.guard import NetworkBlocked
from simulator.program import ProgramFailed, run_program
from simulator.project import stack_config

PROJECT = "name: holdfast\nstackConfigDir: stacks\nruntime: python\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks/Pulumi.we1.yaml").write_text("config: {}\n")
    return tmp_path


def _told(folder: Path) -> str:
    with pytest.raises(InvalidInput) as error:
        stack_config(folder, "we1")
    return str(error.value)


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / "stacks/Pulumi.we1.yaml").write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8 text" in _told(folder)


def test_a_folder_in_place_of_a_file_is_told(folder: Path) -> None:
    (folder / "stacks/Pulumi.we1.yaml").unlink()
    (folder / "stacks/Pulumi.we1.yaml").mkdir()
    assert "cannot be read: Is a directory" in _told(folder)


def test_a_key_that_is_given_twice_is_told_with_its_line(folder: Path) -> None:
    (folder / "stacks/Pulumi.we1.yaml").write_text("config:\n  a: 1\n  a: 2\n")
    told = _told(folder)
    assert "the key 'a' is given twice" in told
    assert "line 2" in told


def test_a_program_that_leaves_is_an_error_and_no_exit(folder: Path) -> None:
    (folder / "__main__.py").write_text("import sys\nsys.exit(3)\n")
    with pytest.raises(ProgramFailed, match=r"sys\.exit\(3\)"):
        run_program(folder, "we1", preview=True)


def test_what_a_program_prints_does_not_mix_with_our_answer(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "__main__.py").write_text("print('hello')\n")
    run_program(folder, "we1", preview=True)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "hello\n")


def test_a_program_that_would_leave_the_machine_is_stopped_in_preview(folder: Path) -> None:
    leaving = "import socket\nwith socket.socket() as s:\n    s.connect(('192.0.2.1', 80))\n"
    (folder / "__main__.py").write_text(leaving)
    with pytest.raises(NetworkBlocked, match=r"192\.0\.2\.1"):
        run_program(folder, "we1", preview=True)
