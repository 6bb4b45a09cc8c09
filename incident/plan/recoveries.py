"""What follows from each diagnosis, and the steps of each recovery: the engine's own table."""

from collections.abc import Iterator

from continuity.wording import seconds_text
from incident.documents.document import Chapter, Commands, Listing, Paragraph, Part, Section, Table
from incident.plan.values import Answer, ContinuityPlan, PlannedStep, Recovery


def diagnoses(plan: ContinuityPlan) -> Chapter:
    """Return a section for each diagnosis, in the order of the table."""
    said = (
        "This is the table by which the engine acts. A recovery that begins by itself still waits "
        "for approval before anything that cannot be undone."
    )
    sections = tuple(_diagnosis(one) for one in plan.answers)
    heading = "Recovery procedures"
    return Chapter("recovery", heading, "", good=True, parts=(Paragraph(said),), sections=sections)


def _diagnosis(one: Answer) -> Section:
    facts = (
        f"Recovery: {one.recovery or 'none'}",
        f"Begins by itself: {'yes' if one.alone else 'no'}",
        f"Needs from a person: {one.needs}",
        f"Severity: {one.severity or 'none'}",
    )
    parts: list[Part] = [Paragraph(one.meaning), Listing(facts)]
    parts += [Commands(one.commands)] if one.commands else []
    return Section(one.diagnosis.replace(" ", "-"), one.diagnosis.capitalize(), tuple(parts))


def steps(plan: ContinuityPlan) -> Chapter:
    """Return the steps of each recovery, and where their times come from."""
    said = (
        "Steps that need nothing of each other are taken at the same time. Those on the critical "
        "path decide how long the recovery takes. What a step replaces is tried first."
    )
    sections = [_recovery(index, one) for index, one in enumerate(plan.recoveries, 1)]
    sections.append(Section("times", "Where the times come from", (_times(plan),)))
    heading = "Steps of each recovery"
    parts = (Paragraph(said),)
    return Chapter("steps", heading, "", good=True, parts=parts, sections=tuple(sections))


def _recovery(number: int, one: Recovery) -> Section:
    heads = ("Step", "In", "Does", "Expected", "Can be undone", "Critical path")
    table = Table(f"Expected: {seconds_text(one.expected_s)}", heads, tuple(map(_row, one.steps)))
    heading = one.name[:1].upper() + one.name[1:]
    return Section(f"recovery-{number}", heading, (table,))


def _row(step: PlannedStep) -> tuple[str, ...]:
    does = step.what if step.instead_of is None else f"{step.what}, if {step.instead_of} gives up"
    undone = "NO" if step.irreversible else "yes"
    critical = "yes" if step.critical else "no"
    return (step.name, step.site, does, seconds_text(step.estimate_s), undone, critical)


def _times(plan: ContinuityPlan) -> Table:
    heads = ("Source", "Steps")
    rows = tuple((source, ", ".join(names)) for source, names in _sources(plan))
    return Table("Estimates, and what they rest on", heads, rows)


def _sources(plan: ContinuityPlan) -> Iterator[tuple[str, list[str]]]:
    """Yield each source once, with the steps that it stands behind, in their order."""
    found: dict[str, list[str]] = {}
    for step in (step for one in plan.recoveries for step in one.steps):
        names = found.setdefault(step.source, [])
        if step.name not in names:
            names.append(step.name)
    yield from found.items()
