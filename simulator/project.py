"""A Pulumi project on disk, read as the CLI reads it: its name, its program, a stack's config.

`simulator.program` runs it, `simulator.preview` asks it for the valid zones. The CLI's YAML is
1.2: `23:00` is text and `yes` is no boolean, whereas PyYAML alone would read YAML 1.1.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from continuity.errors import InvalidInput, Problem

_STACK_FILE = "Pulumi.{}.yaml"


@dataclass(frozen=True)
class Project:
    """What `Pulumi.yaml` says: `main` is the folder of `__main__.py`, `stacks` of the config."""

    name: str
    main: Path
    stacks: Path

    @property
    def stack_names(self) -> tuple[str, ...]:
        """Return the stacks that have a config file."""
        files = self.stacks.glob(_STACK_FILE.format("*"))
        return tuple(sorted(file.name.split(".")[1] for file in files))


def project(folder: Path) -> Project:
    """Read `Pulumi.yaml`.

    Raises:
        InvalidInput: it is missing or malformed.
    """
    read = _read(folder / "Pulumi.yaml")
    return Project(
        name=str(read.get("name", folder.name)),
        main=folder / str(read.get("main", "")),
        stacks=folder / str(read.get("stackConfigDir", read.get("config", ""))),
    )


def stack_config(folder: Path, stack: str) -> dict[str, Any]:
    """Return a stack's config: values of any shape by full key, `holdfast:zone`.

    Raises:
        InvalidInput: there is no such stack (the message names all), or its file is malformed.
    """
    found = project(folder)
    check_stacks(found, [stack])
    path = found.stacks / _STACK_FILE.format(stack)
    return _config_of(path.name, _read(path), found.name)


def parsed_config(name: str, text: str, project_name: str = "holdfast") -> dict[str, Any]:
    """Return the config that a stack file's text holds, wherever it lies; `name` is for errors.

    Raises:
        InvalidInput: it is malformed.
    """
    return _config_of(name, _parsed(name, text), project_name)


def _config_of(name: str, read: Mapping[str, Any], project_name: str) -> dict[str, Any]:
    config = read.get("config", {})
    if not isinstance(config, dict):
        raise InvalidInput(name, [Problem("config", "expected a table of keys")])
    if encrypted := [key for key in config if _encrypted(config[key])]:
        raise InvalidInput(
            name,
            [
                Problem(f"config.{key}", "is encrypted: no secret is needed here")
                for key in encrypted
            ],
        )
    return {key if ":" in key else f"{project_name}:{key}": config[key] for key in config}


def check_stacks(found: Project, stacks: Iterable[str]) -> None:
    """Raise `InvalidInput` for stacks that have no config file; it names the ones that do."""
    valid = f"zones are {', '.join(found.stack_names) or 'not declared yet'}"
    problems = [
        Problem("zone", f"there is no {stack!r}; {valid}")
        for stack in stacks
        if stack not in found.stack_names
    ]
    if problems:
        raise InvalidInput("The zone", problems)


def encoded(config: Mapping[str, object]) -> dict[str, str]:
    """Return config as the CLI hands it to programs: text, and JSON for everything else."""
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()
    }


def _encrypted(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise InvalidInput(str(path), [Problem("(file)", "does not exist")]) from error
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise InvalidInput(str(path), [Problem("(file)", message)]) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(str(path), [Problem("(file)", "is not UTF-8 text")]) from error
    return _parsed(str(path), text)


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        read = yaml.load(text, _Yaml12)  # noqa: S506 - a safe loader's subclass
    except yaml.YAMLError as error:
        raise InvalidInput(name, [Problem("(file)", f"is not YAML: {error}")]) from error
    if not isinstance(read, dict):
        raise InvalidInput(name, [Problem("(top level)", "expected a table of keys")])
    return read


class _Yaml12(yaml.SafeLoader):
    """YAML's safe loader with the scalars of the 1.2 core schema, and no key given twice."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the base class's own form

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse what PyYAML would settle in silence: the last of two equal keys wins there."""
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                problem = f"the key {key.value!r} is given twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("merge", r"<<", ["<"]),
):
    _Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"({_pattern})$"), _first)
