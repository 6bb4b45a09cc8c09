"""What a verification showed, as a page for people who must be shown that backups can be restored.

`holdfast backup verify --report FILE` writes it. It holds the evidence and nothing else: what was
restored, from when it was, how long that took, and what each check expected and found.
"""

import os
from importlib.metadata import version
from typing import TYPE_CHECKING

from cli.surroundings import VARIABLE
from continuity.wording import seconds_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backup.evidence import Evidence
    from backup.verify import Tick
    from cli.backup_verify import Prospect
    from incident.documents.document import Chapter, Document, Part, Section, Table

_LEAD = (
    "Recovery points were restored apart from everything, asked the checks that the zone declares, "
    "and thrown away. What a check found is what lay in the restored database or bucket itself."
)
_REAL = "Nothing is simulated: the points lie in AWS."
_SIMULATED = "Simulated: AWS, what its databases hold, and the time that passed."
_NEVER = "it never came to be"


def document(found: "Prospect", tick: "Tick") -> "Document":
    """Return the page about everything that a verification ended."""
    from incident.documents.document import Document, Listing, Paragraph

    truth = _SIMULATED if os.environ.get(VARIABLE) else _REAL
    zone, now = found.work.manifest.zone, found.work.now
    closing = (
        f"Written by Holdfast {version('holdfast')} at {now:%Y-%m-%d %H:%M:%S} UTC. "
        "This file is complete: it loads nothing and runs nothing."
    )
    title = f"{zone}: recovery points that were tried"
    return Document(title, (Paragraph(_LEAD), Listing((truth,))), (_chapter(found, tick),), closing)


def _chapter(found: "Prospect", tick: "Tick") -> "Chapter":
    from incident.documents.document import Chapter

    work = found.work
    heading = f"{work.manifest.zone}, tried in {work.site} ({work.place.region})"
    proven = sum(one.verdict == "proven" for one in tick.ended)
    word = f"{proven} of {len(tick.ended)} proven"
    good = proven == len(tick.ended) and not tick.troubles
    sections = tuple(_section(found, one, number) for number, one in enumerate(tick.ended, 1))
    return Chapter(work.manifest.zone, heading, word, good, tuple(_parts(found, tick)), sections)


def _parts(found: "Prospect", tick: "Tick") -> "Iterator[Part]":
    from incident.documents.document import Listing, Paragraph

    yield Paragraph(f"Older points were drawn by {found.asked.seed}, asked for by {found.work.by}.")
    yield _overview(found, tick.ended)
    left = [f"{one.series}: {one.point} is still being tried." for one in tick.running]
    left += [f"{one.subject} in {one.region}: {one.sentence}" for one in tick.troubles]
    if left:
        yield Listing(tuple(left))


def _overview(found: "Prospect", ended: "Sequence[Evidence]") -> "Table":
    from incident.documents.document import Table

    heads = ("Series", "Point", "Taken", "Why it", "Verdict", "There after", "Checked in")
    rows = (
        (
            str(one.series),
            one.point,
            _moment(found, one),
            str(one.role),
            str(one.verdict),
            _NEVER if one.restore_s is None else seconds_text(one.restore_s),
            "-" if one.check_s is None else seconds_text(one.check_s),
        )
        for one in ended
    )
    return Table("All that was tried", heads, tuple(rows))


def _section(found: "Prospect", one: "Evidence", number: int) -> "Section":
    """Return what the checks of one trial expected and found."""
    from incident.documents.document import Paragraph, Section, Table

    told = f": {one.why}" if one.why else ""
    size = f"{one.size_gb} GB, taken {_moment(found, one)}"
    parts: list[Part] = [Paragraph(f"{one.point} ({size}) is {one.verdict}{told}.")]
    if one.results:
        met = {True: "yes", False: "NO", None: "nobody can say"}
        rows = ((each.name, each.expected, each.found, met[each.met]) for each in one.results)
        heads = ("Check", "Expected", "Found", "Met")
        parts.append(Table(f"Checks of {one.point}", heads, tuple(rows)))
    return Section(f"trial-{number}", f"{one.series}, {one.role}", tuple(parts))


def _moment(found: "Prospect", one: "Evidence") -> str:
    from incident.documents.moments import moment_text

    return moment_text(one.taken_at, found.work.manifest.window.timezone)
