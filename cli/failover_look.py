"""`holdfast failover plan`, `status` and `history`: they look, and change nothing.

`cli.failover_command` registers them.
"""

import sys
from typing import TYPE_CHECKING

from cli.exit_codes import ExitCode
from cli.failover_json import achieved_json, outlook_json, standing_json
from cli.failover_options import Answer, ManifestFile, Zone, opened
from cli.failover_text import history_text, outlook_text, standing_text
from cli.output import Format, print_json
from continuity.errors import HoldfastError

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession
    from failover.plan import Plan
    from failover.run import Run
    from failover.standing import Standing


def plan(
    zone: Zone, manifest: ManifestFile = None, output_format: Answer = Format.TEXT
) -> ExitCode:
    """Show what a failover of the zone would do now, and what stands against it."""
    session = opened(zone, manifest)
    from failover.options import Options
    from failover.outlook import look_ahead

    found = look_ahead(session.around, Options())
    if output_format is Format.JSON:
        print_json({**outlook_json(found), "manifest": session.found.source})
    else:
        sys.stdout.write(outlook_text(found))
    return ExitCode.OK if found.meets_objectives else ExitCode.OBJECTIVE_MISSED


def status(
    zone: Zone, manifest: ManifestFile = None, output_format: Answer = Format.TEXT
) -> ExitCode:
    """Show the open or the last run: steps, time left, and what it waits for."""
    session = opened(zone, manifest)
    found = standing_of(session)
    if output_format is Format.JSON:
        print_json({"zone": zone, "run": None} if found is None else standing_json(found))
    else:
        sys.stdout.write(
            f"{zone} was never failed over.\n" if found is None else standing_text(found)
        )
    return ExitCode.OK


def history(
    zone: Zone, manifest: ManifestFile = None, output_format: Answer = Format.TEXT
) -> ExitCode:
    """List the zone's runs with the recovery time and the data loss that they achieved."""
    session = opened(zone, manifest)
    from failover.history import history as runs_of

    runs = runs_of(session.around)
    if output_format is Format.JSON:
        print_json({"zone": zone, "runs": [achieved_json(run) for run in runs]})
    else:
        sys.stdout.write(history_text(zone, runs))
    return ExitCode.OK


def standing_of(session: "ZoneSession") -> "Standing | None":
    """Return how far the zone's open or last run is; None if there never was one."""
    from failover import decisions
    from failover.standing import standing

    run = decisions.current(session.around)
    if run is None or not run.entries:
        return None
    manifest = session.around.manifest
    return standing(
        run,
        _plan_of(session, run),
        session.around.clock.now(),
        manifest.approvers,
        manifest.objectives.rto.total_seconds(),
    )


def _plan_of(session: "ZoneSession", run: "Run") -> "Plan | None":
    """Return the run's plan; one that this version cannot build leaves the rest to be told."""
    from failover.decide import plan_of
    from failover.options import Options

    if run.planned is None:
        return None
    try:
        return plan_of(run, session.around.manifest, Options())
    except HoldfastError as error:
        sys.stderr.write(f"holdfast: {error}\n")
        return None
