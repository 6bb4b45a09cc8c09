"""Every service that people read, in this process, and the channels of a zone that reach them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from cloud.door import Cloud
from continuity.channels import (
    Channels,
    Jira,
    Pagerduty,
    Service,
    Slack,
    StatusPage,
    Turn,
    Webhook,
)
from continuity.manifest import Manifest, Traffic
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from incident.channels.channel import Channel, Message, Moment
from incident.channels.http import NoAnswer, Reply, Request, Wire
from incident.channels.opening import channels_of
from simulator.channels.services import Services
from simulator.clock import VirtualClock, VirtualWorkers

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
ALL = ("SEV1", "SEV2", "SEV3", "SEV4")
CHANNELS = Channels(
    slack=Slack(ALL, "C0123456789"),
    status_page=StatusPage(ALL[:2], "kctbh9vrtdwd", ("8kbf7d35c070", "vtnh60py4yd7")),
    pagerduty=Pagerduty(ALL[:2]),
    webhook=Webhook(ALL, "https://tickets.example.com/holdfast"),
    jira=Jira(
        ALL,
        "https://example.atlassian.net",
        "holdfast@example.com",
        "OPS",
        "Incident",
        {"recovering": "In Progress", "resolved": "Done"},
    ),
    escalation=(Turn("first on call", 10), Turn("second on call", 10)),
)


@dataclass
class LosesAnswers:
    """A wire on which the answers to some requests, counted from 0, never arrive."""

    inner: Wire
    lost: frozenset[int]
    asked: int = 0

    def send(self, request: Request) -> Reply:
        reply = self.inner.send(request)
        self.asked += 1
        if self.asked - 1 in self.lost:
            raise NoAnswer("no answer in time", sent=True)
        return reply


@dataclass
class City:
    """The services, and how a zone's channels reach them."""

    clock: VirtualClock
    services: Services
    manifest: Manifest

    def channels(self, wire: Wire | None = None, **environ: str) -> dict[str, Channel]:
        cloud = Cloud(self.clock, VirtualWorkers(self.clock, 4))
        known = {**self.services.environ, **environ}
        found = channels_of(cloud, self.manifest, known, wire or self.services.wire)
        return {channel.name: channel for channel in found}

    def losing(self, *requests: int) -> LosesAnswers:
        return LosesAnswers(self.services.wire, frozenset(requests))

    def seen(self, service: str) -> list[tuple[str, str, str]]:
        return [(row.what, row.text, row.state) for row in self.services.eyes.of(service)]


def _manifest(channels: Channels) -> Manifest:
    return Manifest(
        zone="we1",
        kind=ZoneKind.PRODUCTION,
        account="123456789012",
        active=SiteName.HOME,
        approvers=1,
        objectives=Objectives(rto=timedelta(hours=12), rpo=timedelta(hours=24)),
        retention=Retention(daily=5, weekly=4, monthly=3),
        window=MaintenanceWindow(time(0), time(6), "Europe/Lisbon"),
        traffic=Traffic("we1.example.com", "Z1", 60, 10, 3),
        sites={},
        databases=(),
        channels=channels,
    )


@pytest.fixture
def city() -> City:
    clock = VirtualClock(START)
    return City(clock, Services(clock, CHANNELS), _manifest(CHANNELS))


MESSAGE = Message(
    key="we1-away-0001/1",
    incident="we1-away-0001",
    zone="we1",
    severity="SEV1",
    moment=Moment.INVESTIGATING,
    title="The platform does not answer",
    text="We are looking into it.",
    at=START,
)


@pytest.fixture
def say() -> Callable[..., Message]:
    """Return the first message of an incident, or a later one with something else in it."""

    def message(number: int = 1, **other: Any) -> Message:  # noqa: ANN401 - fields of a message
        key, at = f"we1-away-0001/{number}", START + timedelta(minutes=number)
        return replace(MESSAGE, **{"key": key, "at": at, **other})

    return message


@pytest.fixture(params=[one for one in Service if one is not Service.EMAIL])
def service(request: pytest.FixtureRequest) -> Service:
    """Every channel that speaks HTTP."""
    found: Service = request.param
    return found
