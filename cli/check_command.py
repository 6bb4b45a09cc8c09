"""`holdfast check`: would a failover of a zone work now?

`cli.main` registers it. Looks and rules are `failover.readiness`; with `--simulated` the zone is
deployed into a simulated AWS first, so that nobody needs an account to see it work.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.output import Format, print_json
from cli.project import project_root
from continuity import manifest_json, naming
from continuity.reading import Reader
from continuity.zone import SiteName

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.door import Cloud
    from continuity.manifest import Manifest
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
            help="The zone's recovery manifest. By default the copy in the standby site.",
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
    if simulated:
        readiness = _simulated(zone)
    elif manifest is not None:
        text = manifest.read_text(encoding="utf-8", errors="replace")
        readiness = _deployed(lambda _: manifest_json.load(text, zone))
    else:
        site = _standby_of(zone)
        readiness = _deployed(lambda cloud: _fetched(cloud, zone, *site))
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
        "databases": [
            {
                "name": database.name,
                "lag_s": database.lag_s,
                "copy_age_s": database.copy_age_s,
                "copy_kind": database.copy_kind or None,
            }
            for database in readiness.databases
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
    _standby_of(zone)
    from drill.readiness import check_simulated

    return check_simulated(zone, project_root(), _SEED)


def _deployed(manifest_from: "Callable[[Cloud], Manifest]") -> "Readiness":
    from cloud.door import Cloud
    from cloud.system_clock import SystemClock
    from cloud.workers import ThreadWorkers
    from failover.readiness import look
    from failover.readiness.judge import judge

    cloud = Cloud(SystemClock(), ThreadWorkers(_WIDTH))
    return judge(look.take(cloud, manifest_from(cloud)))


def _standby_of(zone: str) -> tuple[SiteName, str]:
    """Return the standby site of a zone and its region, as the stack's file says."""
    from drill.zones import choose, read_zones
    from simulator.project import stack_config

    project = project_root()
    choose(read_zones(project), (zone,))
    reader = Reader(stack_config(project, zone), "config")
    region = reader.text("aws:region")
    active = reader.section("holdfast:zone").choice("active", SiteName)
    reader.check(f"stacks/Pulumi.{zone}.yaml")
    return active.other, region


def _fetched(cloud: "Cloud", zone: str, site: SiteName, region: str) -> "Manifest":
    """Read the copy of the manifest that lies in a site."""
    from cloud import identity, manifests

    door = cloud.at(region)
    bucket = naming.bucket(identity.who_am_i(door).account, zone, site, "manifest")
    return manifests.read(door, bucket, naming.MANIFEST_KEY, zone)
