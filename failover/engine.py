"""The loop's body: who drives, is anything wrong, how far is the run. One tick at a time.

Called by `failover.driver` on a person's machine, by a drill on virtual time, by a hosted driver.
Everything is decided from AWS and the journal. Between two ticks nothing is kept but the watch on
somebody else's lease, the last look in the background with its age, the plan, since when looks
fail that could not be journaled, when AWS refused what, and what the record of incidents was told:
each can be had again at any time, or is harmless to lose.
"""

import logging
from dataclasses import replace
from datetime import datetime

from cloud.failures import Throttled
from cloud.leases import Lease, LeaseLost, LeaseWatch
from continuity.errors import HoldfastError, PermanentError
from continuity.journal import EntryKind
from failover import outage, planned, previous, words
from failover.asking import Asking
from failover.beginning import Beginning, announced
from failover.courier import Sending
from failover.decide import Act, decide, flapping, plan_of, tried_lately
from failover.degradations import degradations
from failover.diagnose import Diagnosis, Finding, diagnose
from failover.draft import Draft
from failover.ending import ending
from failover.evidence import worth_noting
from failover.memory import JournalMoved, write_facts, write_firmly
from failover.observation import Observation, Reading
from failover.observe import WATCH, observe
from failover.options import Options
from failover.plan import Plan
from failover.progress import Progress, State
from failover.pulse import Pulse
from failover.recorder import Telling
from failover.recover import Turn, recover
from failover.rounds import Rounds
from failover.run import Run
from failover.signals import suspicion
from failover.surroundings import Surroundings
from failover.switch import Switch
from failover.timing import timed
from failover.vigil import after_run, without_memory

_LOG = logging.getLogger(__name__)

LEASE_S = 60
"""How long a lease must stand still before it is taken over. A tick renews it as it goes on, so
that only a single look can be slower; no call is waited for longer than 40 s (`cloud.clients`)."""

WATCH_S = 10.0
TROUBLE_S = 5.0


class Engine:
    """Drives the failover of one zone. `owner` is unique to this driver."""

    def __init__(
        self, surroundings: Surroundings, owner: str, options: Options | None = None
    ) -> None:
        self._around = surroundings
        self._owner = owner
        self._options = options or Options()
        self._watch = LeaseWatch(surroundings.clock)
        self._rounds = Rounds()
        self._plans: dict[tuple[str, int], Plan] = {}
        self._asking = Asking()
        self._telling = Telling(surroundings.recorder, surroundings.clock)
        self._sending = Sending(surroundings.courier, surroundings.clock)
        self._failing_since: datetime | None = None

    def tick(self) -> Progress:
        """Look, decide, act once, and say it in a sentence. Never raises, never waits."""
        try:
            return self._sending.after(self._tick())
        except LeaseLost as error:
            return Progress(str(error), WATCH_S, State.WATCHING)
        except JournalMoved as error:
            return Progress(str(error), error.delay, State.RUNNING)
        except HoldfastError as error:
            return _came_to_nothing(str(error))
        except Exception as error:  # noqa: BLE001 - the loop boundary: a tick never raises
            # A defect of ours: the sentence goes on, the traceback goes to the log.
            _LOG.exception("A tick of %s failed", self._around.manifest.zone)
            return _came_to_nothing(repr(error))

    def _tick(self) -> Progress:
        now = self._around.clock.now()
        try:
            lease = self._around.memory.read_lease()
        except HoldfastError as error:
            return self._without_memory(now, error)
        free = self._watch.free(lease)
        standby = Reading(now, value=True, error=None)
        if lease is None or not lease.owner:
            return self._guard(lease, standby)
        self._failing_since = None
        if lease.owner != self._owner and not free:
            sentence = f"{lease.owner} drives {lease.run}; watching."
            left = lease.duration_s - self._watch.unchanged_s(lease)
            return Progress(sentence, min(WATCH_S, max(0.1, left)), State.WATCHING)
        return self._drive(lease, standby)

    def _without_memory(self, now: datetime, error: HoldfastError) -> Progress:
        """Say what can be seen while lease and journal cannot: nothing may be begun."""
        refused = isinstance(error, PermanentError | Throttled)
        silent = Reading[bool](now, None, str(error))
        standby = Reading(now, value=True, error=None) if refused else silent
        why = f" Nothing can be begun: lease and journal cannot be read. {error}" if refused else ""
        told = without_memory(self._around)
        if told is not None:
            return Progress(f"{told}{why}", WATCH_S, State.TROUBLED)
        seen = observe(self._around, Run(""), WATCH, standby)
        finding = diagnose(seen, self._options)
        healthy = self._well(finding, now)
        state = State.WATCHING if healthy else State.TROUBLED
        return Progress(f"{finding.sentence}{why}", WATCH_S, state)

    def _guard(self, lease: Lease | None, standby: Reading[bool]) -> Progress:
        """Watch a zone that nobody drives; the first failing reading begins a run."""
        memory = self._around.memory
        last = Run("") if lease is None else Run(lease.run, memory.read_journal(lease.run))
        told = ""
        if lease is not None:
            told, last = self._keep_fenced(lease, last)
        calm = flapping(last, self._around.clock.now(), self._options, self._around.manifest)
        if calm is not None:
            if lease is not None and outage.goes_on(last):
                self._look(lease, last, standby)
            return Progress(f"{calm}{told}", WATCH_S, State(last.outcome or State.WATCHING))
        seen, finding = self._look(lease, last, standby)
        said = words.declarations(self._options, Run(""))
        if self._well(finding, seen.now) and not self._options.declared:
            ordered = words.planned_order(self._options, last)
            if not ordered:
                return Progress(finding.told, WATCH_S, State.WATCHING)
            run = Run(_next_name(self._around.manifest.zone, last.name))
            write_facts(memory, run, self._take(lease, run.name), ordered, seen.now)
            return Progress(ordered[0].sentence, 0.0, State.SUSPICIOUS)
        run = Run(_next_name(self._around.manifest.zone, last.name))
        held = self._take(lease, run.name)
        suspicion = words.suspicion(finding, seen)
        first = outage.first_word(suspicion, finding, last, self._failing_since)
        write_facts(memory, run, held, [first, *said], seen.now)
        return Progress(finding.told, 0.0 if said else WATCH_S, State.SUSPICIOUS)

    def _look(
        self, lease: Lease | None, last: Run, standby: Reading[bool]
    ) -> tuple[Observation, Finding]:
        """Look at a zone that nobody drives; tell the last run's journal once it is well again."""
        seen = self._rounds.look(self._around, Run(""), standby)
        finding = self._finding(seen)
        if lease is not None:
            drafts = outage.over(last, seen, finding)
            write_firmly(self._around.memory, last, lease, drafts, seen.now)
        return seen, finding

    def _well(self, finding: Finding, now: datetime) -> bool:
        """Say whether clients are served, and remember since when looks say that they are not."""
        well = finding.diagnosis is Diagnosis.HEALTHY
        self._failing_since = None if well else self._failing_since or now
        return well

    def _finding(self, seen: Observation) -> Finding:
        """Return what is wrong, and beside a served zone what else is not as it should be."""
        finding = diagnose(seen, self._options)
        if finding.diagnosis is not Diagnosis.HEALTHY:
            return finding
        return replace(finding, beside=degradations(seen))

    def _keep_fenced(self, lease: Lease, last: Run) -> tuple[str, Run]:
        """Look after the site that a finished run left; write what changed to that run's journal.

        No lease is taken for it: it is written like a person's decision, if nobody wrote meanwhile.
        """
        drafts = after_run(self._around, last)
        last = write_firmly(self._around.memory, last, lease, drafts, self._around.clock.now())
        return "".join(f" {draft.sentence}" for draft in drafts), last

    def _drive(self, lease: Lease, standby: Reading[bool]) -> Progress:
        """Go on with the run under the lease, renewed, from its journal as it is then."""
        renewed_at = self._around.clock.monotonic()
        held = self._take(lease, lease.run)
        run = Run(held.run, self._around.memory.read_journal(held.run))
        if run.end is not None:
            self._tell(run)
            self._release(held)
            return ending(run)
        said = words.declarations(self._options, run)
        if said:
            now = self._around.clock.now()
            run = write_facts(self._around.memory, run, held, said, now)
        pulse = Pulse(self._around.memory, self._around.clock, held, renewed_at)
        if planned.mode(run) is not None:
            run = Switch(self._around, self._options, pulse).look(run)
        elif run.planned is None:
            return self._investigate(run, held, standby, renewed_at)
        before = planned.mode(run)
        if run.end is not None:
            self._release(pulse.held)
            return ending(run)
        plan = self._plan_of(run)
        turn = Turn(self._around, pulse, renewed_at, self._options, plan, self._asking)
        progress, run = recover(turn, run)
        self._tell(run)
        if run.end is not None:
            self._release(pulse.held)
            return ending(run)
        return progress if planned.mode(run) is before else replace(progress, wait=0.0)

    def _tell(self, run: Run) -> None:
        if self._telling.tell(run):
            self._sending.hurry()

    def _investigate(
        self, run: Run, held: Lease, standby: Reading[bool], renewed_at: float
    ) -> Progress:
        """Make sure that it is what it looks like, or clear the suspicion."""
        seen = self._rounds.look(self._around, run, standby)
        finding = self._finding(seen)
        if finding.diagnosis is Diagnosis.HEALTHY:
            return self._clear(run, held, finding, seen.now)
        drafts = []
        if worth_noting(run, suspicion(seen), self._options.readings):
            drafts.append(words.suspicion(finding, seen))
        decision = decide(finding, self._around.manifest, self._options, run)
        held_back = self._tried(run, decision) if isinstance(decision, Act) else decision.reason
        pulse = Pulse(self._around.memory, self._around.clock, held, renewed_at)
        if isinstance(decision, Act) and held_back is None:
            begun = Beginning(self._around, self._options, seen, pulse.beat)
            drafts += begun.drafts(finding, decision)
        write_firmly(self._around.memory, run, pulse.held, drafts, self._around.clock.now())
        if held_back is None:
            told = " ".join([finding.sentence, *announced(drafts)])
            return Progress(told, 0.0, State.RUNNING)
        return Progress(held_back, self._again_s(finding), State.SUSPICIOUS)

    def _tried(self, run: Run, decision: Act) -> str | None:
        """Return why a recovery in place is not begun: the last one was not long ago."""
        if not decision.recovery.in_place:
            return None
        last = previous.not_cleared(self._around.memory, run.name)
        return tried_lately(last, self._around.clock.now(), self._options)

    def _again_s(self, finding: Finding) -> float:
        """Return when to look again: no later than the moment at which it may be certain."""
        if finding.since is None or finding.diagnosis is not Diagnosis.REGION_SUSPECTED:
            return WATCH_S
        lasted = (self._around.clock.now() - finding.since).total_seconds()
        return min(WATCH_S, max(1.0, self._options.confirm_s - lasted))

    def _plan_of(self, run: Run) -> Plan:
        """Return the run's plan, built anew only when people or a diagnosis changed something."""
        changing = (EntryKind.DECLARED, EntryKind.CONSENTED, EntryKind.DIAGNOSED, EntryKind.FAILED)
        key = (run.name, sum(len(run.of(kind)) for kind in changing))
        if key not in self._plans:
            plan = plan_of(run, self._around.manifest, self._options)
            self._plans = {key: timed(plan, self._around.manifest, self._around.times)}
        return self._plans[key]

    def _clear(self, run: Run, held: Lease, finding: Finding, now: datetime) -> Progress:
        sentence = f"What was suspected went away by itself. {finding.sentence}"
        if run.entries:
            write_facts(self._around.memory, run, held, [Draft(EntryKind.CLEARED, sentence)], now)
        self._release(held)
        return Progress(sentence, WATCH_S, State.WATCHING)

    def _take(self, lease: Lease | None, run: str) -> Lease:
        version = 1 if lease is None else lease.version + 1
        return self._around.memory.take_lease(Lease(self._owner, version, run, LEASE_S))

    def _release(self, held: Lease) -> None:
        released = replace(held, owner="", version=held.version + 1)
        self._around.memory.take_lease(released)


def _came_to_nothing(said: str) -> Progress:
    return Progress(f"This tick came to nothing: {said}", TROUBLE_S, State.TROUBLED)


def _next_name(zone: str, last: str) -> str:
    """Return `we1-0002` after `we1-0001`: every driver finds the same name."""
    number = int(last.rpartition("-")[2]) if last else 0
    return f"{zone}-{number + 1:04d}"
