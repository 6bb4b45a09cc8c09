"""When machines may work, how the plan is tested, and how this document is kept true."""

from collections.abc import Iterator

from continuity.ledger import YEARLY, due, last_passed
from continuity.manifest import Manifest
from continuity.significant import changed, digests
from continuity.wording import seconds_text
from incident.documents.document import Chapter, Commands, Paragraph, Part, Table
from incident.documents.moments import moment_text
from incident.plan.cron_words import cron_words
from incident.plan.values import ContinuityPlan


def windows(plan: ContinuityPlan) -> Chapter:
    """Return the zone's window, RDS's share of it, and what starts by itself."""
    window = plan.manifest.window
    backed_up = sorted({one.backup_window for one in plan.manifest.databases})
    rows = (
        ("the zone's", f"{window.start:%H:%M} to {window.end:%H:%M}", f"daily, {window.timezone}"),
        ("RDS, backups", ", ".join(backed_up), "daily, UTC"),
        ("RDS, maintenance", plan.declared.maintenance, "weekly, UTC"),
    )
    said = (
        "Maintenance and backups happen inside the zone's window only. RDS takes its windows in "
        "UTC: the part that lies inside all year, whatever the clocks do."
    )
    fires = tuple(
        (
            one.duty,
            plan.manifest.sites[one.site].region,
            f"{cron_words(one.expression)}, {one.timezone}",
            "on" if one.on else "waits until the site has that role",
        )
        for one in plan.declared.schedules
    )
    parts = (
        Paragraph(said),
        Table("Maintenance windows", ("Window", "From and to", "How often"), rows),
        *_announced(plan.manifest),
        Table("What starts by itself", ("Duty", "Region", "When", "State"), fires),
    )
    return Chapter("windows", "Windows", "", good=True, parts=parts, sections=())


def _announced(manifest: Manifest) -> tuple[Part, ...]:
    """Return how long before people are told of work that they will notice."""
    notice = manifest.notice
    countries = f", holidays of {', '.join(notice.countries)} left out" if notice.countries else ""
    said = (
        f"What clients notice is announced {notice.business_days} business days before"
        f"{countries}; a patch that cannot wait, {seconds_text(notice.emergency_s)} before. "
        "A change is judged before it is made:"
    )
    lines = (
        f"holdfast change check {manifest.zone} --preview FILE",
        f"holdfast maintenance announce {manifest.zone} --what TEXT --from MOMENT",
    )
    return Paragraph(said), Commands(lines)


def testing(plan: ContinuityPlan) -> Chapter:
    """Return what is on record, and what to type for the next test."""
    return Chapter("testing", "Testing", "", good=True, parts=tuple(_testing(plan)), sections=())


def _testing(plan: ContinuityPlan) -> Iterator[Part]:
    zone = plan.manifest.zone
    yield Paragraph(
        f"The plan is tested once in {YEARLY.days} days at least, and after every significant "
        "change of databases, hosting or names. A drill plays the loss of a region on the "
        "program and the engine that would meet it; readiness looks at the account itself."
    )
    yield Commands(
        (
            f"holdfast drill --zone {zone} --report drill.html --record --ledger",
            f"holdfast check {zone}",
        )
    )
    if not plan.tests:
        yield Paragraph("No drill is on record.")
        return
    zone_time = plan.manifest.window.timezone
    yield Paragraph(_next(plan))
    rows = tuple((moment_text(one.at, zone_time), one.what, one.result) for one in plan.tests)
    yield Table("On record", ("When", "What", "Result"), rows)


def _next(plan: ContinuityPlan) -> str:
    """Say until when the next test has to be made; a change since the last one makes it due."""
    last = last_passed(plan.tests, plan.manifest.zone)
    if last is None:
        return "None of them brought the zone back as promised: a test is due."
    subjects = changed(last.digests, digests(plan.manifest))
    if subjects:
        tested = f"the test of {last.at:%Y-%m-%d}"
        return f"The {' and '.join(subjects)} changed since {tested}: a test is due."
    return f"The next test is due by {due(last):%Y-%m-%d}."


def upkeep(plan: ContinuityPlan, digest: str) -> Chapter:
    """Return what this document is made from, and how to make it anew."""
    zone = plan.manifest.zone
    said = (
        "Nobody writes this document. It is generated from the zone's file, the program that "
        "declares the zone, and the engine that recovers it; a check before every change fails "
        "while it differs from what they say. Its date is that of the commit that holds it."
    )
    rows = (*plan.sources, ("Everything above, SHA-256", digest))
    commands = (f"holdfast plan-document {zone} --check", f"holdfast plan-document {zone} --write")
    parts = (Paragraph(said), Commands(commands), Table("Made from", ("What", "Value"), rows))
    heading = "How this plan is kept true"
    return Chapter("upkeep", heading, "", good=True, parts=parts, sections=())
