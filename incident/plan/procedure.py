"""The incident procedure, from detection to review: the chapter that people walk through."""

from continuity.manifest import Manifest
from continuity.wording import seconds_text
from incident.documents.document import Chapter, Commands, Listing, Paragraph, Section
from incident.plan.values import ContinuityPlan
from incident.states import FOLLOWS, State


def procedure(plan: ContinuityPlan) -> Chapter:
    """Return the six phases, each with what happens by itself and what to type."""
    zone = plan.manifest.zone
    sections = (
        _detection(plan),
        _assessment(zone),
        _containment(plan.manifest),
        _communication(plan.manifest),
        _restoration(plan),
        _review(zone),
    )
    states = "; ".join(
        f"{state} goes to {', '.join(one for one in State if one in FOLLOWS[state])}"
        for state in State
        if FOLLOWS[state]
    )
    lead = f"An incident is in one of {len(State)} states: {states}."
    heading = "Incident procedure"
    return Chapter("procedure", heading, "", good=True, parts=(Paragraph(lead),), sections=sections)


def _detection(plan: ContinuityPlan) -> Section:
    zone, limits = plan.manifest.zone, plan.limits
    items = (
        (
            f"A watcher reads two independent signals. A region counts as lost after "
            f"{limits.readings} failing readings of both over {seconds_text(limits.confirm_s)}."
        ),
        (
            f"A database counts as lost after {seconds_text(limits.database_confirm_s)} in which "
            "clients' writes fail and RDS says why; missing tasks or a bad release after "
            f"{seconds_text(limits.hosting_confirm_s)}."
        ),
        (
            "One signal alone never begins anything. Alarms of both sites speak on the topics "
            "under contacts; a message of one declares an incident."
        ),
        "What nobody measures, a person declares.",
    )
    commands = (
        f"holdfast failover start {zone} --watch",
        f"holdfast incident declare {zone} --alarm FILE",
        (
            f'holdfast incident declare {zone} --title "what is wrong" '
            "--reported-by customer --channel phone"
        ),
    )
    return Section("detection", "Detection", (Listing(items), Commands(commands)))


def _assessment(zone: str) -> Section:
    said = (
        "Acknowledge, so that nobody else is called. Name the roles. Rate it, if the suggestion "
        "is wrong. See what a recovery would do and lose, before it is begun."
    )
    commands = (
        f"holdfast incident acknowledge {zone}",
        f"holdfast incident show {zone}",
        f"holdfast failover plan {zone}",
    )
    return Section("assessment", "Assessment", (Paragraph(said), Commands(commands)))


def _containment(manifest: Manifest) -> Section:
    zone, lost = manifest.zone, manifest.active
    items = (
        "A recovery first holds every recovery point: nothing is deleted from then on.",
        (
            f"A move shows clients the holding page and cuts the {lost} site off its databases, if "
            f"it answers; within {seconds_text(manifest.traffic.drain_s)} no client holds an old "
            "answer."
        ),
        "All of that is begun before anybody approves, because all of it can be undone.",
        "Where data are damaged and no recovery is begun yet, hold the recovery points by hand.",
    )
    commands = (
        f'holdfast backup hold {zone} NAME --reason "why"',
        f'holdfast incident update {zone} --state contained --note "what was done"',
    )
    return Section("containment", "Containment", (Listing(items), Commands(commands)))


def _communication(manifest: Manifest) -> Section:
    zone = manifest.zone
    tell = f'holdfast incident update {zone} --public "what they cannot do, in their own words"'
    note = f'holdfast incident update {zone} --note "who was told what"'
    if not manifest.channels.used:
        said = (
            "Communications tells clients and partners what they have to do without and when they "
            "hear again, and writes down that it did. Whom a message reaches stands under contacts."
        )
        return Section("communication", "Communication", (Paragraph(said), Commands((note,))))
    said = (
        "Each moment of the incident is told by itself on the channels under contacts, while a "
        "failover or the first command below runs: keep one of them running. Communications adds "
        "what only people know, and writes down whom it told in person."
    )
    commands = (f"holdfast incident deliver {zone} --watch", tell, note)
    return Section("communication", "Communication", (Paragraph(said), Commands(commands)))


def _restoration(plan: ContinuityPlan) -> Section:
    zone, limits = plan.manifest.zone, plan.limits
    items = (
        "The recovery of each diagnosis stands in the next chapter, its steps in the one after.",
        (
            f"A driver that dies is replaced by anybody, anywhere: {seconds_text(limits.lease_s)} "
            "later the next one goes on where the run is, and nothing happens twice."
        ),
        (
            "A database that may lose more than the objective is promoted with a person's consent "
            "only; the zone opens without one that is lost only where a person says so."
        ),
    )
    commands = (
        f"holdfast failover resume {zone}",
        f"holdfast failover approve {zone} --accept-data-loss DATABASE --reason TEXT",
        f"holdfast failover open {zone} --without DATABASE --reason TEXT",
        f'holdfast incident update {zone} --state monitoring --note "clients are served"',
    )
    return Section("restoration", "Restoration", (Listing(items), Commands(commands)))


def _review(zone: str) -> Section:
    said = (
        "What was watched and holds is reviewed, and only then closed, for ever. The page of the "
        "review comes from the record and the journals of its runs; people state causes, and "
        "improvements with the role that sees to each and a day. Those stay open until they are "
        "done. What was learned goes into code and config, from where it comes back into this plan."
    )
    commands = (
        f"holdfast failover history {zone} RUN --report run.html",
        f"holdfast incident review {zone} --report review.html",
        (
            f'holdfast incident review {zone} --cause "why it happened" '
            '--improve "OWNER:YYYY-MM-DD:what" --held'
        ),
        f'holdfast incident close {zone} --reason "why it is over"',
        f'holdfast incident review {zone} INCIDENT --done 1 --outcome "what came of it"',
    )
    return Section("review", "Review", (Paragraph(said), Commands(commands)))
