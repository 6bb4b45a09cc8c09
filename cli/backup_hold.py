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
    from backup.hold_rules import Hold
    from backup.keep import PrunePlan
    from backup.outcome import Done
    from backup.release_rules import Condition


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
        _demand_placeable(name, reason or "")
    seen = looked(zone, manifest)
    from backup import recovered, standing
    from backup.burden import burden
    from backup.keep import Terms
    from cli.backup_hold_answers import standing_json, standing_text
    from cli.backup_json import outcomes_json

    done = () if name is None else _place(seen, name, str(reason))
    now = seen.cloud.clock.now()
    found = standing.read(seen.cloud, seen.manifest)
    room = recovered.room(seen.cloud, seen.manifest)
    cost = burden(seen.catalogue, found, Terms.of(seen.manifest, capped=False), room)
    return answer(
        {**standing_json(zone, found, now, cost), "done": outcomes_json(done)},
        standing_text(zone, found, now, cost),
        output_format,
        done,
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
    """Take one hold off; without --apply, show what its release waits for and what would go."""
    seen = looked(zone, manifest)
    wanted = _named(seen, name)
    conditions = _conditions(seen, wanted)
    plan = _plan(seen, wanted)
    if apply:
        _release(seen, wanted, conditions, plan, reason or "")
    else:
        _warn(seen)
    from cli.backup_hold_answers import release_json, release_text

    return answer(
        release_json(zone, wanted, conditions, plan, applied=apply),
        release_text(zone, wanted, conditions, plan, applied=apply),
        output_format,
        (),
    )


def _warn(seen: Looked) -> None:
    """Say beforehand where a release would be refused, whatever else it waits for."""
    for region in seen.standing.unreadable:
        sys.stderr.write(
            f"holdfast: the holds in {region} cannot be read: no release before they can.\n"
        )


def _demand_placeable(name: str, reason: str) -> None:
    """Raise InvalidInput where a hold has no reason, or a name that no snapshot could bear."""
    from backup.hold_rules import NAME

    problems = []
    if not NAME.fullmatch(name):
        message = f"{name!r} is no name; take letters, digits and _.:/=+@- without spaces: INC-7"
        problems.append(Problem("HOLD", message))
    if not reason.strip():
        problems.append(Problem("--reason", "is needed to place a hold"))
    if problems:
        raise InvalidInput("The command", problems)


def _place(seen: Looked, name: str, reason: str) -> "tuple[Done, ...]":
    """Place the hold, then mark and raise what it protects; it is on even where that fails."""
    from backup import marks, raising, restore_hold, standing
    from backup.hold_rules import Hold
    from cloud.effects import Effect

    wanted = Hold(name, reason, seen.cloud.clock.now())
    if restore_hold.place(seen.cloud, seen.manifest, wanted) is Effect.ALREADY:
        sys.stderr.write(f"holdfast: {name} was on already and stays as it was.\n")
    held = standing.read(seen.cloud, seen.manifest)
    done = (
        *marks.apply(seen.cloud, seen.catalogue, name),
        *raising.apply(seen.cloud, seen.manifest, held),
    )
    for one in (one for one in done if not one.well):
        sys.stderr.write(f"holdfast: {one.subject} is not held everywhere: {one.sentence}\n")
    return done


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
    from backup.release_rules import conditions

    found = recovered.look(seen.cloud, seen.manifest, seen.catalogue)
    now = seen.catalogue.at
    return conditions(wanted, seen.standing, found, seen.manifest.objectives.rpo, now)


def _plan(seen: Looked, wanted: "Hold") -> "PrunePlan":
    """Return what the prunes after the release and its grace would delete, as things are now."""
    from backup import keep

    left = seen.standing.without([wanted.identifier], seen.catalogue.at)
    return keep.plan(seen.catalogue, left, keep.Terms.of(seen.manifest, capped=False))


def _release(
    seen: Looked,
    wanted: "Hold",
    conditions: "tuple[Condition, ...]",
    plan: "PrunePlan",
    reason: str,
) -> None:
    """Publish the plan, then lift; whoever releases by hand has the plan before their eyes.

    First it is asked where the hold is on: what cannot be lifted is refused before anybody is told.
    """
    from backup import standing, vigil
    from backup.release_rules import demand_release
    from continuity.errors import HoldfastError

    demand_release(wanted, conditions, reason)
    standing.where(seen.cloud, seen.manifest, wanted.identifier)
    try:
        vigil.publish(seen.cloud, seen.manifest, [wanted.identifier], plan)
    except HoldfastError as error:
        if not reason.strip():
            raise
        sys.stderr.write(f"holdfast: nobody else was told of the plan: {error}\n")
    standing.release(
        seen.cloud, seen.manifest, wanted.identifier, by=seen.session.arn, reason=reason
    )
