"""Who does what while an incident lasts, and how bad it is: two chapters for people."""

from continuity import naming
from incident.documents.document import Chapter, Commands, Paragraph, Table
from incident.plan.values import ContinuityPlan
from incident.record import Role
from incident.severity import Severity

DUTIES = {
    Role.COMMANDER: "decides: declares, rates, approves or has approved, and says when it is over",
    Role.OPERATIONS: "acts: types the commands of this plan, and follows the run",
    Role.COMMUNICATIONS: "tells people: clients, partners, management",
    Role.SCRIBE: "keeps the record: what was seen, decided and done, and when",
}
SIGN_IN = {
    "failover": "recover the zone, and approve what cannot be undone",
    "backup": "look after recovery points, and restore",
    "incident": "keep the record of an incident",
    "readiness": "look whether a failover would work now; it changes nothing",
}


def roles(plan: ContinuityPlan) -> Chapter:
    """Return who does what, and as whom people sign in."""
    manifest = plan.manifest
    zone = manifest.zone
    duties = tuple((str(role), does) for role, does in DUTIES.items())
    signs = tuple((naming.role(zone, name), does) for name, does in SIGN_IN.items())
    count = manifest.approvers
    people = "one person approves" if count == 1 else f"{count} different people approve"
    approve = (
        f"Before anything that cannot be undone {people} exactly the plan that was read. An "
        f"approval that was not used ends after {round(plan.limits.approval_s / 60)} minutes."
    )
    named = "Nobody is named in this plan. Who has a role is written to the incident's record:"
    command = f"holdfast incident update {zone} --role commander=NAME --role operations=NAME"
    parts = (
        Table("Roles while an incident lasts", ("Role", "Does"), duties),
        Paragraph(named),
        Commands((command,)),
        Paragraph(approve),
        Table("Sign in as", ("Role in AWS", "For whoever is to"), signs),
    )
    return Chapter("roles", "Roles", "", good=True, parts=parts, sections=())


def severities(plan: ContinuityPlan) -> Chapter:
    """Return the scale, and where each diagnosis stands on it in this zone."""
    scale = tuple((str(one), one.meaning) for one in Severity)
    rows = tuple(
        (one.diagnosis, one.severity or "none", ", ".join(one.services) or "nothing")
        for one in plan.answers
    )
    said = (
        "A person may say another severity than the suggested one; a report may make an incident "
        "worse, and never better."
    )
    parts = (
        Table("The scale", ("Severity", "Means"), scale),
        Paragraph(said),
        Table("What is suggested", ("Diagnosis", "Severity", "Clients go without"), rows),
    )
    return Chapter("severity", "Severity", "", good=True, parts=parts, sections=())
