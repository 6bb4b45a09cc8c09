"""A run as somebody who only looks on sees it: again and again, until it ends.

`holdfast failover status --follow` shows each new standing. Nothing is written and no lease is
taken; whether anybody drives is seen from a lease that moves, by our own clock.
"""

from collections.abc import Iterator
from dataclasses import replace

from cloud.leases import LeaseWatch
from continuity.errors import HoldfastError
from failover.decide import plan_of
from failover.options import Options
from failover.plan import Plan
from failover.run import Run
from failover.standing import Standing, standing
from failover.surroundings import Surroundings
from failover.timing import timed

POLL_S = 5.0


def look(around: Surroundings, options: Options) -> Standing | None:
    """Return how far the zone's open or last run is; None if there never was one.

    Raises:
        HoldfastError: lease or journal cannot be read.
    """
    lease = around.memory.read_lease()
    if lease is None or not lease.run:
        return None
    run = Run(lease.run, around.memory.read_journal(lease.run))
    if not run.entries:
        return None
    plan, trouble = _plan(run, around, options)
    found = standing(run, plan, around.clock.now(), around.manifest, options)
    return replace(found, wanted=(*found.wanted, trouble)) if trouble else found


def follow(around: Surroundings, options: Options) -> Iterator[Standing | HoldfastError]:
    """Yield each look at the run until it is over; one that failed is told and tried again."""
    watch = LeaseWatch(around.clock)
    while True:
        try:
            found = look(around, options)
            if found is None:
                return
            undriven = found.outcome is None and watch.free(around.memory.read_lease())
            yield _undriven(found, around.manifest.zone) if undriven else found
            if found.outcome is not None:
                return
        except HoldfastError as error:
            yield error
        around.clock.sleep(POLL_S)


def _undriven(found: Standing, zone: str) -> Standing:
    told = f"Nobody drives {found.run}: its lease stands still. holdfast failover start {zone}"
    return replace(found, wanted=(*found.wanted, told), waits_for="a driver")


def _plan(run: Run, around: Surroundings, options: Options) -> tuple[Plan | None, str]:
    """Return the run's plan; one that this version cannot build leaves the rest to be told."""
    if run.planned is None:
        return None, ""
    try:
        return timed(plan_of(run, around.manifest, options), around.manifest, around.times), ""
    except HoldfastError as error:
        return None, str(error)
