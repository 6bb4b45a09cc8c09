"""A report of two zones, one that came back and one that did not; and a page as its parts."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from continuity.journal import Entry, EntryKind
from incident.documents.report import (
    CallLine,
    DatabaseLine,
    Decision,
    Ending,
    Objective,
    Report,
    Span,
    StepSpan,
    Story,
    Told,
    Verdict,
    ZoneReport,
)

START = datetime(2026, 3, 3, 9, 5, tzinfo=UTC)
VOID = {"meta", "link", "br", "hr", "img", "input"}


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class Page(HTMLParser):
    """A page as tests ask about it; a tag that is not closed, or not opened, is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.inside: Counter[tuple[str, str]] = Counter()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if self.open:
            self.inside[self.open[-1], tag] += 1
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]][-1] += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page() -> type[Page]:
    return Page


@pytest.fixture
def story() -> Story:
    steps = (
        StepSpan("close-home", after(40), after(42), critical=True),
        StepSpan("promote-orders", after(130), after(300), Ending.FAILED),
        StepSpan("restore-orders", after(300), None, Ending.OPEN, critical=True),
    )
    phases = (Span("detect", after(1), after(39)), Span("contain", after(39), after(130)))
    return Story(START, after(600), phases, steps, Span("outage", START, None), 3.0)


@pytest.fixture
def zone_report(story: Story) -> Callable[..., ZoneReport]:
    def make(**changed: object) -> ZoneReport:
        entry = Entry(1, after(1), EntryKind.SUSPECTED, "Clients of we1 are not served.")
        fields = {
            "key": "we1",
            "heading": "Zone we1",
            "timezone": "America/Sao_Paulo",
            "verdict": Verdict("BLOCKED", good=False, sentences=("It is not open.",)),
            "objectives": (
                Objective("Recovery time", 900.0, 1200.0, met=False),
                Objective("Data loss", 300.0, None, met=None),
            ),
            "story": story,
            "databases": (
                DatabaseLine("orders", "does not take writes", None, 4.0, None, ("It is failed.",)),
                DatabaseLine("files", "from its replica", "replica", 0.0, 1.0),
            ),
            "refused": (Told(after(100), "Promoting orders could lose 608 s."),),
            "setbacks": (Told(after(300), "Could not promote orders."),),
            "decisions": (Decision(after(90), "ana", "ana approved plan abc.", "abc"),),
            "violations": (),
            "calls": (CallLine("rds.PromoteReadReplica", 2, 1), CallLine("dynamodb.Query", 30, 0)),
            "facts": (("Seed", "7"),),
            "journal": (entry,),
        }
        return ZoneReport(**{**fields, **changed})

    return make


@pytest.fixture
def report(zone_report: Callable[..., ZoneReport]) -> Report:
    good = zone_report(
        key="sa1",
        heading="Zone sa1",
        verdict=Verdict("RECOVERED", good=True),
        refused=(),
        setbacks=(),
        decisions=(),
        calls=None,
        story=None,
        journal=(),
        violations=("Two primaries took writes.",),
    )
    truth = ("Real: the engine.", "Simulated: AWS.")
    zones = (zone_report(), good)
    return Report("Drill report: test", "A region is lost.", truth, "0.1.0", after(9000), zones)
