from pathlib import Path

import pytest

from continuity.errors import InvalidInput
from drill import library

TEXT = 'name = "mine"\ntitle = "Mine"\nfault = []\n'


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(TEXT)
    assert library.find(str(tmp_path / "mine.toml")).name == "mine"


def test_a_file_that_is_not_there_is_an_error_of_input(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="FILE: No such file or directory"):
        library.find(str(tmp_path / "none.toml"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(InvalidInput, match="FILE: Is a directory"):
        library.find(str(tmp_path / "folder.toml"))


def test_a_file_that_is_no_text_is_an_error_of_input(tmp_path: Path) -> None:
    (tmp_path / "image.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="is not UTF-8 text"):
        library.find(str(tmp_path / "image.toml"))
