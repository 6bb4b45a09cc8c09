"""What a site's function makes of what its topic says: alarms that went off, and nothing else."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from continuity.critical_functions import usual
from continuity.incidents import IncidentEntry
from continuity.zone import SiteName
from incident.declare import Words
from incident.handler import heard
from incident.record import Incident, incidents

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
MANIFEST: Any = SimpleNamespace(zone="we1", active=SiteName.HOME)


@dataclass
class Log:
    """A record in memory, as a book keeps one."""

    functions: tuple[Any, ...] = usual(("orders",))
    entries: list[IncidentEntry] = field(default_factory=list)

    def write(self, rule: Callable[[tuple[Incident, ...]], Words]) -> SimpleNamespace:
        known = tuple(incidents(self.entries))
        words = rule(known)
        name = words.incident.id if words.incident else "we1-away-0001"
        first = len(self.entries) + 1
        new = [one.entry(first + n, name, NOW) for n, one in enumerate(words.drafts)]
        self.entries += new
        found = next(one for one in incidents(self.entries) if one.id == name)
        return SimpleNamespace(incident=found, written=tuple(new))


def said(message: str) -> Mapping[str, Any]:
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": message}}]}


def alarm(name: str = "we1-home-platform-unhealthy", state: str = "ALARM", minute: int = 0) -> str:
    return json.dumps(
        {
            "AlarmName": name,
            "AlarmArn": f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}",
            "NewStateValue": state,
            "NewStateReason": "Threshold Crossed",
            "StateChangeTime": f"2026-03-03T08:{minute:02}:00.000+0000",
        }
    )


def hear(log: Any, message: str) -> str:  # noqa: ANN401 - stands in for a book
    return heard(log, MANIFEST, said(message))


def test_an_alarm_that_went_off_is_an_incident_and_told_twice_it_is_one() -> None:
    log = Log()
    first = hear(log, alarm())
    assert first == "we1-home-platform-unhealthy is on record in we1-away-0001"
    assert hear(log, alarm()) == "we1-home-platform-unhealthy stands in we1-away-0001 already"
    assert len(log.entries) == 1


def test_an_alarm_that_comes_again_adds_to_the_open_incident() -> None:
    log = Log()
    hear(log, alarm())
    hear(log, alarm(minute=20))
    hear(log, alarm("we1-away-orders-lag", minute=21))
    assert len(log.entries) == 3
    assert {one.incident for one in log.entries} == {"we1-away-0001"}


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (alarm(state="OK"), "is OK"),
        (alarm(state="INSUFFICIENT_DATA"), "is INSUFFICIENT_DATA"),
        (alarm("we2-home-platform-unhealthy"), "is no alarm of we1"),
        ("A hold was placed on we1.", "is not JSON"),
        ('{"Event": "test"}', "AlarmName"),
    ],
)
def test_whatever_else_the_topic_says_declares_nothing(message: str, why: str) -> None:
    log = Log()
    sentence = hear(log, message)
    assert sentence.startswith("Nothing is declared: ")
    assert why in sentence
    assert log.entries == []
