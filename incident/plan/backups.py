"""What is backed up, when, and for how long: databases, files, logs, and what holds all of it."""

from continuity.manifest import Manifest
from continuity.zone import Retention
from incident.documents.document import Chapter, Commands, Listing, Paragraph, Section, Table
from incident.plan.cron_words import cron_words
from incident.plan.values import ContinuityPlan, Schedule

_PURPOSES = {
    "public": "files that everybody may read",
    "private": "files of subscribers",
    "configuration": "configuration of services",
}


def backups(plan: ContinuityPlan) -> Chapter:
    """Return scope, schedule and retention of every series."""
    manifest = plan.manifest
    lead = (
        "Every series lies in both regions, each copy under that region's own key. "
        f"Which points are kept is counted, never timed: {_counted(manifest.retention)}."
    )
    sections = (
        _databases(plan),
        _files(plan),
        _logs(plan),
        _kept(plan),
        _trials(plan),
        _restores(manifest.zone),
    )
    parts = (Paragraph(lead),)
    return Chapter("backups", "Backups", "", good=True, parts=parts, sections=sections)


def _counted(kept: Retention) -> str:
    tiers = ((kept.daily, "days"), (kept.weekly, "weeks"), (kept.monthly, "months"))
    newest = ", ".join(f"{count} {unit}" for count, unit in tiers if count)
    return (
        f"the newest point of each of the last {newest} that have one, reaching back "
        f"{kept.reach_days} days at most"
    )


def _databases(plan: ContinuityPlan) -> Section:
    manifest = plan.manifest
    ordered = sorted(manifest.databases, key=lambda one: (one.priority, one.name))
    rows = tuple(
        (
            one.name,
            f"the last {one.backup_retention_days} days",
            f"{one.backup_window} UTC",
            "one a day",
            "both regions",
        )
        for one in ordered
    )
    heads = ("Series", "Any moment of", "RDS backs up at", "Snapshots", "Kept in")
    when = _fires(plan, "capture")
    said = (
        "RDS keeps what restores any moment, and replicates it to the standby's region. Snapshots "
        f"are taken and copied by the backup verbs: {when}."
    )
    parts = (Table("What is kept of each database", heads, rows), Paragraph(said))
    return Section("databases", "Databases", parts)


def _files(plan: ContinuityPlan) -> Section:
    store = plan.manifest.serving_site.safekeeping
    both, one_way = "as it is written, both ways", "as it is written, to the site that stands by"
    kept = f"{plan.declared.versions_days} days"
    rows = [(one.purpose, _PURPOSES.get(one.purpose, "files"), both, kept) for one in store.buckets]
    if store.file_system:
        rows.append(("file system", "files that tasks share", one_way, "in points only"))
    heads = ("Series", "Holds", "Replicated", "A replaced version stays")
    table = Table("What is kept of files", heads, tuple(rows))
    said = (
        f"AWS Backup takes a point of each: {_fires(plan, 'files')}. The serving site's are copied "
        "to the vault of the other one. None of them expires: the rotation above gives them up."
    )
    return Section("files", "Files", (table, Paragraph(said)))


def _logs(plan: ContinuityPlan) -> Section:
    rows = tuple(
        (one.name, site.region, f"{one.days} days")
        for site in plan.manifest.sites.values()
        for one in site.safekeeping.log_groups
    )
    said = (
        "All of it is archived as it is written, replicated to the other region, and kept "
        f"{plan.declared.archive_days} days there."
    )
    parts = (
        Table("How long logs stay", ("Log", "Region", "Kept where it is written"), rows),
        Paragraph(said),
    )
    return Section("logs", "Logs", parts)


def _kept(plan: ContinuityPlan) -> Section:
    items = (
        (
            f"Points that have no place are given up: {_fires(plan, 'prune')}. Holds, point and "
            "copies are read again before each deletion."
        ),
        (
            "While a hold is on, nothing is deleted. A failover places one, and so does a prune "
            "that finds the zone failing, backups too old, or a restore under way."
        ),
        (
            f"After the last release nothing is deleted for {plan.limits.grace_days} days. The "
            "last point from before an incident is kept for "
            f"{plan.limits.pinned_days} days at least."
        ),
    )
    commands = (
        f"holdfast backup list {plan.manifest.zone}",
        f'holdfast backup hold {plan.manifest.zone} NAME --reason "why"',
    )
    return Section("kept", "What is kept, and held", (Listing(items), Commands(commands)))


def _trials(plan: ContinuityPlan) -> Section:
    ordered = sorted(plan.manifest.databases, key=lambda one: (one.priority, one.name))
    rows = tuple((one.name, check.name, check.sql) for one in ordered for check in one.checks) or (
        ("none", "none", "no check is declared"),
    )
    said = (
        f"A point of each series is restored apart and asked these questions, when none was "
        f"tried for {plan.limits.tried_days} days: {_fires(plan, 'verify')}. AWS Backup restores "
        f"files by itself: {_fires(plan, 'files-test')}."
    )
    heads = ("Database", "Check", "Asks")
    return Section("trials", "Trials", (Paragraph(said), Table("What is asked", heads, rows)))


def _restores(zone: str) -> Section:
    said = "Each shows what it would do, and does it with --apply."
    commands = (
        f"holdfast backup restore {zone} DATABASE --at MOMENT",
        f"holdfast backup restore-files {zone} BUCKET --at MOMENT --to PLACE",
        f"holdfast backup verify {zone}",
    )
    return Section("restores", "Restores", (Paragraph(said), Commands(commands)))


def _fires(plan: ContinuityPlan, duty: str) -> str:
    """Return when a duty starts by itself, in each site in which it is switched on."""
    found = [one for one in plan.declared.schedules if one.duty == duty and one.on]
    return "; ".join(told(one, plan.manifest) for one in found) or "by hand only"


def told(one: Schedule, manifest: Manifest) -> str:
    """Return when a schedule fires, and where."""
    return f"{cron_words(one.expression)} from {manifest.sites[one.site].region}"
