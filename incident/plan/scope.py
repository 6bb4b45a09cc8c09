"""What the plan covers and promises: chapters on scope, objectives and critical functions."""

from continuity.manifest import Manifest
from continuity.wording import seconds_text
from continuity.zone import SiteName
from incident.documents.document import Chapter, Paragraph, Section, Table
from incident.plan.values import ContinuityPlan, Recovery


def scope(plan: ContinuityPlan) -> Chapter:
    """Return what the zone is, where it stands, and what in it is recovered."""
    manifest = plan.manifest
    lead = (
        f"This plan covers zone {manifest.zone}, a {manifest.kind} zone that clients reach as "
        f"{manifest.traffic.name}. It is served from {manifest.serving_site.region}; "
        f"{manifest.standby_site.region} stands by with a copy of everything. A recovery needs "
        "the standby's region alone: no call on its way goes to the region that is lost."
    )
    sections = (
        Section("sites", "Sites", (_sites(manifest),)),
        Section("databases", "Databases", (_databases(manifest),)),
    )
    return Chapter("scope", "Scope", "", good=True, parts=(Paragraph(lead),), sections=sections)


def _sites(manifest: Manifest) -> Table:
    rows = [(str(site), manifest.sites[site].region, _role(manifest, site)) for site in SiteName]
    if manifest.witness is not None:
        says = "keeps word of which site may serve, and no data"
        rows.append(("witness", manifest.witness.region, says))
    return Table("Where the zone stands", ("Site", "Region", "Role"), tuple(rows))


def _role(manifest: Manifest, site: SiteName) -> str:
    hosting = manifest.sites[site].hosting
    count = f"{hosting.serving_desired} tasks of the platform"
    return f"serves, {count}" if site is manifest.active else f"stands by, grows to {count}"


def _databases(manifest: Manifest) -> Table:
    ordered = sorted(manifest.databases, key=lambda one: (one.priority, one.name))
    rows = [
        (
            one.name,
            str(one.priority),
            f"{one.engine} {one.engine_version}",
            f"{one.storage_gb} GB",
            one.members[manifest.active].identifier,
            one.members[manifest.standby].identifier,
        )
        for one in ordered
    ]
    heads = ("Database", "Priority", "Engine", "Storage", "Primary", "Replica")
    return Table("Databases, the most important first", heads, tuple(rows))


def objectives(plan: ContinuityPlan) -> Chapter:
    """Return what is promised, beside what each recovery is expected to take."""
    promised = plan.manifest.objectives
    rto, rpo = promised.rto.total_seconds(), promised.rpo.total_seconds()
    rows = (
        ("Recovery time", seconds_text(rto), "clients are served again, from the first failure"),
        ("Data loss", seconds_text(rpo), "of each database, at most, without a person's consent"),
    )
    expected = tuple(_expected(one, rto) for one in plan.recoveries)
    said = (
        "Expected are the steps of the engine's own plan with every database from its replica, and "
        "with every one restored where no replica can be used, without the time in which people "
        "approve. What a drill measured stands under testing."
    )
    heads = ("Recovery", "Expected", "With restores", "Within the objective")
    parts = (
        Table("What is promised", ("Objective", "At most", "Means"), rows),
        Paragraph(said),
        Table("What is expected", heads, expected),
    )
    return Chapter("objectives", "Objectives", "", good=True, parts=parts, sections=())


def _expected(one: Recovery, objective_s: float) -> tuple[str, ...]:
    restored = "restores nothing" if one.restored_s is None else seconds_text(one.restored_s)
    slowest_s = one.expected_s if one.restored_s is None else one.restored_s
    within = "yes" if slowest_s <= objective_s else "NO"
    return (one.name, seconds_text(one.expected_s), restored, within)


def functions(plan: ContinuityPlan) -> Chapter:
    """Return the critical functions and what each of them rests on."""
    rows = tuple((str(one.function), ", ".join(one.services)) for one in plan.manifest.functions)
    said = (
        "An incident that takes one of these services hits the function; how bad that is says "
        "the severity scale."
    )
    table = Table("What each of them needs", ("Function", "Rests on"), rows)
    parts = (Paragraph(said), table)
    return Chapter("functions", "Critical functions", "", good=True, parts=parts, sections=())
