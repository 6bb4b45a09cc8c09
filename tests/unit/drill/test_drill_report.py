from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from continuity.journal import Entry, EntryKind
from drill.expectation import Expectation
from drill.facts import Facts
from drill.report import Occasion, report, zone_report
from drill.scenario import Scenario
from drill.verdict import judge
from incident.documents.report import CallLine
from simulator.outages import Outage

MakeEntry = Callable[..., Entry]
OCCASION = Occasion("ab" * 32, "0.1.0", datetime(2026, 3, 4, tzinfo=UTC))


def test_what_the_world_measured_is_told_and_not_what_the_engine_says(
    scenario: Scenario, facts: Facts, entry: MakeEntry
) -> None:
    journal = (
        entry(EntryKind.SUSPECTED, 5, "The platform is silent."),
        entry(EntryKind.FINISHED, 360, outcome="recovered"),
    )
    found = zone_report(judge(scenario, 7, replace(facts, journal=journal)), OCCASION)
    assert (found.verdict.word, found.verdict.good) == ("RECOVERED", True)
    assert [one.measured_s for one in found.objectives] == [400.0, 2.0]
    assert [(one.source, one.lost_s) for one in found.databases] == [
        ("replica", 2.0),
        ("replica", 1.0),
    ]
    story = found.story
    assert story is not None
    assert facts.outage is not None
    assert story.outage is not None
    assert (story.outage.began, story.outage.ended) == (facts.outage.began, facts.outage.ended)
    assert (story.began, story.ended) == (facts.outage.began, facts.outage.ended)
    assert (story.phases[0].began, story.phases[0].name) == (story.began, "notice")
    assert story.phases[-1].ended == story.ended


def test_calls_are_counted_with_those_that_failed(scenario: Scenario, facts: Facts) -> None:
    failed = {"rds.DescribeDBInstances": 4}
    found = zone_report(judge(scenario, 7, replace(facts, failed_calls=failed)), OCCASION)
    assert found.calls == (
        CallLine("rds.DescribeDBInstances", 30, 4),
        CallLine("rds.PromoteReadReplica", 2, 0),
    )


def test_the_evidence_identifies_what_was_run(scenario: Scenario, facts: Facts) -> None:
    told = dict(zone_report(judge(scenario, 7, facts), OCCASION).facts)
    assert (told["Seed"], told["Scenario"]) == ("7", "test")
    assert told["Scenario file, SHA-256"] == "ab" * 32
    assert told["Manifest that the Pulumi program declared, digest"].startswith("sha256:")
    assert told["Sites"] == "home: eu-west-1, away: eu-central-1"


def test_a_zone_that_stayed_down_is_told_until_the_drill_ends(
    scenario: Scenario, down: Facts, entry: MakeEntry
) -> None:
    down = replace(down, journal=(entry(EntryKind.SUSPECTED, 5),))
    found = zone_report(judge(scenario, 7, down), OCCASION)
    assert (found.verdict.word, found.verdict.good) == ("BLOCKED", False)
    assert "Not as expected: expected to end recovered, but it ended blocked." in (
        found.verdict.sentences
    )
    assert found.story is not None
    assert found.story.outage is not None
    assert (found.story.outage.ended, found.story.ended) == (None, down.ended)
    assert {one.state for one in found.databases} == {"does not take writes"}


def test_a_broken_invariant_is_no_good_verdict(scenario: Scenario, facts: Facts) -> None:
    broken = replace(facts, violations=("Two writable primaries.",))
    found = zone_report(judge(scenario, 7, broken), OCCASION)
    assert not found.verdict.good
    assert found.violations == ("Two writable primaries.",)


def test_a_drill_in_which_nothing_happened_has_no_course_of_events(
    scenario: Scenario, facts: Facts
) -> None:
    expected = replace(scenario, expect=Expectation())
    quiet = replace(facts, outage=None, operations=(), opened=None)
    assert zone_report(judge(expected, 7, quiet), OCCASION).story is None


def test_an_outage_that_nobody_noticed_is_drawn(scenario: Scenario, facts: Facts) -> None:
    assert facts.outage is not None
    short = replace(facts, outage=Outage(facts.outage.began, facts.outage.began))
    story = zone_report(judge(scenario, 7, short), OCCASION).story
    assert story is not None
    assert (story.phases, story.steps) == ((), ())


def test_zones_of_a_drill_stand_in_the_order_asked(scenario: Scenario, facts: Facts) -> None:
    one = judge(scenario, 7, facts)
    found = report([replace(one, zone="we2"), one], OCCASION)
    assert [zone.key for zone in found.zones] == ["we2", "we1"]
    assert found.lead == "A test (scenario test, seed 7), played in we2, we1."
    assert found.written_at == OCCASION.written_at
