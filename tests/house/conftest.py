"""The project's own files, as the house rules look at them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "backup",
    "bench",
    "cli",
    "cloud",
    "continuity",
    "drill",
    "failover",
    "incident",
    "maintenance",
    "policy",
    "simulator",
    "stacks",
)


class SourceFile:
    """One Python file: its path from the root, its lines, its syntax tree."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(ROOT).as_posix()
        self.stem = path.stem
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def functions(self) -> Iterator[tuple[str, int]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{self.name}: {node.name}", node.end_lineno - node.lineno + 1

    def defined(self) -> Iterator[str]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return (node.name for node in ast.walk(self.tree) if isinstance(node, kinds))


def _under(*folders: str) -> list[SourceFile]:
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [SourceFile(path) for path in paths]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sources() -> list[SourceFile]:
    program = ROOT / "__main__.py"
    return [*([SourceFile(program)] if program.exists() else []), *_under(*ROOMS)]


@pytest.fixture(scope="session")
def tests() -> list[SourceFile]:
    return _under("tests")
