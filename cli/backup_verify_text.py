"""What `holdfast backup verify` says, to people and to programs."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cli.backup_json import Json, outcomes_json
from cli.columns import Row, columns
from continuity.wording import seconds_text

if TYPE_CHECKING:
    from backup.evidence import Evidence
    from backup.verify import Tick
    from backup.verify_plan import Planned
    from cli.backup_verify import Prospect


def plan_text(found: "Prospect") -> str:
    """Return which points would be tried, where, how long that takes and what it costs."""
    from backup.verify import AT_ONCE
    from backup.verify_plan import seconds, undeclared

    work = found.work
    lines = [_head(found)]
    lines += [
        f"{one.series}: {one.point} is being tried already, since {one.began:%Y-%m-%d %H:%M} UTC"
        for one in found.running
    ]
    lines += columns([_planned(one) for one in found.planned])
    wishes = [one.wish for one in found.planned]
    lines += [
        f"{one}: no checks are declared; only whether it opens is seen"
        for one in undeclared(work.manifest, wishes)
    ]
    if not found.planned:
        return _text([*lines, "nothing is due"])
    whole = seconds_text(seconds(found.planned, AT_ONCE))
    cost = sum(one.dollars for one in found.planned)
    lines.append(f"about {whole}, {AT_ONCE} at a time, and about ${cost:.2f} (assumed prices)")
    return _text([*lines, "nothing was done: --apply does it"])


def tried_text(found: "Prospect", tick: "Tick") -> str:
    """Return what every trial showed, check by check."""
    lines = [_head(found)]
    for one in tick.ended:
        lines.append(f"{one.series}: {one.point} is {one.verdict} ({_took(one)})")
        lines += columns([_result(each.name, each.expected, each.found) for each in one.results])
        lines += [f"  {one.why}"] if one.why and not one.results else []
    lines += [f"FAILED  {one.subject} {one.region}: {one.sentence}" for one in tick.troubles]
    lines += [] if tick.ended else ["nothing was due"]
    return _text(lines)


def plan_json(found: "Prospect") -> Json:
    """Return what would be tried, and what is being tried."""
    return {**_head_json(found), "applied": False, "done": [], "evidence": []}


def tried_json(found: "Prospect", tick: "Tick") -> Json:
    """Return the evidence of every trial that ended."""
    from backup.evidence import dumped
    from backup.verify_loop import outcome

    done = (*(outcome(one) for one in tick.ended), *tick.troubles)
    return {
        **_head_json(found),
        "applied": True,
        "done": outcomes_json(done),
        "evidence": [dumped(one) for one in tick.ended],
    }


def _head(found: "Prospect") -> str:
    work = found.work
    return f"{work.manifest.zone}: {work.site} ({work.place.region}), drawn by {found.asked.seed}"


def _head_json(found: "Prospect") -> Json:
    work = found.work
    return {
        "zone": work.manifest.zone,
        "site": str(work.site),
        "region": work.place.region,
        "seed": found.asked.seed,
        "planned": [_planned_json(one) for one in found.planned],
        "running": [
            {"series": str(one.series), "point": one.point, "stage": str(one.stage)}
            for one in found.running
        ],
    }


def _planned(one: "Planned") -> Row:
    point = one.wish.point
    took = seconds_text(one.expected.seconds)
    what = ", ".join(filter(None, [one.instance_class, f"{point.size_gb} GB"]))
    return str(point.series), str(one.wish.role), point.identifier, what, took, one.expected.source


def _planned_json(one: "Planned") -> Json:
    point = one.wish.point
    return {
        "series": str(point.series),
        "role": str(one.wish.role),
        "point": point.identifier,
        "taken_at": point.taken_at.isoformat() if point.taken_at else None,
        "instance_class": one.instance_class,
        "size_gb": point.size_gb,
        "expected_s": one.expected.seconds,
        "expected_from": one.expected.source,
        "dollars": round(one.dollars, 2),
    }


def _took(one: "Evidence") -> str:
    return ", ".join(_parts(one)) or "it never came to be"


def _parts(one: "Evidence") -> Iterator[str]:
    if one.restore_s is not None:
        yield f"there after {seconds_text(one.restore_s)}"
    if one.check_s is not None:
        yield f"checked in {seconds_text(one.check_s)}"


def _result(name: str, expected: str, found: str) -> Row:
    return name, f"expected {expected}", f"found {found}"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
