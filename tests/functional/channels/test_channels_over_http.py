"""Channels on real connections of this machine: what is sent, and what time and silence do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import pytest

from cloud.door import Cloud
from continuity.channels import Channels, Jira, Pagerduty, Service, Slack, StatusPage, Webhook
from continuity.errors import TemporaryError
from continuity.manifest import Manifest, Traffic
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from incident.channels.channel import Channel, Message, Moment
from incident.channels.http import Https, Request
from incident.channels.opening import channels_of
from simulator.channels.server import moved, serving
from simulator.channels.services import Services, Trouble, limited
from simulator.clock import VirtualClock, VirtualWorkers

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
ALL = ("SEV1",)
CHANNELS = Channels(
    slack=Slack(ALL, "C0123456789"),
    status_page=StatusPage(ALL, "kctbh9vrtdwd", ("8kbf7d35c070",)),
    pagerduty=Pagerduty(ALL),
    webhook=Webhook(ALL, "https://tickets.example.com/holdfast"),
    jira=Jira(ALL, "https://example.atlassian.net", "holdfast@example.com", "OPS", "Incident"),
)
MESSAGE = Message(
    key="we1-away-0001/1",
    incident="we1-away-0001",
    zone="we1",
    severity="SEV1",
    moment=Moment.PAGE,
    title="Die Plattform antwortet nicht, überall",
    text="We are looking into it.",
    at=START,
    person="first on call",
)


@dataclass
class Street:
    """The services on a port, and the channels that were told so."""

    services: Services
    address: str
    open: Callable[[Https], dict[str, Channel]]


@pytest.fixture
def street() -> Iterator[Street]:
    clock = VirtualClock(START)
    services = Services(clock, CHANNELS)
    with serving(services) as address:

        def opened(wire: Https) -> dict[str, Channel]:
            cloud = Cloud(clock, VirtualWorkers(clock, 1))
            manifest = _manifest(moved(CHANNELS, address))
            found = channels_of(cloud, manifest, services.environ, wire)
            return {channel.name: channel for channel in found}

        yield Street(services, address, opened)


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


def test_every_channel_is_understood_by_its_service(street: Street) -> None:
    channels = street.open(Https())
    for channel in channels.values():
        first = channel.deliver(MESSAGE, "")
        later = replace(MESSAGE, key="2", moment=Moment.RESOLVED, at=START + timedelta(hours=1))
        channel.deliver(later, first.reference)
    seen = {(row.service, row.what) for row in street.services.eyes.rows}
    assert seen == {
        ("slack", "thread"),
        ("slack", "reply"),
        ("slack", "headline"),
        ("status_page", "update"),
        ("pagerduty", "page"),
        ("pagerduty", "resolved"),
        ("webhook", "message"),
        ("jira", "issue"),
        ("jira", "comment"),
    }
    titles = [row.text for row in street.services.eyes.of("jira")]
    assert "überall" in titles[0]


@pytest.mark.parametrize("name", [Service.SLACK, Service.PAGERDUTY])
def test_a_service_that_never_answers_costs_the_time_limit_and_no_more(
    street: Street, name: Service
) -> None:
    street.services.trouble(name, Trouble())
    channel = street.open(Https(connect_s=0.1, read_s=0.1))[name]
    with pytest.raises(TemporaryError, match="no answer in time"):
        channel.deliver(MESSAGE, "")
    channel.deliver(MESSAGE, "")
    assert len(list(street.services.eyes.of(name))) >= 1


def test_nobody_listening_is_told_from_an_answer_that_was_lost(street: Street) -> None:
    gone = Https(connect_s=0.1, read_s=0.1)
    manifest = _manifest(moved(CHANNELS, "http://127.0.0.1:9"))
    clock = street.services.clock
    cloud = Cloud(clock, VirtualWorkers(clock, 1))
    slack = channels_of(cloud, manifest, street.services.environ, gone)[0]
    with pytest.raises(TemporaryError, match=r"no connection\. Nothing was sent\."):
        slack.deliver(MESSAGE, "")


def test_a_limit_is_read_from_the_header(street: Street) -> None:
    street.services.trouble(Service.JIRA, Trouble(limited(41)))
    with pytest.raises(TemporaryError) as caught:
        street.open(Https())["jira"].deliver(MESSAGE, "")
    assert caught.value.delay == 41


def test_requests_show_no_secret_when_they_are_printed(street: Street) -> None:
    headers = {"Authorization": "Bearer xoxb-1"}
    request = Request("POST", f"{street.address}/nothing", headers, b"xoxb-1")
    assert "xoxb-1" not in repr(request)
    assert Https().send(request).status == 404
