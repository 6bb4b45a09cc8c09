from dataclasses import replace

import pytest

from cli.reconcile_text import as_json, as_text
from continuity.agreement import Live, Unexpected
from continuity.zone import SiteName
from failover.settlement import Paid
from reconcile.act import ENGINE, NOBODY, REHEARSED, Answered
from reconcile.decision import Decision
from reconcile.operations import Unprotect
from reconcile.plan import Plan
from reconcile.role_data import RoleData

PAID = Paid()
URN = "urn:pulumi:we1::holdfast::a$b::we1-orders-home-1"
DATA = RoleData("we1", SiteName.AWAY, {SiteName.HOME: 2, SiteName.AWAY: 1}, "eu-central-1")
PLAN = Plan(
    zone="we1",
    decision=Decision("we1-0001", DATA, ("we1-0001 led the clients to away.",), {}, moved=True),
    before="active: home\n",
    after="active: away\n",
    operations=(Unprotect(URN, "the old primary of orders"),),
    live=Live("eu-central-1", frozenset(), frozenset()),
)


@pytest.fixture
def answered() -> Answered:
    return Answered(PLAN, (), REHEARSED, written=False)


def test_a_plan_shows_reasons_difference_commands_proof_and_how_to_do_it(
    answered: Answered,
) -> None:
    told = as_text(answered, PAID).splitlines()
    assert told[0] == "we1-0001 led the clients to away."
    assert {"-active: home", "+active: away", "  # the old primary of orders"} <= set(told)
    assert f"  pulumi state unprotect '{URN}' --stack we1 --yes" in told
    assert told[-2].startswith("Proven in a rehearsal: ")
    assert told[-1] == "Do it: holdfast reconcile we1 --apply"


def test_what_was_written_without_the_cli_says_what_is_left(answered: Answered) -> None:
    told = as_text(replace(answered, written=True), PAID)
    assert "Written to the stack's file:" in told
    assert "no Pulumi CLI is installed here" in told


def test_what_the_engine_proved_says_so(answered: Answered) -> None:
    done = replace(answered, written=True, proven=ENGINE, performed=PLAN.operations)
    told = as_text(done, PAID)
    assert "Told to the engine's state: 1 operations." in told
    assert "Proven by the engine's own preview" in told
    assert as_json(done, PAID)["performed"] == 1


def test_what_is_not_proven_names_each_operation(answered: Answered) -> None:
    wrong = Unexpected(URN, "would delete the database we1-orders-home-1")
    told = as_text(replace(answered, unexpected=(wrong,), proven=NOBODY), PAID).splitlines()
    assert told[-3:] == [
        "NOT PROVEN. A deployment of this would do what it must not:",
        f"  {URN}",
        "    would delete the database we1-orders-home-1",
    ]
    found = as_json(replace(answered, unexpected=(wrong,), proven=NOBODY), PAID)
    assert found["unexpected"] == [{"urn": URN, "reason": wrong.reason}]
    assert found["proven_by"] == "nobody"


def test_where_nothing_changed_hands_one_sentence_says_it(answered: Answered) -> None:
    plan = replace(PLAN, after=PLAN.before, operations=())
    assert as_text(replace(answered, plan=plan), PAID) == "we1-0001 led the clients to away.\n"


def test_for_programs_the_commands_are_lists(answered: Answered) -> None:
    found = as_json(answered, PAID)
    assert found["commands"] == [["pulumi", "state", "unprotect", URN, "--stack", "we1", "--yes"]]
    assert (found["active"], found["run"], found["written"]) == ("away", "we1-0001", False)


def test_what_a_restore_swapped_is_told_although_nothing_changed_hands(answered: Answered) -> None:
    plan = replace(PLAN, operations=(), before=PLAN.after, swapped=PLAN.operations)
    told = as_text(replace(answered, plan=plan), PAID)
    assert "A restore swapped names, and the program is not told." in told
    assert f"  pulumi state unprotect '{URN}' --stack we1 --yes" in told
    assert as_json(replace(answered, plan=plan), PAID)["swapped"] == [
        ["pulumi", "state", "unprotect", URN, "--stack", "we1", "--yes"]
    ]


def test_what_a_move_still_owes_is_said_last_and_why_it_comes_first(answered: Answered) -> None:
    told = as_text(answered, Paid(("The witness warrants away.",), ("It is silent.",))).splitlines()
    assert told[-4:] == [
        "The witness warrants away.",
        "Due before the zone is deployed, or clients may be led to the site that was left:",
        "  It is silent.",
        "Do it, as soon as both regions answer: holdfast reconcile we1 --apply",
    ]
