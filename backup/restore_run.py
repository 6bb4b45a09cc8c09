"""A restore from its beginning to its end: hold, restore, check, swap names where asked, release.

`cli` runs it with `--apply`. It keeps nothing of its own: what it did stands in AWS, and a repeat
goes on from there. While it runs nothing of the zone's recovery points is deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backup import restore, restore_hold, restore_state
from backup.hold_rules import Hold
from backup.restore import POLL_S
from backup.restore_check import differences, missing_settings
from backup.restore_names import Bearers, Names, aside_name
from backup.restore_plan import RestorePlan
from backup.restore_swap import OpenRun, Swapping, demand_no_run, swap
from cloud import databases, restored
from cloud.databases import InstanceState
from cloud.door import Cloud
from cloud.failures import Busy, Conflict
from cloud.permitted import permitted
from continuity import naming
from continuity.errors import PermanentError
from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_DATABASES,
    MODIFY_DATABASE,
    READ_LEASE,
    REBOOT_DATABASE,
    RESTORE_SNAPSHOT,
    RESTORE_TO_TIME,
    TAG_DATABASE,
    UNTAG_DATABASE,
    WRITE_HOLD,
)

PATIENCE = 4
"""A restore may take so many times its estimate before a command stops waiting: the estimates are
assumptions. AWS goes on with it, and so does a repeat."""

LEAST_PATIENCE_S = 7200.0


class Phase(StrEnum):
    """Where a restore is."""

    HOLD = "hold"
    RESTORE = "restore"
    CHECK = "check"
    SWAP = "swap"
    RELEASE = "release"


@dataclass(frozen=True)
class Progress:
    """What happens now: since when and for how long it may still go on, in seconds."""

    phase: Phase
    sentence: str
    at: datetime
    elapsed_s: float
    left_s: float


@dataclass(frozen=True)
class Terms:
    """By whom and why a restore is made, and who is asked whether a failover is under way."""

    by: str
    reason: str
    open_run: OpenRun


@permitted(
    WRITE_HOLD,
    READ_LEASE,
    DESCRIBE_DATABASES,
    RESTORE_SNAPSHOT,
    RESTORE_TO_TIME,
    TAG_DATABASE,
    UNTAG_DATABASE,
    MODIFY_DATABASE,
    REBOOT_DATABASE,
)
def run(cloud: Cloud, manifest: Manifest, plan: RestorePlan, terms: Terms) -> Iterator[Progress]:
    """Bring a restore to its end; yield what happens.

    Raises:
        HoldfastError: it cannot go on now; the sentence says what to do, and the hold stays.
    """
    yield from _Run(cloud, manifest, plan, terms).steps()


class _Run:
    """One restore under way."""

    def __init__(self, cloud: Cloud, manifest: Manifest, plan: RestorePlan, terms: Terms) -> None:
        self._cloud = cloud
        self._manifest = manifest
        self._plan = plan
        self._terms = terms
        self._began = plan.begun_at or cloud.clock.now()

    def steps(self) -> Iterator[Progress]:
        plan = self._plan
        if plan.there and plan.swap is None:
            yield from self._check()
            return
        if plan.swap is not None:
            demand_no_run(plan.zone, self._terms.open_run)
        self._place()
        yield self._told(Phase.HOLD, f"the hold {plan.hold} is placed: nothing is deleted")
        if not plan.swapping:
            yield from self._restore()
            yield from self._check()
        if plan.swap is not None:
            yield from self._swap()
        yield self._told(Phase.RELEASE, self._release())

    def _place(self) -> None:
        plan, terms = self._plan, self._terms
        source = plan.restoration.source
        why = f"restore of {source.series} from {source.label} as {plan.restoration.identifier}"
        if plan.asked.refuted:
            why = f"{why}, which {terms.by} wants although it was refuted: {terms.reason}"
        wanted = Hold(plan.hold, why, self._cloud.clock.now())
        restore_hold.place(self._cloud, self._manifest, wanted)

    def _release(self) -> str:
        reason = self._terms.reason or f"{self._plan.restoration.identifier} is restored"
        name, by = self._plan.hold, self._terms.by
        return restore_hold.release(self._cloud, self._manifest, name, by=by, reason=reason)

    def _restore(self) -> Iterator[Progress]:
        one = self._plan.restoration
        effect = restore.begin(self._cloud, one)
        yield self._told(Phase.RESTORE, f"{one.identifier} from {one.source}: {effect}")
        for state in restore.watch(self._cloud, one, self._patience_s()):
            yield self._told(Phase.RESTORE, f"{one.identifier} is {_status(state)}")

    def _check(self) -> Iterator[Progress]:
        """Compare what is there with what was asked for; give it once more what it lacks."""
        one, cloud = self._plan.restoration, self._cloud
        until = cloud.clock.monotonic() + LEAST_PATIENCE_S
        while True:
            state = restore.look(cloud, one)
            restore.demand_hope(one, state)
            lacking = differences(one, state)
            if state is not None and not lacking:
                yield self._told(Phase.CHECK, f"{one.identifier} is {state.status}, as asked for")
                return
            if cloud.clock.monotonic() >= until:
                raise PermanentError(f"{one.identifier} is not as asked for: {'; '.join(lacking)}.")
            yield self._told(Phase.CHECK, f"{one.identifier}: {'; '.join(lacking)}")
            self._mend(state)
            cloud.clock.sleep(POLL_S)

    def _mend(self, state: InstanceState | None) -> None:
        """Ask again for what a restore did not take. What is busy is asked at the next look."""
        one = self._plan.restoration
        door = self._cloud.at(one.region)
        if state is None or not state.available:
            return
        try:
            if settings := missing_settings(one, state):
                databases.modify(door, one.identifier, settings)
            elif state.security_groups != one.wanted.security_groups:
                restored.admit(door, one.identifier, one.wanted.security_groups)
            elif state.parameter_status == "pending-reboot":
                databases.reboot(door, one.identifier)
        except (Busy, Conflict):
            return

    def _swap(self) -> Iterator[Progress]:
        swapping = self._swapping()
        for sentence in swap(self._cloud, swapping, LEAST_PATIENCE_S):
            yield self._told(Phase.SWAP, sentence)
        yield self._told(Phase.SWAP, f"{swapping.names.current} is what was restored")

    def _swapping(self) -> Swapping:
        """Name what is swapped: as it was decided before, or now."""
        plan, manifest, one = self._plan, self._manifest, self._plan.restoration
        site = plan.asked.site
        current = plan.asked.database.members[site].identifier
        found = restore_state.describe(self._cloud, one.region, (current, one.identifier))
        bearers = Bearers(found.get(current), found.get(one.identifier), held=True)
        names = Names(
            current=current,
            restored=one.identifier,
            aside=aside_name(current, bearers, one.mark, self._cloud.clock.now()),
            mark=one.mark,
            closed=(manifest.sites[site].application_security_group,),
        )
        tags = naming.tags(plan.zone, site, plan.asked.database.name)
        return Swapping(plan.zone, one, names, tags, self._terms.open_run)

    def _patience_s(self) -> float:
        return max(LEAST_PATIENCE_S, PATIENCE * self._plan.lengths.restore.seconds)

    def _told(self, phase: Phase, sentence: str) -> Progress:
        now = self._cloud.clock.now()
        elapsed = (now - self._began).total_seconds()
        return Progress(phase, sentence, now, elapsed, max(0.0, self._plan.total_s - elapsed))


def _status(state: InstanceState | None) -> str:
    return "not to be seen yet" if state is None else state.status
