"""What each service shows, message by message."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cloud.permitted import permissions_of
from continuity.channels import MOMENTS, SEVERITIES, Service
from continuity.errors import PermanentError
from continuity.incidents import DELIVERY
from incident.channels.channel import Audience, Message, Moment
from incident.channels.email import Email
from incident.channels.jira import document, label
from incident.channels.opening import stored
from incident.channels.slack import escaped
from incident.severity import Severity
from simulator.channels.jira import text_of

City = Any  # the fixture of conftest.py, which no test can import
Say = Callable[..., Message]


def test_the_vocabulary_knows_every_severity_and_moment() -> None:
    assert tuple(Severity) == SEVERITIES
    assert {*MOMENTS} == {*Moment} - {
        Moment.MAINTENANCE, Moment.PAGE, Moment.ACKNOWLEDGED, Moment.NOTE,
    }  # fmt: skip


def test_every_channel_has_the_audience_for_which_it_is_written_for(city: City) -> None:
    assert {name: channel.audience for name, channel in city.channels().items()} == {
        "slack": Audience.INSIDE,
        "status_page": Audience.CUSTOMERS,
        "pagerduty": Audience.ON_CALL,
        "webhook": Audience.TICKETS,
        "jira": Audience.TICKETS,
    }


def test_slack_has_a_thread_under_a_headline_that_says_how_things_stand(
    city: City, say: Say
) -> None:
    slack = city.channels()["slack"]
    thread = slack.deliver(say(), "").reference
    slack.deliver(say(2, moment=Moment.HOLDING_PAGE, text="Clients see a page & wait."), thread)
    title = "*SEV1 we1: The platform does not answer*"
    assert [row[:2] for row in city.seen("slack")] == [
        ("thread", f"{title} | investigating | 2026-03-03 09:01 UTC"),
        ("reply", "*Investigating: The platform does not answer*\nWe are looking into it."),
        ("reply", "*Holding page: The platform does not answer*\nClients see a page &amp; wait."),
        ("headline", f"{title} | holding page | 2026-03-03 09:02 UTC"),
    ]


def test_names_in_a_thread_are_written_as_people_write_them(city: City, say: Say) -> None:
    page = say(moment=Moment.PAGE, person="Ana Silva", title="RDS is down")
    city.channels()["slack"].deliver(page, "")
    assert city.seen("slack")[-1][1].startswith("*Page for Ana Silva: RDS is down*")


def test_a_note_and_what_comes_late_leave_the_headline_as_it_is(city: City, say: Say) -> None:
    slack = city.channels()["slack"]
    thread = slack.deliver(say(9, moment=Moment.MONITORING), "").reference
    slack.deliver(say(10, moment=Moment.NOTE), thread)
    slack.deliver(say(2, moment=Moment.IDENTIFIED), thread)
    assert [row[0] for row in city.seen("slack")] == ["thread", "reply", "reply", "reply"]


def test_a_thread_that_somebody_deleted_is_begun_anew(city: City, say: Say) -> None:
    slack = city.channels()["slack"]
    thread = slack.deliver(say(), "").reference
    city.services.by_name[Service.SLACK].messages.clear()
    city.clock.sleep(60)
    assert slack.deliver(say(2), thread).reference != thread
    assert city.seen("slack")[-1][0] == "reply"


def test_long_threads_are_looked_through_page_by_page(city: City, say: Say) -> None:
    slack = city.channels()["slack"]
    thread = slack.deliver(say(), "").reference
    fake = city.services.by_name[Service.SLACK]
    fake.messages += [{"ts": f"1.{n}", "thread_ts": thread, "text": "chat"} for n in range(450)]
    slack.deliver(say(2), thread)
    before = len(city.seen("slack"))
    slack.deliver(say(2), thread)
    assert len(city.seen("slack")) == before


def test_no_text_can_call_everybody_in_a_channel() -> None:
    assert escaped("<!channel> a & b") == "&lt;!channel&gt; a &amp; b"


def test_customers_read_updates_and_see_the_components_change(city: City, say: Say) -> None:
    page = city.channels()["status_page"]
    fake = city.services.by_name[Service.STATUS_PAGE]
    reference = page.deliver(say(), "").reference
    assert set(fake.components.values()) == {"major_outage"}
    page.deliver(say(2, moment=Moment.MONITORING, text="It works again."), reference)
    assert set(fake.components.values()) == {"degraded_performance"}
    page.deliver(say(3, moment=Moment.RESOLVED, text="It is over."), reference)
    assert set(fake.components.values()) == {"operational"}
    assert [row[2] for row in city.seen("status_page")] == [
        "investigating",
        "monitoring",
        "resolved",
    ]
    assert fake.incidents[reference]["impact_override"] == "critical"


@pytest.mark.parametrize("moment", [Moment.PAGE, Moment.ACKNOWLEDGED, Moment.NOTE])
def test_customers_are_never_shown_what_is_not_for_them(
    city: City, say: Say, moment: Moment
) -> None:
    receipt = city.channels()["status_page"].deliver(say(moment=moment), "inc1")
    assert receipt.reference == "inc1"
    assert city.seen("status_page") == []


def test_pages_ring_until_somebody_acknowledges_and_end_with_the_incident(
    city: City, say: Say
) -> None:
    pager = city.channels()["pagerduty"]
    one = pager.deliver(say(moment=Moment.PAGE, person="first on call"), "")
    two = pager.deliver(say(2, moment=Moment.PAGE, person="second on call"), one.reference)
    assert pager.deliver(say(3, moment=Moment.RECOVERING), two.reference) == two
    three = pager.deliver(say(4, moment=Moment.ACKNOWLEDGED), two.reference)
    assert three == two
    assert pager.deliver(say(5, moment=Moment.RESOLVED), three.reference).reference == ""
    assert [(row[0], row[2]) for row in city.seen("pagerduty")] == [
        ("page", "first on call"),
        ("page", "second on call"),
        ("acknowledged", ""),
        ("acknowledged", ""),
        ("resolved", ""),
        ("resolved", ""),
    ]


def test_each_person_may_have_an_integration_of_their_own(city: City, say: Say) -> None:
    keys = {"first on call": "a" * 32, "second on call": "b" * 32}
    pager = city.channels(HOLDFAST_PAGERDUTY_TOKEN=json.dumps(keys))["pagerduty"]
    pager.deliver(say(moment=Moment.PAGE, person="second on call"), "")
    assert [key for key, _ in city.services.by_name[Service.PAGERDUTY].alerts] == ["b" * 32]
    with pytest.raises(PermanentError, match="no integration key for somebody else"):
        pager.deliver(say(2, moment=Moment.PAGE, person="somebody else"), "")


def test_a_ticket_is_a_reference_that_the_receiver_named(city: City, say: Say) -> None:
    webhook = city.channels()["webhook"]
    reference = webhook.deliver(say(), "").reference
    assert reference == "T-1"
    assert webhook.deliver(say(2, moment=Moment.RESOLVED), reference).reference == "T-1"
    assert [row[2] for row in city.seen("webhook")] == ["investigating", "resolved"]


def test_an_issue_is_commented_and_moves_with_the_incident(city: City, say: Say) -> None:
    jira = city.channels()["jira"]
    reference = jira.deliver(say(), "").reference
    jira.deliver(say(2, moment=Moment.RECOVERING, text="One.\n\nTwo,\nthree."), reference)
    jira.deliver(say(3, moment=Moment.RECOVERING), reference)
    jira.deliver(say(4, moment=Moment.RESOLVED), reference)
    assert [(row[0], row[2]) for row in city.seen("jira")] == [
        ("issue", "To Do"),
        ("comment", ""),
        ("moved", "In Progress"),
        ("comment", ""),
        ("comment", ""),
        ("moved", "Done"),
    ]
    fake = city.services.by_name[Service.JIRA]
    assert fake.issues[reference]["fields"]["labels"] == ["holdfast", label("we1-away-0001")]
    assert text_of(fake.issues[reference]["comments"][0]["body"]).endswith("One.\n\nTwo,\nthree.")


def test_a_status_to_which_nothing_leads_is_named_with_those_to_which_something_does(
    city: City, say: Say
) -> None:
    moved = replace(city.manifest.channels.jira, statuses={"investigating": "Melted"})
    channels = replace(city.manifest.channels, jira=moved)
    city.manifest = replace(city.manifest, channels=channels)
    jira = city.channels()["jira"]
    with pytest.raises(PermanentError, match="'Melted'; Jira offers: To Do, In Progress, Done"):
        jira.deliver(say(), "")


def test_an_empty_text_is_a_document_still() -> None:
    assert document("") == {"type": "doc", "version": 1, "content": []}


def test_all_that_channels_declare_is_what_whoever_delivers_is_granted() -> None:
    declared = {*permissions_of(Email.deliver), *permissions_of(stored)}
    assert declared == set(DELIVERY)
