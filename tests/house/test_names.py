"""Names: every file says what it is, every test is found, nothing tells where it was written."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

SourceFiles = list[Any]

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "core"}

NOT_OURS = re.compile(r"(?<![\w.-])/(?:work|root|home|Users|tmp)/\w")
WHERE_FROM = re.compile(
    r"\b(?:extra-)?index[-]url\b|--(?:registry|find-links)\b"
    r"|https?://[^\s\"'<>]+/simple\b"
    r"|\bresolved\"?:?\s+\"?https?://"
    r"|\bregistry\s*=\s*\"https?://|\bregistry\+https?://"
    r"|https?://[^\s\"'<>]+[.](?:whl|tgz|tar[.]gz)\b"
)
"""Where packages come from is a matter of the machine: options, indexes, and what locks resolve."""

TEXTS = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".lock", ".json", ".cfg", ".ini", ""}
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


@pytest.mark.parametrize("foreign", [NOT_OURS, WHERE_FROM], ids=["path", "index"])
def test_no_file_names_a_path_of_a_machine_or_where_packages_come_from(
    root: Path, foreign: re.Pattern[str]
) -> None:
    found = [
        f"{path.relative_to(root)}: {match.group()}"
        for path in texts(root)
        if (match := foreign.search(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize("text", ["see {}root/x", "at {}home/me", "in {}work/main/x"])
def test_a_path_of_a_machine_would_be_noticed(text: str) -> None:
    assert NOT_OURS.search(text.format("/"))


@pytest.mark.parametrize(
    "text",
    [
        "pip install --index{}url https://packages.example.com",
        "--extra-index{}url https://packages.example.com",
        "index{}url = https://packages.example.com",
        "npm ci --{}registry https://packages.example.com",
        "https://packages.example.com{}simple",
        "https://packages.example.com{}simple/boto3/",
        '"resolved":{}"https://packages.example.com/left-pad"',
        'resolved{}"https://packages.example.com/left-pad"',
        'source = {{ registry ={}"https://packages.example.com" }}',
        "boto3 @ https://packages.example.com/boto3-1.0{}whl",
    ],
)
def test_where_packages_come_from_would_be_noticed(text: str) -> None:
    glue = {"index{}": "-", "com{}": "/", "0{}": ".", "--{}": ""}
    between = next((mark for start, mark in glue.items() if start in text), " ")
    assert WHERE_FROM.search(text.format(between))


def test_an_image_of_somebodys_own_would_not_be_noticed() -> None:
    assert not WHERE_FROM.search("crane copy registry.example.com/platform:1.0 $REGISTRY/x")
