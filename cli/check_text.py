"""A readiness for people: the verdict first, then each finding with what to do about it.

`cli.check_command` prints it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.columns import columns

if TYPE_CHECKING:
    from datetime import datetime

    from failover.readiness.finding import Finding
    from failover.readiness.judge import Readiness

_MINUTE, _HOUR, _LONG = 60, 3600, 7200
_FINDINGS = ("how bad", "about", "finding")
_DATABASES = ("database", "replica lag", "real RPO of copies", "newest usable copy")


def as_text(readiness: "Readiness") -> str:
    """Return the verdict and a table of findings, the worst first."""
    verdict = "READY" if readiness.ready else "NOT READY"
    looked = f"{readiness.looked_at} readings at {readiness.at:%Y-%m-%d %H:%M:%S} UTC"
    lines = [
        f"{readiness.zone}: {verdict} to move to {readiness.region}",
        f"{looked}: {counted(readiness)}",
        f"last drill on record: {_day(readiness.drilled_at)}",
        *_directions(readiness),
    ]
    tables = [*_databases(readiness), *_findings(readiness.findings)]
    return "\n".join([*lines, *tables]) + "\n"


def counted(readiness: "Readiness") -> str:
    """Return `2 blocking, 1 degrading, 0 to note`."""
    from failover.readiness.finding import Severity

    blocking, worse, notes = (len(readiness.having(severity)) for severity in Severity)
    return f"{blocking} blocking, {worse} degrading, {notes} to note"


def _directions(readiness: "Readiness") -> Iterator[str]:
    """Say how much of what has a direction points the right way, and name the rest."""
    found = readiness.directions
    if not found:
        return
    right = [one for one in found if one.right]
    yield f"{len(right)} of {len(found)} settings point towards {readiness.region}"
    for one in found:
        if not one.right:
            why = "is not known" if one.right is None else "points the wrong way"
            yield f"  {one.subject}: {one.setting}: {why}"


def _databases(readiness: "Readiness") -> Iterator[str]:
    rows = [
        (
            one.name,
            _length(one.lag_s),
            _length(one.worst_copy_age_s),
            _copy(one.copy_age_s, one.copy_kind),
        )
        for one in readiness.databases
    ]
    if rows:
        yield ""
        yield from columns([_DATABASES, *rows])


def _copy(age_s: float | None, kind: str) -> str:
    return "none" if age_s is None else f"{_length(age_s)} old ({kind})"


def _day(moment: "datetime | None") -> str:
    return "none" if moment is None else f"{moment:%Y-%m-%d}"


def _length(seconds: float | None) -> str:
    if seconds is None:
        return "unknown"
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _LONG else f"{seconds / _HOUR:.1f} h"


def _findings(findings: "tuple[Finding, ...]") -> Iterator[str]:
    if not findings:
        return
    rows = [(str(one.severity), one.subject, one.name) for one in findings]
    lines = columns([_FINDINGS, *rows])
    widest = max(len(cell) for cell in (_FINDINGS[0], *(one.severity for one in findings)))
    indent = " " * (widest + 4)
    yield ""
    yield next(lines)
    for finding, line in zip(findings, lines, strict=True):
        yield line
        yield f"{indent}{_sentence(finding.what)}"
        yield f"{indent}-> {finding.next_step}"


def _sentence(what: str) -> str:
    """End with one full stop, and begin as it is: names of instances are lower case."""
    return what if what.endswith(".") else f"{what}."
