"""What people read in a drill: judged by their eyes, whatever the record says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from continuity.channels import Email
from continuity.manifest import Manifest
from drill.facts import Facts
from drill.reading import misread, untold
from drill.report import Occasion, report
from drill.scenario import Scenario
from drill.telling import IN_DRILLS, speaking
from drill.text import as_text
from drill.told import Told
from drill.verdict import judge
from drill.verdict_json import as_json
from incident.documents.pages import markdown
from simulator.call_log import Call, Outcome
from simulator.channels.mail import mails
from simulator.channels.seen import Seen

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)


def page(text: str) -> Seen:
    return Seen(AT, "status_page", "update", "inc1", text, "identified")


def test_what_is_said_twice_or_names_what_is_ours_is_a_violation(manifest: Manifest) -> None:
    good = [page("We are on it."), page("It works."), replace(page("On it."), service="slack")]
    assert misread(good, manifest) == ()
    twice = [page("We are on it."), page("We are on it.")]
    assert misread(twice, manifest) == ("status_page said 2 times: We are on it.",)
    named = f"{manifest.databases[0].name} in {manifest.serving_site.region} is lost."
    [found] = misread([page(named)], manifest)
    assert found.startswith("customers read ")
    assert manifest.serving_site.region in found
    assert misread([replace(page(named), service="slack")], manifest) == ()


@pytest.mark.parametrize(
    ("read", "fits"),
    [
        (["We know it.", "It\nworks."], True),
        (["We know it."], False),
        (["It works.", "We know it."], False),
        (["We know it.", "We know it.", "It works."], False),
    ],
)
def test_customers_read_all_that_was_expected_in_order_and_nothing_else(
    read: list[str], *, fits: bool
) -> None:
    seen = [page(text) for text in read]
    assert (untold(seen, ["know", "It works"]) == ()) is fits
    assert untold(seen, ()) == ()


def test_a_zone_without_channels_is_drilled_with_some(manifest: Manifest) -> None:
    assert speaking(manifest, Told.NOBODY) == manifest
    assert speaking(manifest, Told.SIMULATED).channels == IN_DRILLS
    email = Email(("SEV1",), "status", ("operations@customer.example",))
    own = replace(manifest, channels=replace(IN_DRILLS, jira=None, email=email))
    assert speaking(own, Told.SERVED) == own


def sent(outcome: Outcome) -> Call:
    headers = [{"Name": "X-Holdfast-Message", "Value": "we1-away-0001:1"}]
    simple = {
        "Subject": {"Data": "[we1] It works"},
        "Body": {"Text": {"Data": "All of it.\n"}},
        "Headers": headers,
    }
    where = ("sesv2", "SendEmail", "eu-west-1", AT, outcome)
    return Call(*where, parameters={"Content": {"Simple": simple}})


def test_mails_are_read_once_they_left_and_hold_no_names_of_ours(manifest: Manifest) -> None:
    calls = [sent(one) for one in (Outcome.UNREACHABLE, Outcome.REPLY_LOST, Outcome.OK)]
    found = tuple(mails([*calls, Call("rds", "PromoteReadReplica", "eu-west-1", AT)]))
    mail = Seen(AT, "email", "mail", "we1-away-0001:1", "[we1] It works\nAll of it.")
    assert found == (mail, mail)
    assert misread(found, manifest) == ()  # SES knows no idempotency
    region = manifest.serving_site.region
    assert misread([replace(mail, text=region)], manifest) == (
        f"customers read {region}: {region}",
    )


def test_what_people_read_stands_in_the_verdict_its_object_and_the_report(
    scenario: Scenario, facts: Facts
) -> None:
    read = (replace(page("We are\non it."), at=facts.began + timedelta(seconds=46)),)
    found = judge(scenario, 1, replace(facts, read=read))
    assert "  people read      46 s         status_page, identified: We are on it.\n" in as_text(
        found
    )
    assert as_json(found)["messages"] == [
        {
            "at": read[0].at.isoformat(),
            "service": "status_page",
            "what": "update",
            "thread": "inc1",
            "text": "We are\non it.",
            "state": "identified",
        }
    ]
    occasion = Occasion("ab" * 32, "0.1.0", facts.ended)
    text = markdown(report([found], occasion))
    assert "status\\_page | identified | We are on it." in text
    assert "What people read" not in markdown(report([judge(scenario, 1, facts)], occasion))
