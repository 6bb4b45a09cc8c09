from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from continuity.journal import Entry, EntryKind
from continuity.outside import Served
from continuity.zone import SiteName
from drill.expectation import Expectation, Outcome
from drill.facts import Facts
from drill.scenario import Scenario
from drill.verdict import Verdict, judge
from simulator.outages import Outage

MakeEntry = Callable[..., Entry]


def expecting(scenario: Scenario, expect: Expectation) -> Scenario:
    return replace(scenario, expect=expect)


def test_a_zone_that_takes_writes_where_clients_arrive_is_recovered(
    scenario: Scenario, facts: Facts
) -> None:
    verdict = judge(scenario, 7, facts)
    assert verdict.outcome is Outcome.RECOVERED
    assert (verdict.unmet, verdict.objective_missed) == ((), False)
    assert (verdict.zone, verdict.seed) == ("we1", 7)


def test_an_engine_that_claims_success_recovers_nothing(
    scenario: Scenario, down: Facts, entry: MakeEntry
) -> None:
    claims = (
        entry(EntryKind.SUSPECTED, 5),
        entry(EntryKind.FINISHED, 60, "we1 is recovered.", outcome="recovered"),
    )
    verdict = judge(scenario, 1, replace(down, journal=claims))
    assert verdict.outcome is Outcome.BLOCKED
    assert verdict.unmet == (
        "expected to end recovered, but it ended blocked",
        "the journal says recovered, the world says blocked",
    )


@pytest.mark.parametrize("served", [Served.HOLDING_PAGE, Served.NOBODY, Served.HOME])
def test_writable_databases_where_no_client_arrives_are_no_recovery(
    scenario: Scenario, facts: Facts, served: Served
) -> None:
    assert judge(scenario, 1, replace(facts, served_by=served)).outcome is Outcome.BLOCKED


def test_one_database_that_takes_no_writes_is_no_recovery(scenario: Scenario, facts: Facts) -> None:
    first, second = facts.databases
    broken = replace(facts, databases=(first, replace(second, writable=frozenset())))
    verdict = judge(scenario, 1, broken)
    assert verdict.outcome is Outcome.BLOCKED
    assert [one.writable for one in verdict.databases] == [True, False]


def test_an_outage_that_goes_on_is_no_recovery(scenario: Scenario, facts: Facts) -> None:
    began = facts.began
    verdict = judge(scenario, 1, replace(facts, outage=Outage(began)))
    assert verdict.outcome is Outcome.BLOCKED


def test_what_never_went_away_is_recovered_in_no_time(scenario: Scenario, facts: Facts) -> None:
    home = frozenset({SiteName.HOME})
    untouched = replace(
        facts,
        outage=None,
        served_by=Served.HOME,
        databases=tuple(replace(one, writable=home, lost_s=0.0) for one in facts.databases),
        operations=(),
    )
    verdict = judge(scenario, 1, untouched)
    assert (verdict.outcome, verdict.rto.measured_s, verdict.rto.met) == (
        Outcome.RECOVERED,
        0.0,
        True,
    )
    assert [one.source for one in verdict.databases] == [None, None]


def refusals(entry: MakeEntry, *names: str) -> tuple[Entry, ...]:
    return tuple(
        entry(EntryKind.REFUSED, 40 + number, f"Promoting {name} could lose data.", database=name)
        for number, name in enumerate(names)
    )


def test_what_the_engine_declined_and_left_alone_is_refused(
    scenario: Scenario, down: Facts, entry: MakeEntry
) -> None:
    journal = (entry(EntryKind.SUSPECTED, 5), *refusals(entry, "orders", "files"))
    assert judge(scenario, 1, replace(down, journal=journal)).outcome is Outcome.REFUSED


def test_a_refusal_of_one_database_does_not_excuse_another(
    scenario: Scenario, down: Facts, entry: MakeEntry
) -> None:
    journal = (entry(EntryKind.SUSPECTED, 5), *refusals(entry, "orders"))
    assert judge(scenario, 1, replace(down, journal=journal)).outcome is Outcome.BLOCKED


def test_a_zone_where_only_the_declined_database_is_missing_is_refused(
    scenario: Scenario, facts: Facts, down: Facts, entry: MakeEntry
) -> None:
    arn = facts.manifest.databases[1].members[SiteName.AWAY].arn
    journal = (entry(EntryKind.SUSPECTED, 5), *refusals(entry, "orders"))
    others = tuple(one for one in facts.operations if one.target == arn)
    databases = (down.databases[0], facts.databases[1])
    found = replace(down, journal=journal, operations=others, databases=databases)
    assert judge(scenario, 1, found).outcome is Outcome.REFUSED


def test_one_declined_and_one_that_broke_is_blocked(
    scenario: Scenario, facts: Facts, down: Facts, entry: MakeEntry
) -> None:
    arn = facts.manifest.databases[1].members[SiteName.AWAY].arn
    journal = (entry(EntryKind.SUSPECTED, 5), *refusals(entry, "orders"))
    broke = tuple(one for one in facts.operations if one.target == arn)
    found = replace(down, journal=journal, operations=broke)
    assert judge(scenario, 1, found).outcome is Outcome.BLOCKED


def test_a_plan_that_nobody_approved_is_refused(
    scenario: Scenario, down: Facts, facts: Facts, entry: MakeEntry
) -> None:
    journal = (entry(EntryKind.FINISHED, 60, "Nobody approved.", outcome="refused"),)
    assert judge(scenario, 1, replace(down, journal=journal)).outcome is Outcome.REFUSED
    promoted = replace(down, journal=journal, operations=facts.operations)
    assert judge(scenario, 1, promoted).outcome is Outcome.BLOCKED


def test_a_database_that_gave_up_is_blocked_although_its_next_source_was_declined(
    scenario: Scenario, down: Facts, entry: MakeEntry
) -> None:
    gave_up = entry(EntryKind.FAILED, 30, "Could not promote orders.", database="orders")
    ended = entry(EntryKind.FINISHED, 60, "we1 is not open.", outcome="blocked")
    journal = (entry(EntryKind.SUSPECTED, 5), gave_up, *refusals(entry, "orders", "files"), ended)
    verdict = judge(scenario, 1, replace(down, journal=journal))
    assert verdict.outcome is Outcome.BLOCKED
    assert not [one for one in verdict.unmet if "the journal says" in one]


def test_a_sentence_that_only_a_controller_said_counts(scenario: Scenario, facts: Facts) -> None:
    wanted = expecting(scenario, Expectation(sentences=("we may be cut off",)))
    assert judge(wanted, 1, facts).unmet
    assert judge(wanted, 1, replace(facts, said=("Now we may be cut off.",))).unmet == ()


def test_an_engine_that_refuses_and_promotes_all_the_same_is_blocked(
    scenario: Scenario, facts: Facts, down: Facts, entry: MakeEntry
) -> None:
    journal = (entry(EntryKind.SUSPECTED, 5), *refusals(entry, "orders", "files"))
    found = replace(down, journal=journal, operations=facts.operations)
    assert judge(scenario, 1, found).outcome is Outcome.BLOCKED


def test_the_recovery_time_is_what_clients_went_through(scenario: Scenario, facts: Facts) -> None:
    rto = judge(scenario, 1, facts).rto
    assert (rto.objective_s, rto.measured_s, rto.met) == (900.0, 400.0, True)


def test_a_late_recovery_misses_the_objective(scenario: Scenario, facts: Facts) -> None:
    late = Outage(facts.began, facts.began + timedelta(seconds=901))
    verdict = judge(scenario, 1, replace(facts, outage=late))
    assert (verdict.rto.met, verdict.objective_missed, verdict.unmet) == (False, True, ())


def test_without_recovery_the_time_runs_to_the_end_and_is_not_met(
    scenario: Scenario, down: Facts
) -> None:
    rto = judge(scenario, 1, down).rto
    assert (rto.measured_s, rto.met) == (899.0, False)


def test_the_worst_database_is_the_data_loss_of_the_zone(scenario: Scenario, facts: Facts) -> None:
    rpo = judge(scenario, 1, facts).rpo
    assert (rpo.objective_s, rpo.measured_s, rpo.met) == (300.0, 2.0, True)


def test_a_loss_above_the_objective_misses_it(scenario: Scenario, facts: Facts) -> None:
    first, second = facts.databases
    verdict = judge(scenario, 1, replace(facts, databases=(first, replace(second, lost_s=301.0))))
    assert (verdict.rpo.met, verdict.objective_missed) == (False, True)


def test_an_expected_refusal_misses_no_objective(
    scenario: Scenario, down: Facts, entry: MakeEntry
) -> None:
    journal = (entry(EntryKind.SUSPECTED, 5), *refusals(entry, "orders", "files"))
    verdict = judge(
        expecting(scenario, Expectation(Outcome.REFUSED)), 1, replace(down, journal=journal)
    )
    assert (verdict.unmet, verdict.objective_missed) == ((), False)


def test_unmet_expectations_are_sentences(
    scenario: Scenario, facts: Facts, entry: MakeEntry
) -> None:
    expect = Expectation(
        outcome=Outcome.REFUSED,
        rto=timedelta(minutes=5),
        max_data_loss=timedelta(seconds=1),
        sentences=("fenced", "not said"),
    )
    journal = (entry(EntryKind.VERDICT, 9, "The old primary is fenced."),)
    suspected = (entry(EntryKind.SUSPECTED, 5), *journal)
    assert judge(expecting(scenario, expect), 1, replace(facts, journal=suspected)).unmet == (
        "expected to end refused, but it ended recovered",
        "expected back within 5 min, took 6 min 40 s",
        "expected to lose at most 1 s, lost 2 s",
        "expected the journal or a controller to say 'not said'",
    )


def test_a_database_says_where_it_came_back_from_and_what_it_cost(
    scenario: Scenario, facts: Facts, entry: MakeEntry
) -> None:
    proof = replace(
        entry(EntryKind.DONE, 300, database="orders", claimed_loss_s=1.5), step="verify-orders"
    )
    journal = (entry(EntryKind.SUSPECTED, 5), proof)
    orders, files = judge(scenario, 1, replace(facts, journal=journal)).databases
    assert (orders.name, orders.source, orders.data_loss_s) == ("orders", "replica", 2.0)
    assert (orders.claimed_loss_s, files.claimed_loss_s) == (1.5, None)


def test_the_floor_is_leaving_the_slowest_work_and_arriving(
    scenario: Scenario, facts: Facts
) -> None:
    # 90 s drain, 10 + 200 s for the slower promotion, two of three samples after the first.
    assert judge(scenario, 1, facts).floor_s == 90 + 210 + 20


def test_a_proven_fence_takes_the_drain_out_of_the_floor(
    scenario: Scenario, facts: Facts, entry: MakeEntry
) -> None:
    fenced = (entry(EntryKind.VERDICT, 40, verdict="fenced"),)
    assert judge(scenario, 1, replace(facts, journal=fenced)).floor_s == 20 + 210 + 20


def test_where_clients_were_led_nowhere_there_is_no_floor(scenario: Scenario, down: Facts) -> None:
    assert judge(scenario, 1, down).floor_s == 0.0


def test_a_slow_start_of_the_platform_is_part_of_the_floor(
    scenario: Scenario, facts: Facts
) -> None:
    slow = tuple(
        replace(one, seconds=500.0) if "ecs" in one.target else one for one in facts.operations
    )
    assert judge(scenario, 1, replace(facts, operations=slow)).floor_s == 90 + 500 + 20


def test_phases_are_the_whole_outage_from_what_nobody_noticed_to_the_last_client(
    scenario: Scenario, facts: Facts, entry: MakeEntry
) -> None:
    journal = (
        entry(EntryKind.SUSPECTED, 9),
        entry(EntryKind.DIAGNOSED, 39),
        entry(EntryKind.FINISHED, 50, outcome="recovered"),
    )
    phases = judge(scenario, 1, replace(facts, journal=journal)).phases
    assert [phase.name for phase in phases][:2] == ["notice", "detect"]
    assert phases[0].seconds == 8.0
    assert phases[-1].name == "arrive"
    assert sum(phase.seconds for phase in phases) == judge(scenario, 1, facts).rto.measured_s


def test_without_a_journal_there_are_no_phases(scenario: Scenario, facts: Facts) -> None:
    assert judge(scenario, 1, facts).phases == ()


def test_calls_are_listed_by_name(scenario: Scenario, facts: Facts) -> None:
    assert list(judge(scenario, 1, facts).api_calls) == [
        "rds.DescribeDBInstances",
        "rds.PromoteReadReplica",
    ]


def test_violations_are_passed_on(scenario: Scenario, facts: Facts) -> None:
    verdict: Verdict = judge(scenario, 1, replace(facts, violations=("two primaries",)))
    assert verdict.violations == ("two primaries",)
