"""Names: every file says what it is, every test is found, nothing tells where it was written."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

SourceFiles = list[Any]

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "core"}

NOT_OURS = re.compile(
    r"(?<![\w.-])/(?:work|root|home|Users|tmp)/\w"
    r"|\b(?:pypi|files[.]pythonhosted|registry[.]npmjs|deb[.]debian)[.]org"
)
TEXTS = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ""}
BUILT = {"build", "reports", "__pycache__"}


def words(name: str) -> set[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return {word.lower() for word in apart.split("_")}


def texts(root: Path) -> list[Path]:
    return [path for path in sorted(root.rglob("*")) if is_ours(path, root)]


def is_ours(path: Path, root: Path) -> bool:
    folders = path.relative_to(root).parts[:-1]
    built = any(
        part in BUILT or part.endswith(".egg-info") or (part.startswith(".") and part != ".ci")
        for part in folders
    )
    return not built and path.suffix in TEXTS and path.is_file()


def test_no_file_has_a_name_that_says_nothing(sources: SourceFiles, tests: SourceFiles) -> None:
    assert [file.name for file in sources + tests if words(file.stem) & EMPTY_WORDS] == []


def test_no_class_has_a_name_that_says_nothing(sources: SourceFiles) -> None:
    classes = [
        (file.name, name) for file in sources for name in file.defined() if name[0].isupper()
    ]
    assert [one for one in classes if words(one[1]) & EMPTY_WORDS] == []


def test_every_module_says_what_it_is(sources: SourceFiles) -> None:
    assert [file.name for file in sources if not ast.get_docstring(file.tree)] == []


def test_nothing_is_left_to_be_done(sources: SourceFiles, tests: SourceFiles) -> None:
    mark = re.compile(r"#.*\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
    assert [file.name for file in sources + tests if mark.search(file.text)] == []


def test_every_file_with_tests_is_one_that_pytest_collects(tests: SourceFiles) -> None:
    holding = [file for file in tests if any(name.startswith("test_") for name in file.defined())]
    assert [file.name for file in holding if not file.stem.startswith("test_")] == []
    assert len(holding) == len([file for file in tests if file.stem.startswith("test_")])


def test_no_two_files_of_tests_share_a_name(tests: SourceFiles) -> None:
    counted = Counter(file.stem for file in tests if file.stem.startswith("test_"))
    assert [name for name, count in counted.items() if count > 1] == []


def test_no_folder_of_tests_is_a_package(root: Path) -> None:
    assert list((root / "tests").rglob("__init__.py")) == []


def test_no_file_names_a_path_of_a_machine_or_the_host_of_a_registry(root: Path) -> None:
    found = [
        f"{path.relative_to(root)}: {match.group()}"
        for path in texts(root)
        if (match := NOT_OURS.search(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize("text", ["see {}root/x", "at {}home/me", "in {}work/main/x"])
def test_a_path_of_a_machine_would_be_noticed(text: str) -> None:
    assert NOT_OURS.search(text.format("/"))
