"""`holdfast backup capture`, `copy` and `prune`: each shows its plan, and acts with `--apply`.

`cli.backup_command` registers them. The schedule runs the same verbs.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cli.backup_options import Apply, Looked, answer, looked
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Zone
from cli.output import Format

if TYPE_CHECKING:
    from backup.outcome import Done


def capture(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    apply: Apply = False,
) -> ExitCode:
    """Take today's recovery point of every database that has none yet."""
    seen = looked(zone, manifest)
    from backup import capture as verb
    from backup import capture_plan
    from cli.backup_json import capture_json
    from cli.backup_text import capture_text

    instances = verb.instances(seen.cloud, seen.manifest)
    plan = capture_plan.plan(seen.manifest, seen.catalogue, seen.standing, instances)
    done = verb.apply(seen.cloud, plan) if apply else ()
    outcomes = (*verb.unable(plan), *done)
    return answer(
        capture_json(zone, plan, outcomes, applied=apply),
        capture_text(zone, plan, outcomes, applied=apply),
        output_format,
        outcomes,
    )


def copy(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    apply: Apply = False,
) -> ExitCode:
    """Copy what is kept into the other region, the newest first."""
    seen = looked(zone, manifest)
    from backup import copy as verb
    from backup import copy_plan, keep
    from cli.backup_json import copy_json
    from cli.backup_text import copy_text

    kept = keep.plan(seen.catalogue, seen.standing, keep.Terms.of(seen.manifest))
    plan = copy_plan.plan(seen.manifest, seen.catalogue, lambda: kept)
    done = (*verb.unable(plan), *(verb.apply(seen.cloud, plan) if apply else ()))
    return answer(
        copy_json(zone, plan, done, applied=apply),
        copy_text(zone, plan, done, applied=apply),
        output_format,
        done,
    )


def prune(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    apply: Apply = False,
    uncapped: Annotated[
        bool,
        typer.Option(
            "--uncapped", help="Delete all that the plan gives up, not a part of it a run."
        ),
    ] = False,
) -> ExitCode:
    """Delete what has no place any more, after reading each again; every point has its reason."""
    seen = looked(zone, manifest)
    from backup import keep
    from backup import prune as verb
    from cli.backup_json import prune_json
    from cli.backup_text import prune_text

    seen, judged = _judged(seen, apply=apply)
    plan = keep.plan(
        seen.catalogue, seen.standing, keep.Terms.of(seen.manifest, capped=not uncapped)
    )
    done: tuple[Done, ...] = judged
    if apply:
        pruned = verb.apply(seen.cloud, seen.manifest, plan)
        done = (*judged, *(verb.done(one) for one in pruned))
    return answer(
        prune_json(seen, plan, done, applied=apply),
        prune_text(seen, plan, done, applied=apply),
        output_format,
        done,
    )


def _judged(seen: Looked, *, apply: bool) -> "tuple[Looked, tuple[Done, ...]]":
    """Hold the zone for what it has to be held for; without acting, show it as if it were."""
    from backup import automatic, causes, recovered

    if apply:
        held, done = automatic.judge(seen.cloud, seen.manifest, seen.catalogue, seen.standing)
        return replace(seen, standing=held), done
    found = recovered.look(seen.cloud, seen.manifest, seen.catalogue)
    rpo, now = seen.manifest.objectives.rpo, seen.catalogue.at
    due = causes.due(found, seen.standing, rpo, now)
    held = replace(seen.standing, holds=(*seen.standing.holds, *due))
    return replace(seen, standing=held), ()
