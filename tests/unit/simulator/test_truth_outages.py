from datetime import UTC, datetime, timedelta

from simulator.clock import VirtualClock
from simulator.outages import Outage, Outages

START = datetime(2026, 3, 3, 9, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_an_outage_lasts_until_the_last_client_is_served_again() -> None:
    clock = VirtualClock(START)
    outages = Outages(clock)
    outages.fails("orders")
    clock.at(1, lambda: outages.fails("orders"))
    clock.at(5, lambda: outages.works("orders"))
    clock.at(9, lambda: outages.works("orders"))
    clock.sleep(10)
    assert outages.of("orders") == (Outage(START, after(9)),)


def test_a_zone_is_out_from_the_first_failure_of_any_database_until_all_work() -> None:
    clock = VirtualClock(START)
    outages = Outages(clock)
    clock.at(1, lambda: outages.fails("orders"))
    clock.at(2, lambda: outages.fails("billing"))
    clock.at(3, lambda: outages.works("orders"))
    clock.at(7, lambda: outages.works("billing"))
    clock.sleep(10)
    assert outages.zone == (Outage(after(1), after(7)),)
    assert outages.of("billing") == (Outage(after(2), after(7)),)


def test_several_outages_are_listed_one_by_one() -> None:
    clock = VirtualClock(START)
    outages = Outages(clock)
    for begin, end in ((1, 2), (5, 8)):
        clock.at(begin, lambda: outages.fails("orders"))
        clock.at(end, lambda: outages.works("orders"))
    clock.sleep(10)
    assert [one.seconds(clock.now()) for one in outages.zone] == [1.0, 3.0]


def test_an_outage_that_goes_on_counts_until_now() -> None:
    clock = VirtualClock(START)
    outages = Outages(clock)
    outages.fails("orders")
    clock.sleep(30)
    assert outages.zone == (Outage(START, None),)
    assert outages.zone[0].seconds(clock.now()) == 30.0


def test_a_database_that_never_failed_has_no_outage() -> None:
    assert Outages(VirtualClock(START)).of("orders") == ()
