"""The project that the commands work on: where its Pulumi program lies.

Holdfast is an application, installed in the virtual environment of its own checkout, so the
program lies beside the packages, whatever directory the operator stands in.
"""

from pathlib import Path

from continuity.errors import InvalidInput, Problem

_MARKS = ("Pulumi.yaml", "__main__.py", "stacks")


def project_root(beside: Path = Path(__file__)) -> Path:
    """Return the directory of the program that `beside`'s package belongs to.

    Raises:
        InvalidInput: the packages were installed without the program.
    """
    root = beside.resolve().parent.parent
    missing = [mark for mark in _MARKS if not (root / mark).exists()]
    if missing:
        message = f"lacks {', '.join(missing)}; run holdfast from the environment of a checkout"
        raise InvalidInput("The project", [Problem(str(root), message)])
    return root
