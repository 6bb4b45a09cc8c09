"""`holdfast backup list`: what there is to restore from, what is kept and why.

`cli.backup_command` registers it. It looks, and changes nothing.
"""

from cli.backup_options import answer, looked
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Zone
from cli.output import Format


def list_points(
    zone: Zone, manifest: ManifestFile = None, output_format: Answer = Format.TEXT
) -> ExitCode:
    """List the recovery points of a zone: kept or not and why, how fresh, what is missing."""
    seen = looked(zone, manifest)
    from backup import keep, verify_trust
    from backup.forecast import forecast
    from backup.freshness import freshness
    from cli.backup_json import listing_json
    from cli.backup_text import listing_text
    from cli.backup_trust import trust_json, trust_text

    terms = keep.Terms.of(seen.manifest)
    plan = keep.plan(seen.catalogue, seen.standing, terms)
    until = forecast(plan, seen.standing, terms)
    fresh = freshness(seen.manifest, seen.catalogue)
    trust, now = verify_trust.read(seen.cloud, seen.manifest), seen.catalogue.at
    answer(
        {**listing_json(seen, plan, fresh, until), "proofs": trust_json(trust, now)},
        listing_text(seen, plan, fresh, until) + trust_text(trust, now),
        output_format,
        (),
    )
    met = all(one.met for one in fresh)
    return ExitCode.OK if met else ExitCode.OBJECTIVE_MISSED
