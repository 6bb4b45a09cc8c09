"""The plan's first chapter: what to type at the worst hour, before anybody has time to read.

`incident.plan.whole` places it. The same order as docs/guide/worst-hour.md, with the zone's name.
"""

from incident.documents.document import Chapter, Commands, Paragraph, Section
from incident.plan.values import ContinuityPlan

_STEPS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "status",
        "1. Is somebody at it already?",
        "If a run goes on, only follow it. A second one is never made.",
        ("holdfast failover status {zone}",),
    ),
    (
        "plan",
        "2. What would happen?",
        "This changes nothing. Read what stands AGAINST IT, and the data loss of each database.",
        ("holdfast failover plan {zone}",),
    ),
    (
        "start",
        "3. Start, and say since when",
        (
            "The moment is on the clocks of {timezone}. A zone that is served refuses. What is "
            "wrong but measured by nobody is declared instead."
        ),
        (
            'holdfast failover start {zone} --since HH:MM --reason "what people see"',
            (
                'holdfast incident declare {zone} --title "what is wrong" --reported-by customer '
                "--channel phone"
            ),
        ),
    ),
    (
        "follow",
        "4. Follow it from a second terminal",
        "The line WANTED is the only thing that needs you; it carries the exact command.",
        ("holdfast failover status {zone} --follow",),
    ),
    (
        "approve",
        "5. Approval by {people}",
        (
            "Whoever approves does so in a session under the own name, and names the plan that was "
            "read by its hash."
        ),
        ("holdfast failover approve {zone} --plan HASH",),
    ),
    (
        "think",
        "If you need to think",
        "A paused run begins nothing. The recovery time goes on.",
        (
            'holdfast failover pause {zone} --reason "why"',
            "holdfast failover resume {zone}",
        ),
    ),
)
"""Key, heading, what to know, what to type."""


def first_hour(plan: ContinuityPlan) -> Chapter:
    """Return the commands of the first hour, in order."""
    manifest = plan.manifest
    people = _people(manifest.approvers)
    lead = (
        "Type this, in this order. Nothing here can make it worse: what cannot be undone waits "
        f"for approval by {people}, and of exactly the plan that was read. Sign in under your own "
        f"name in {manifest.standby_site.region}, the region that stands by."
    )
    known = {"zone": manifest.zone, "timezone": manifest.window.timezone, "people": people}
    sections = tuple(
        Section(
            key,
            heading.format(**known),
            (
                Paragraph(said.format(**known)),
                Commands(tuple(line.format(**known) for line in lines)),
            ),
        )
        for key, heading, said, lines in _STEPS
    )
    heading, parts = "When something is wrong", (Paragraph(lead),)
    return Chapter("first-hour", heading, "", good=True, parts=parts, sections=sections)


def _people(count: int) -> str:
    return "one person" if count == 1 else f"{count} different people"
