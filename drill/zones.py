"""Which zones there are: one `stacks/Pulumi.<zone>.yaml` each.

`cli.drill_command` asks before anything is deployed, so that a wrong name costs no waiting. Only
the kind is read here; `stacks.settings` judges the rest when the program runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from continuity.errors import InvalidInput, Problem
from continuity.reading import Reader
from continuity.zone import ZoneKind
from simulator.project import project, stack_config


@dataclass(frozen=True, order=True)
class ZoneFile:
    """A zone that the project declares."""

    name: str
    kind: ZoneKind


def read_zones(folder: Path) -> tuple[ZoneFile, ...]:
    """Return the zones that the project in a folder declares, by name.

    Raises:
        InvalidInput: a file is no YAML, or does not say what kind of zone it declares.
    """
    return tuple(_read(folder, name) for name in project(folder).stack_names)


def choose(zones: Sequence[ZoneFile], asked: Sequence[str]) -> tuple[str, ...]:
    """Return the asked zones in the order asked, each once; all production zones for none.

    Raises:
        InvalidInput: a zone that is not declared; the error names the ones that are.
    """
    known = [zone.name for zone in zones]
    unknown = [name for name in asked if name not in known]
    if unknown:
        valid = f"zones are {_names(known)}"
        problems = [Problem("zone", f"there is no {name!r}; {valid}") for name in unknown]
        raise InvalidInput("The zone", problems)
    production = [zone.name for zone in zones if zone.kind is ZoneKind.PRODUCTION]
    if not asked and not production:
        raise InvalidInput(
            "The zone", [Problem("zone", f"none is of production; name one: {_names(known)}")]
        )
    return tuple(dict.fromkeys(asked or production))


def _names(known: Sequence[str]) -> str:
    return ", ".join(known) or "not declared yet"


def _read(folder: Path, name: str) -> ZoneFile:
    reader = Reader(stack_config(folder, name), "config")
    zone = reader.section("holdfast:zone")
    kind = zone.choice("kind", ZoneKind)
    reader.check(f"stacks/Pulumi.{name}.yaml")
    return ZoneFile(name, kind)
