"""`holdfast backup list`: what there is to restore from, what is kept and why.

`cli.backup_command` registers it. It looks, and changes nothing.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from cli.backup_options import Looked, SeriesOption, answer, looked
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Zone
from cli.output import Format

if TYPE_CHECKING:
    from collections.abc import Callable

    from backup.points import Series


def list_points(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    series: SeriesOption = None,
) -> ExitCode:
    """List the recovery points of a zone: kept or not and why, how fresh, what is missing."""
    seen = looked(zone, manifest, series or ())
    from backup import keep, verify_trust
    from backup.forecast import forecast
    from backup.freshness import freshness
    from cli.backup_json import listing_json
    from cli.backup_text import listing_text
    from cli.backup_trust import trust_json, trust_text

    def wanted(one: "Series") -> bool:
        return not series or one.resource in series

    seen, terms = _only(seen, wanted), keep.Terms.of(seen.manifest)
    plan = keep.plan(seen.catalogue, seen.standing, terms)
    until = forecast(plan, seen.standing, terms)
    fresh = [one for one in freshness(seen.manifest, seen.catalogue) if wanted(one.series)]
    trust = [one for one in verify_trust.read(seen.cloud, seen.manifest) if wanted(one.series)]
    now = seen.catalogue.at
    answer(
        {**listing_json(seen, plan, fresh, until), "proofs": trust_json(trust, now)},
        listing_text(seen, plan, fresh, until) + trust_text(trust, now),
        output_format,
        (),
    )
    met = all(one.met for one in fresh)
    return ExitCode.OK if met else ExitCode.OBJECTIVE_MISSED


def _only(seen: Looked, wanted: "Callable[[Series], bool]") -> Looked:
    """Return what was seen of some series; holds are the zone's."""
    catalogue = seen.catalogue
    points = tuple(one for one in catalogue.points if wanted(one.series))
    reaches = tuple(one for one in catalogue.reaches if wanted(one.series))
    return replace(seen, catalogue=replace(catalogue, points=points, reaches=reaches))
