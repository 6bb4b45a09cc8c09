"""Secrets and mails of a zone whose channels were deployed, as the incident role reaches them."""

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta

import pulumi_aws as aws
import pytest

from cloud.door import Cloud
from continuity.channels import Channels, Email, Slack
from continuity.errors import PermanentError, TemporaryError
from continuity.incidents import DELIVERY
from continuity.manifest import Manifest, Site, Traffic
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from incident.channels.channel import Channel, Message, Moment
from incident.channels.opening import channels_of
from simulator.backstage import client
from simulator.callers import sign_in
from simulator.channels.services import TOKENS, Services
from simulator.clock import VirtualWorkers
from simulator.faults import Fault, FaultKind
from simulator.mails import confine, received
from simulator.program import run_inline
from simulator.rights.judge import enforce
from simulator.world import ACCOUNT, World
from stacks.channels import Channels as Component
from stacks.channels import ChannelsArgs
from stacks.place import Place
from stacks.scopes import SiteScope, policy

HOME, AWAY = "eu-west-1", "eu-central-1"
DOMAIN = "we1.example.com"
PLACES = {
    SiteName.HOME: Place("we1", SiteName.HOME, HOME, ACCOUNT),
    SiteName.AWAY: Place("we1", SiteName.AWAY, AWAY, ACCOUNT),
}
SUBSCRIBERS = tuple(f"reader{n}@example.org" for n in range(60))
CHANNELS = Channels(
    slack=Slack(("SEV1",), "C0123456789"),
    email=Email(("SEV1",), "status", SUBSCRIBERS, "help@example.com"),
)
SECRET = "holdfast-channels/we1/slack"  # noqa: S105 - its name
START = datetime(2026, 3, 3, 9, tzinfo=UTC)
MESSAGE = Message("k1", "we1-away-0001", "we1", "SEV1", Moment.HOLDING_PAGE, "It is down",
                  "We move to another place.", START)  # fmt: skip


@dataclass
class Town:
    """A world in which the zone's channels are, IAM enforced, signed in as who may deliver."""

    world: World
    services: Services
    manifest: Manifest

    def open(self) -> dict[str, Channel]:
        cloud = Cloud(self.world.clock, VirtualWorkers(self.world.clock, 2))
        found = channels_of(cloud, self.manifest, {}, self.services.wire)
        return {channel.name: channel for channel in found}

    def fault(self, kind: FaultKind, region: str, **more: object) -> None:
        fault = Fault(kind, 0, region=region, **more)
        self.world.faults.schedule([fault], origin=self.world.clock.monotonic())


def _program() -> None:
    zone = aws.route53.Zone("zone", name=DOMAIN)
    Component("we1", ChannelsArgs(CHANNELS, DOMAIN, zone.zone_id, PLACES))


def _site(region: str) -> Site:
    required = [
        one.name
        for one in fields(Site)
        if one.default is MISSING and one.default_factory is MISSING
    ]
    return Site(**{**dict.fromkeys(required, ""), "region": region})


def _manifest() -> Manifest:
    return Manifest(
        zone="we1",
        kind=ZoneKind.PRODUCTION,
        account=ACCOUNT,
        active=SiteName.HOME,
        approvers=1,
        objectives=Objectives(rto=timedelta(hours=12), rpo=timedelta(hours=24)),
        retention=Retention(daily=5, weekly=4, monthly=3),
        window=MaintenanceWindow(time(0), time(6), "Europe/Lisbon"),
        traffic=Traffic("we1.example.com", "Z1", 60, 10, 3),
        sites={SiteName.HOME: _site(HOME), SiteName.AWAY: _site(AWAY)},
        databases=(),
        channels=CHANNELS,
    )


@pytest.fixture
def town() -> Iterator[Town]:
    with World(5) as world:
        with world.instantly():
            run_inline(_program)
            scopes = [SiteScope(place, "arn:key", "sg-1", DOMAIN) for place in PLACES.values()]
            iam = client("iam", "us-east-1")
            iam.create_role(RoleName="teller", AssumeRolePolicyDocument='{"Statement": []}')
            text = policy(DELIVERY, scopes)
            iam.put_role_policy(RoleName="teller", PolicyName="tell", PolicyDocument=text)
        enforce(world)
        sign_in(world, "teller", "test", AWAY)
        yield Town(world, Services(world.clock, CHANNELS), _manifest())


def enter(value: str) -> None:
    client("secretsmanager", HOME).put_secret_value(SecretId=SECRET, SecretString=value)


def test_a_token_that_people_entered_is_read_beside_the_lost_region(town: Town) -> None:
    enter(TOKENS["slack"])
    town.fault(FaultKind.REGION_LOST, HOME)
    assert town.open()["slack"].deliver(MESSAGE, "").reference
    (call,) = [one for one in town.world.calls if one.operation == "GetSecretValue"]
    assert call.region == AWAY


def test_a_token_is_read_in_the_other_site_when_the_standby_is_silent(town: Town) -> None:
    enter(TOKENS["slack"])
    town.fault(FaultKind.REGION_LOST, AWAY)
    assert town.open()["slack"].deliver(MESSAGE, "").reference


def test_a_token_that_nobody_entered_says_how_to_enter_it_and_silences_one_channel(
    town: Town,
) -> None:
    channels = town.open()
    with pytest.raises(PermanentError) as caught:
        channels["slack"].deliver(MESSAGE, "")
    assert str(caught.value) == (
        f"The secret {SECRET} has no value in {AWAY}. Enter one, where it is no replica: aws "
        f"secretsmanager put-secret-value --secret-id {SECRET} --secret-string file://FILE"
    )
    channels["email"].deliver(MESSAGE, "")
    enter(TOKENS["slack"])
    assert channels["slack"].deliver(MESSAGE, "").reference


def test_a_token_that_was_replaced_is_read_anew_after_the_refusal(town: Town) -> None:
    enter("xoxb-old")
    slack = town.open()["slack"]
    with pytest.raises(PermanentError, match="invalid_auth"):
        slack.deliver(MESSAGE, "")
    enter(TOKENS["slack"])
    assert slack.deliver(MESSAGE, "").reference


def test_subscribers_get_a_mail_from_the_healthy_region_and_do_not_see_each_other(
    town: Town,
) -> None:
    town.fault(FaultKind.REGION_LOST, HOME)
    town.open()["email"].deliver(MESSAGE, "")
    mails = received(AWAY)
    assert [one.recipients for one in mails] == [SUBSCRIBERS[:50], SUBSCRIBERS[50:]]
    assert {one.sender for one in mails} == {"status@we1.example.com"}
    assert {one.subject for one in mails} == {"[we1.example.com] It is down"}
    assert received(HOME) == ()
    sent = [one.parameters for one in town.world.calls if one.operation == "SendEmail"]
    assert [set(one["Destination"]) for one in sent] == [{"BccAddresses"}] * 2
    assert sent[0]["ConfigurationSetName"] == "we1-away-mail"


def test_the_other_region_sends_where_the_first_does_not_answer(town: Town) -> None:
    town.fault(FaultKind.REGION_LOST, AWAY)
    town.open()["email"].deliver(MESSAGE, "")
    assert (len(received(AWAY)), len(received(HOME))) == (0, 2)


def test_a_mail_goes_out_again_where_its_answer_was_lost_and_no_part_that_was_answered(
    town: Town,
) -> None:
    for region in (HOME, AWAY):
        town.fault(FaultKind.LOST_REPLY, region, service="sesv2", operation="SendEmail", times=1)
    email = town.open()["email"]
    with pytest.raises(TemporaryError):
        email.deliver(MESSAGE, "")
    email.deliver(MESSAGE, "")
    email.deliver(MESSAGE, "")
    sent = {region: [len(one.recipients) for one in received(region)] for region in (HOME, AWAY)}
    assert sent == {HOME: [50], AWAY: [50, 50, 10]}


def test_what_keeps_ses_from_sending_is_said_with_what_to_do(town: Town) -> None:
    confine(town.world, AWAY)
    with pytest.raises(PermanentError) as caught:
        town.open()["email"].deliver(MESSAGE, "")
    told = str(caught.value)
    assert told.startswith("SES in eu-central-1 sends nothing. Verify the zone's domain there")
    assert "take the account out of the sandbox in that region" in told


@pytest.mark.parametrize("moment", [Moment.PAGE, Moment.ACKNOWLEDGED, Moment.NOTE])
def test_subscribers_are_not_told_what_is_not_for_them(town: Town, moment: Moment) -> None:
    town.open()["email"].deliver(replace(MESSAGE, moment=moment), "")
    assert received(AWAY) == ()
