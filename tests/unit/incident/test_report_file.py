from pathlib import Path

import pytest

from continuity.errors import InvalidInput, PermanentError
from incident.documents.page_file import at
from incident.documents.pages import html, markdown
from incident.documents.report import Report


def test_the_ending_of_the_name_says_what_is_written(report: Report, tmp_path: Path) -> None:
    at(tmp_path / "a.html").write(report)
    at(tmp_path / "a.md").write(report)
    assert (tmp_path / "a.html").read_text("utf-8") == html(report)
    assert (tmp_path / "a.md").read_text("utf-8") == markdown(report)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.md"]


def test_asking_for_a_file_leaves_nothing_behind(tmp_path: Path) -> None:
    at(tmp_path / "a.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.txt", "a", "a.HTML", "a.html.bak"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"--report: .* must end in \.html or \.md"):
        at(tmp_path / name)


def test_a_folder_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"there is no folder .*nowhere; make it first"):
        at(tmp_path / "nowhere" / "a.html")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.html").mkdir()
    with pytest.raises(InvalidInput, match=r"a\.html is there already and is no file"):
        at(tmp_path / "a.html")


def test_a_folder_that_cannot_be_written_to_is_refused() -> None:
    with pytest.raises(InvalidInput, match="/proc/self cannot be written to: "):
        at(Path("/proc/self/a.html"))


def test_a_report_that_cannot_be_written_any_more_spoils_nothing(
    report: Report, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    page = at(folder / "a.html")
    folder.rmdir()
    with pytest.raises(PermanentError, match=r"could not be written to .*a\.html: No such file"):
        page.write(report)


def test_the_old_report_stays_until_the_new_one_is_whole(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = at(tmp_path / "a.html")
    page.path.write_text("the old one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PermanentError, match="No space left on device"):
        page.write(report)
    assert page.path.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
