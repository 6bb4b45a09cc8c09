"""Where scenarios come from: shipped with the package, or a file of the operator's own.

`cli.drill_command` asks for one by NAME or FILE.toml; `drill.scenario` reads it.
"""

from importlib.resources import files
from pathlib import Path

from continuity.errors import InvalidInput, Problem
from drill.scenario import Scenario, read

DEFAULT = "region-loss"
_SUFFIX = ".toml"
_SHIPPED = files("drill") / "scenarios"


def names() -> list[str]:
    """Return the names of the shipped scenarios, sorted."""
    found = (entry.name for entry in _SHIPPED.iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX))


def find(name_or_file: str) -> Scenario:
    """Read the shipped scenario of this name, or the file if it ends in `.toml`.

    Raises:
        InvalidInput: there is none, the file cannot be read, or something in it is wrong.
    """
    if name_or_file.endswith(_SUFFIX):
        return read(text_of(name_or_file), name_or_file)
    return read(text_of(name_or_file), f"Scenario {name_or_file}")


def text_of(name_or_file: str) -> str:
    """Return the text of a scenario, as its file has it.

    Raises:
        InvalidInput: there is none, or the file cannot be read.
    """
    if name_or_file.endswith(_SUFFIX):
        return _own(Path(name_or_file))
    if name_or_file not in names():
        message = f"there is no {name_or_file!r}; give FILE.toml or one of {', '.join(names())}"
        raise InvalidInput("The scenario", [Problem("SCENARIO", message)])
    return (_SHIPPED / f"{name_or_file}{_SUFFIX}").read_text(encoding="utf-8")


def _own(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput(str(path), [Problem("FILE", reason)]) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(str(path), [Problem("FILE", "is not UTF-8 text")]) from error
