"""Whatever regions die and return, in whatever order: nobody is led back to the site that was left.

The health checks are those that the program declares, listened to as Route 53 listens; the regions
are the adversary's, who may lose or return any of them every ten seconds, for ever.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from continuity import naming
from simulator.health_checks import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.program import Outcome
    from simulator.state import Resource

CLOSED, OPEN = "away/closed/home", "away/open/away"
STANDBYS, WITNESSES = "away/warrant/home", "witness/warrant/home"
DEPLOYED = frozenset({STANDBYS, WITNESSES})
NONE_LOST = frozenset({"away", "witness"})


@dataclass(frozen=True)
class Check:
    """One declared check of an endpoint: the object `SITE/KEY` that it watches."""

    watched: str
    inverted: bool
    threshold: int

    def heard(self, now: Sight, up: frozenset[str], objects: frozenset[str]) -> Sight:
        """Listen once more."""
        answers = self.watched.partition("/")[0] in up
        # A revoked warrant is there and says something else; a closing object is there or not.
        there = self.watched in objects
        watch = Watch(now.healthy, now.streak)
        watch.hear(0 if not answers else 200 if there else 403, self.threshold)
        return Sight(watch.healthy, watch.streak)


@dataclass(frozen=True)
class Sight:
    """What the checkers make of one endpoint."""

    healthy: bool
    streak: int = 0


@dataclass(frozen=True)
class Moment:
    """The objects of the latches, and what the checkers have made of them."""

    objects: frozenset[str]
    sights: tuple[Sight, ...]


class Model:
    """The declared checks of the home site, and where they lead."""

    def __init__(self, ledger: Outcome) -> None:
        serving = ledger.named("ops-dns-serving")
        (serves,) = _sources(serving, "healthCheckId")
        (opened,) = _sources(ledger.named("ops-dns-standby"), "healthCheckId")
        calculated = ledger.named(serves)
        children = _sources(calculated, "childHealthchecks")
        self.needed = int(calculated.inputs["childHealthThreshold"])
        self.names = (*children, opened)
        self.checks = tuple(_check(ledger.named(name)) for name in self.names)

    def settled(self, up: frozenset[str], objects: frozenset[str]) -> Moment:
        """Return the moment at which every checker has seen things as they are."""
        there = (one.watched in objects for one in self.checks)
        answers = (one.watched.partition("/")[0] in up for one in self.checks)
        both = zip(there, answers, strict=True)
        return Moment(objects, tuple(Sight(found and reached) for found, reached in both))

    def later(
        self, moment: Moment, up: frozenset[str], asked: tuple[bool, ...] | None = None
    ) -> Moment:
        """Return what they have made of it ten seconds later, those of them that asked."""
        rows = zip(self.checks, moment.sights, asked or (True,) * len(self.checks), strict=True)
        heard = (
            check.heard(sight, up, moment.objects) if asks else sight for check, sight, asks in rows
        )
        return replace(moment, sights=tuple(heard))

    def led_to(self, moment: Moment) -> str:
        """Return where clients are led."""
        pairs = zip(self.checks, moment.sights, strict=True)
        *children, opened = (sight.healthy is not check.inverted for check, sight in pairs)
        if sum(children) >= self.needed:
            return "home"
        return "away" if opened else "holding page"


def _sources(resource: Resource, name: str) -> list[str]:
    return sorted(urn.rsplit("::", 1)[1] for urn in resource.property_dependencies[name])


def _check(resource: Resource) -> Check:
    inputs = resource.inputs
    site = str(inputs["fqdn"]).split("-latch")[0].rpartition("-")[2]
    assert inputs.get("searchString", naming.WARRANTED) == naming.WARRANTED
    watched = f"{site}{inputs['resourcePath']}"
    return Check(watched, bool(inputs["invertHealthcheck"]), int(inputs["failureThreshold"]))


@pytest.fixture(scope="module")
def model(ledger: Outcome) -> Model:
    return Model(ledger)


ALL_UPS = tuple(
    frozenset(each)
    for size in range(len(NONE_LOST) + 1)
    for each in itertools.combinations(sorted(NONE_LOST), size)
)
"""Which of the two regions are there: all four possibilities."""


def ever_after(
    model: Model,
    begin: Moment,
    acts: Callable[[Moment, frozenset[str]], frozenset[str]],
    turns: tuple[tuple[bool, ...] | None, ...] = (None,),
) -> set[Moment]:
    """Return every moment that can follow, however regions die and return.

    `acts` is what the run does, `turns` which of the checks may ask at the same time: all of them.
    """
    reached, found = {begin}, [begin]
    while found:
        moment = found.pop()
        for up, asked in itertools.product(ALL_UPS, turns):
            after = model.later(replace(moment, objects=acts(moment, up)), up, asked)
            if after not in reached:
                reached.add(after)
                found.append(after)
    return reached


def nobody(moment: Moment, _: frozenset[str]) -> frozenset[str]:
    return moment.objects


def watched(moment: Moment, up: frozenset[str]) -> frozenset[str]:
    """Do what a run or a watcher does at each look: what is due, wherever a region answers."""
    objects = moment.objects
    if "away" in up:
        objects = (objects - {STANDBYS}) | {CLOSED}
    if "witness" in up and CLOSED in objects:
        objects -= {WITNESSES}
    return objects | {OPEN} if "away" in up and STANDBYS not in objects else objects


def test_the_model_is_what_the_program_declares(model: Model) -> None:
    assert sorted(one.watched for one in model.checks) == [
        CLOSED,
        CLOSED,
        OPEN,
        STANDBYS,
        WITNESSES,
    ]
    assert model.needed == 3


@pytest.mark.parametrize("up", ALL_UPS, ids=lambda up: "+".join(sorted(up)) or "none")
def test_before_a_move_no_single_lost_region_moves_traffic(
    model: Model, up: frozenset[str]
) -> None:
    led = model.led_to(model.settled(up, DEPLOYED))
    assert led == ("home" if up else "holding page")


def test_before_a_move_no_way_to_lose_one_region_at_a_time_moves_traffic(model: Model) -> None:
    """While the one comes and goes the other one stays, and they may take turns."""
    begin = model.settled(NONE_LOST, DEPLOYED)
    for lost in NONE_LOST:
        moment = begin
        for _ in range(5):
            moment = model.later(moment, NONE_LOST - {lost})
            assert model.led_to(moment) == "home"
        for _ in range(5):
            moment = model.later(moment, NONE_LOST)
            assert model.led_to(moment) == "home"


def test_one_closing_object_is_enough_to_leave_the_site(model: Model) -> None:
    closed = model.settled(NONE_LOST, DEPLOYED | {CLOSED})
    assert model.led_to(closed) == "holding page"


def test_after_both_warrants_are_revoked_no_order_of_losses_leads_back(model: Model) -> None:
    """The driver may be gone for ever, and each check asks when it likes, at times never."""
    sealed = model.settled(NONE_LOST, frozenset({CLOSED, OPEN}))
    turns = tuple(itertools.product((False, True), repeat=len(model.checks)))
    reached = ever_after(model, sealed, nobody, turns)
    assert {model.led_to(moment) for moment in reached} == {"away", "holding page"}
    assert len(reached) == 6**3  # the closing object twice and the opening one, each at any stage


@pytest.mark.parametrize("up", ALL_UPS, ids=lambda up: "+".join(sorted(up)) or "none")
def test_while_somebody_watches_nobody_is_led_back_even_by_a_witness_that_was_lost(
    model: Model, up: frozenset[str]
) -> None:
    reached = ever_after(model, model.settled(up, DEPLOYED), watched)
    opened = [moment for moment in reached if OPEN in moment.objects]
    settled = [moment for moment in opened if _has_left(model, moment)]
    assert settled
    for moment in settled:
        after = ever_after(model, moment, watched)
        assert "home" not in {model.led_to(one) for one in after}


def _has_left(model: Model, moment: Moment) -> bool:
    """Say whether clients were led away, which a run waits for before it promotes anything."""
    return model.led_to(moment) == "away"


def test_what_it_cannot_do_a_witness_that_was_never_told_and_nobody_to_tell_it(
    model: Model,
) -> None:
    """The reason why a run goes on asking a silent witness, and `--watch` after it."""
    untold = model.settled(frozenset({"away"}), frozenset({CLOSED, OPEN, WITNESSES}))
    assert model.led_to(untold) == "away"
    reached = ever_after(model, untold, nobody)
    assert "home" in {model.led_to(moment) for moment in reached}
