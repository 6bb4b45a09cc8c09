"""The import contracts are sentences of the README: who reads it knows what may import what."""

import tomllib
from pathlib import Path


def contracts(root: Path) -> list[str]:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    return [
        contract["name"] for contract in tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    ]


def test_the_readme_says_every_import_contract(root: Path) -> None:
    said = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    assert [name for name in contracts(root) if name not in said] == []


def test_there_are_contracts_to_say(root: Path) -> None:
    assert len(contracts(root)) >= 5


def test_every_room_is_under_contract(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    under = set(tomllib.loads(text)["tool"]["importlinter"]["root_packages"])
    rooms = {path.parent.name for path in root.glob("*/__init__.py")}
    assert under == rooms


def test_every_package_is_installed(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]
    found = {
        ".".join(path.relative_to(root).parent.parts)
        for room in root.glob("*/__init__.py")
        for path in room.parent.rglob("__init__.py")
    }
    assert set(settings["packages"]) == found
