"""The table of traps is whole, and every test that it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
EXCUSE = "cannot arise"


def rows() -> list[tuple[str, ...]]:
    page = (ROOT / "docs/guide/traps.md").read_text()
    return [match.groups() for match in ROW.finditer(page)]


@cache
def named_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_all_thirty_seven_are_there_in_order() -> None:
    assert [int(number) for number, *_ in rows()] == list(range(1, 38))


def test_each_is_covered_by_a_test_or_cannot_arise() -> None:
    bare = [
        number
        for number, _, how, tests in rows()
        if not TEST.findall(tests) and not how.startswith(EXCUSE)
    ]
    assert bare == []


def test_every_test_that_is_named_exists() -> None:
    missing = [
        f"{number}: {file}::{name}"
        for number, *_, tests in rows()
        for file, name in TEST.findall(tests)
        if not (ROOT / "tests" / file).is_file() or name not in named_in(file)
    ]
    assert missing == []
