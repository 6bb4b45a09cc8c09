"""A readiness for people: the verdict first, then each finding with what to do about it.

`cli.check_command` prints it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failover.readiness.finding import Finding
    from failover.readiness.judge import Readiness

_HEAD = ("how bad", "about", "finding")


def as_text(readiness: "Readiness") -> str:
    """Return the verdict and a table of findings, the worst first."""
    verdict = "READY" if readiness.ready else "NOT READY"
    looked = f"{readiness.looked_at} readings at {readiness.at:%Y-%m-%d %H:%M:%S} UTC"
    lines = [
        f"{readiness.zone}: {verdict} to move to {readiness.region}",
        f"{looked}: {counted(readiness)}",
    ]
    return "\n".join([*lines, *_table(readiness.findings)]) + "\n"


def counted(readiness: "Readiness") -> str:
    """Return `2 blocking, 1 degrading, 0 to note`."""
    from failover.readiness.finding import Severity

    blocking, worse, notes = (len(readiness.having(severity)) for severity in Severity)
    return f"{blocking} blocking, {worse} degrading, {notes} to note"


def _table(findings: "tuple[Finding, ...]") -> Iterator[str]:
    if not findings:
        return
    rows = [(str(one.severity), one.subject, one.name) for one in findings]
    widths = [max(len(row[column]) for row in (_HEAD, *rows)) for column in range(2)]
    indent = "  " + " " * (widths[0] + 2)
    yield ""
    yield _row(_HEAD, widths)
    for finding, row in zip(findings, rows, strict=True):
        yield _row(row, widths)
        yield f"{indent}{_sentence(finding.what)}"
        yield f"{indent}-> {finding.next_step}"


def _row(cells: tuple[str, str, str], widths: list[int]) -> str:
    return f"  {cells[0]:{widths[0]}}  {cells[1]:{widths[1]}}  {cells[2]}"


def _sentence(what: str) -> str:
    """End with one full stop, and begin as it is: names of instances are lower case."""
    return what if what.endswith(".") else f"{what}."
