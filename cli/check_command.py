"""`holdfast check`: would a failover of a zone work now?

`cli.main` registers it. Looks and rules are `failover.readiness`; with `--simulated` the zone is
deployed into a simulated AWS first, so that nobody needs an account to see it work.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.output import Format, print_json
from cli.project import project_root
from cli.surroundings import clock_and_outside
from cli.zone_file import read_zone_file
from cli.zone_session import find_manifest, read_manifest_file

if TYPE_CHECKING:
    from failover.readiness.judge import Readiness

_WIDTH = 8
"""Calls side by side."""

_SEED = 1


def check(
    zone: Annotated[str, typer.Argument(metavar="ZONE", help="The zone to check.")],
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The zone's recovery manifest. By default the copies in the sites.",
        ),
    ] = None,
    simulated: Annotated[
        bool,
        typer.Option(
            "--simulated",
            help="Check the zone as it is after a deployment, in a "
            "simulated AWS: no account needed.",
        ),
    ] = False,
    output_format: Annotated[Format, typer.Option("--format", help="Of the answer.")] = (
        Format.TEXT
    ),
) -> ExitCode:
    """Say whether a failover would work now, and what to do where it would not."""
    if simulated and manifest is not None:
        raise typer.BadParameter("--simulated makes a manifest of its own; leave --manifest out.")
    readiness = _simulated(zone) if simulated else _deployed(zone, manifest)
    _answer(readiness, output_format)
    # An objective that could not be met today is one that was missed.
    return ExitCode.OK if readiness.ready else ExitCode.OBJECTIVE_MISSED


def as_json(readiness: "Readiness") -> dict[str, object]:
    """Return a readiness as JSON types."""
    from failover.readiness.finding import Severity

    return {
        "zone": readiness.zone,
        "ready": readiness.ready,
        "region": readiness.region,
        "at": readiness.at.isoformat(),
        "looked_at": readiness.looked_at,
        "drilled_at": None if readiness.drilled_at is None else readiness.drilled_at.isoformat(),
        "databases": [
            {
                "name": database.name,
                "lag_s": database.lag_s,
                "copy_age_s": database.copy_age_s,
                "copy_kind": database.copy_kind or None,
                "worst_copy_age_s": database.worst_copy_age_s,
            }
            for database in readiness.databases
        ],
        "directions": [
            {"setting": one.setting, "subject": one.subject, "right": one.right}
            for one in readiness.directions
        ],
        "counts": {str(one): len(readiness.having(one)) for one in Severity},
        "findings": [
            {
                "name": finding.name,
                "severity": str(finding.severity),
                "subject": finding.subject,
                "what": finding.what,
                "next": finding.next_step,
            }
            for finding in readiness.findings
        ],
    }


def _answer(readiness: "Readiness", output_format: Format) -> None:
    from cli.check_text import as_text

    if output_format is Format.JSON:
        print_json(as_json(readiness))
    else:
        sys.stdout.write(as_text(readiness))


def _simulated(zone: str) -> "Readiness":
    project = project_root()
    read_zone_file(project, zone)
    from drill.readiness import check_simulated

    return check_simulated(zone, project, _SEED)


def _deployed(zone: str, manifest: Path | None) -> "Readiness":
    """Look at the zone that is deployed, by the machine's time or by a served simulation's."""
    declared = read_zone_file(project_root(), zone)
    given = None if manifest is None else read_manifest_file(manifest, zone)
    clock, _ = clock_and_outside(os.environ)

    from cloud.door import Cloud
    from cloud.workers import ThreadWorkers
    from failover.readiness import look
    from failover.readiness.judge import judge

    cloud = Cloud(clock, ThreadWorkers(_WIDTH))
    found = given or find_manifest(cloud, declared, zone)
    for said in found.notes:
        sys.stderr.write(f"holdfast: {said}\n")
    return judge(look.take(cloud, found.manifest))
