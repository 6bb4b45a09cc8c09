"""What a person asks `holdfast backup restore` for: all that is wrong with it in one error.

`cli.backup_restore` reads its options with it, once it has seen the zone. What cannot be judged
because of another mistake is left for the next try: which points a database has that is not there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.backup_options import Looked, nameless
from continuity.errors import InvalidInput, Problem
from continuity.zone import SiteName

if TYPE_CHECKING:
    from datetime import datetime

    from backup.restore_plan import Asked
    from continuity.manifest import Database


@dataclass(frozen=True)
class Options:
    """The options as they were written; empty where one was not given."""

    database: str
    point: str
    at: str
    site: SiteName | None
    identifier: str
    swap: bool
    refuted: bool


def understood(seen: Looked, options: Options) -> "Asked":
    """Return what is asked for.

    Raises:
        InvalidInput: something is not there or cannot be taken; every problem is named.
    """
    from backup.restore_plan import Asked, name_problems

    database = next((one for one in seen.manifest.databases if one.name == options.database), None)
    moment, said = _moment(seen, options.at)
    problems = [
        *_unknown(seen, options, database),
        *said,
        *_together(options),
        *name_problems(seen.manifest, options.identifier),
    ]
    if database is None:
        raise InvalidInput("The command", problems)
    asked = Asked(
        database,
        options.site or seen.manifest.active,
        options.point,
        moment,
        options.identifier,
        swap=options.swap,
        refuted=options.refuted,
    )
    if problems := [*problems, *_sourceless(seen, asked)]:
        raise InvalidInput("The command", problems)
    return asked


def _unknown(seen: Looked, options: Options, database: "Database | None") -> Iterator[Problem]:
    """Yield that there is no such database, and no such point of any."""
    from backup.points import Kind

    if database is not None:
        return
    known = ", ".join(one.name for one in seen.manifest.databases)
    message = f"there is no {options.database!r}; {seen.manifest.zone} has {known}"
    yield Problem("DATABASE", message)
    points = {one.identifier for one in seen.catalogue.points if one.series.kind is Kind.DATABASE}
    if options.point and options.point not in points and not seen.catalogue.unread:
        yield Problem("--point", f"no database of {seen.manifest.zone} has {options.point}")


def _together(options: Options) -> Iterator[Problem]:
    if options.point and options.at:
        yield Problem("--at", "is not taken together with --point")
    yield from nameless(options.point, options.refuted)


def _moment(seen: Looked, text: str) -> "tuple[datetime | None, list[Problem]]":
    from failover.moments import moment_of

    if not text:
        return None, []
    try:
        timezone = seen.manifest.window.timezone
        return moment_of(text, timezone, seen.catalogue.at, None), []
    except ValueError as error:
        return None, [Problem("--at", str(error))]


def _sourceless(seen: Looked, asked: "Asked") -> tuple[Problem, ...]:
    """Return why a point or moment that was named cannot be restored; nothing where it can.

    A region that does not answer is told later, with where to restore instead. Where neither was
    named, or both, there is no one source to look for.
    """
    from backup.restore_choice import choose
    from backup.restore_plan import wish

    wanted = wish(seen.manifest, asked)
    if wanted.region in seen.catalogue.unread or bool(asked.point) == bool(asked.moment):
        return ()
    try:
        choose(seen.catalogue, wanted)
    except InvalidInput as error:
        return error.problems
    return ()
