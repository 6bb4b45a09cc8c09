"""`holdfast backup hold` and `release`: while a hold is on, no recovery point is deleted.

`cli.backup_command` registers them. A failover places its own hold; this is for everything else,
and for taking holds off.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.backup_options import Apply, Looked, answer, looked
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Yes, Zone, demand_yes
from cli.output import Format
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from backup.hold_rules import Condition, Hold
    from backup.outcome import Done


def hold(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[HOLD]", help="Its name, such as an incident's. None: show."),
    ] = None,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
    yes: Yes = False,
) -> ExitCode:
    """Delete no recovery point of the zone until this hold is released; several add up."""
    if name is not None:
        demand_yes(output_format, yes=yes)
        if not (reason or "").strip():
            raise InvalidInput("The command", [Problem("--reason", "is needed to place a hold")])
    seen = looked(zone, manifest)
    from backup import recovered, standing
    from cli.backup_json import standing_json
    from cli.backup_text import standing_text

    marked = () if name is None else _place(seen, name, str(reason))
    now = seen.cloud.clock.now()
    found = standing.read(seen.cloud, seen.manifest)
    room = recovered.room(seen.cloud, seen.manifest)
    return answer(
        standing_json(zone, found, now, room),
        standing_text(zone, found, now, room),
        output_format,
        marked,
    )


def release(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    name: Annotated[str, typer.Argument(metavar="HOLD", help="The hold's name.")],
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    reason: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Why it goes although a condition is not met."),
    ] = None,
    apply: Apply = False,
) -> ExitCode:
    """Take one hold off; without --apply, show what its release waits for."""
    seen = looked(zone, manifest)
    wanted = _named(seen, name)
    conditions = _conditions(seen, wanted)
    if apply:
        _release(seen, wanted, conditions, reason)
    from cli.backup_json import release_json
    from cli.backup_text import release_text

    return answer(
        release_json(zone, wanted, conditions, applied=apply),
        release_text(zone, wanted, conditions, applied=apply),
        output_format,
        (),
    )


def _place(seen: Looked, name: str, reason: str) -> "tuple[Done, ...]":
    """Place the hold, then mark what it protects; the hold is on even where a mark fails."""
    from backup import marks, standing
    from backup.hold_rules import Hold
    from cloud.effects import Effect

    wanted = Hold(name, reason, seen.cloud.clock.now())
    if standing.place(seen.cloud, seen.manifest, wanted) is Effect.ALREADY:
        sys.stderr.write(f"holdfast: {name} was on already and stays as it was.\n")
    marked = marks.apply(seen.cloud, seen.catalogue, name)
    for one in (one for one in marked if not one.well):
        sys.stderr.write(f"holdfast: {one.subject} is not marked as held: {one.sentence}\n")
    return marked


def _named(seen: Looked, name: str) -> "Hold":
    for found in seen.standing.holds:
        if found.identifier == name:
            return found
    known = ", ".join(one.identifier for one in seen.standing.holds) or "none"
    unread = "".join(f"; {one} cannot be read" for one in seen.standing.unreadable)
    message = f"there is no hold {name}; holds that are on: {known}{unread}"
    raise InvalidInput("The command", [Problem("HOLD", message)])


def _conditions(seen: Looked, wanted: "Hold") -> "tuple[Condition, ...]":
    from backup import recovered
    from backup.hold_rules import conditions
    from failover import decisions

    run = decisions.current(seen.session.around)
    name = run.name if run is not None and run.entries and run.outcome is None else ""
    found = recovered.look(seen.cloud, seen.manifest, seen.catalogue, name)
    now = seen.catalogue.at
    return conditions(wanted, seen.standing, found, seen.manifest.objectives.rpo, now)


def _release(
    seen: Looked, wanted: "Hold", conditions: "tuple[Condition, ...]", reason: str | None
) -> None:
    from backup import standing
    from backup.hold_rules import demand_release

    demand_release(wanted, conditions, reason or "")
    standing.release(
        seen.cloud, seen.manifest, wanted.identifier, by=seen.session.arn, reason=reason or ""
    )
