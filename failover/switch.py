"""The beginning of a planned move, and the watch on the site that it leaves while it goes on.

`failover.engine` calls `Switch.look` at each tick of such a run. Where something stands against the
move before it has a plan, it ends refused with nothing touched. Where the serving site is lost
while the move goes on, it becomes an emergency, with a plan that is approved anew.
"""

from dataclasses import dataclass

from continuity.errors import TemporaryError
from continuity.journal import Entry, EntryKind
from failover import planned, planned_gate, words
from failover.answers import MOVE, SWITCH
from failover.beginning import Beginning
from failover.decide import Act, case_of, facts
from failover.diagnose import Diagnosis, Finding, diagnose
from failover.draft import Draft
from failover.memory import write_firmly
from failover.observation import Observation, Reading
from failover.observe import WATCH, observe
from failover.options import Options
from failover.progress import State
from failover.pulse import Pulse
from failover.run import Run
from failover.signals import suspicion
from failover.surroundings import Surroundings


@dataclass(frozen=True)
class Switch:
    """One tick of a run that a person planned; `pulse` has its lease."""

    around: Surroundings
    options: Options
    pulse: Pulse

    def look(self, run: Run) -> Run:
        """Begin the run, or look whether it is still what it was; return it with what was written.

        Raises:
            HoldfastError: it cannot be looked, or not be written.
        """
        if run.planned is None:
            return self._write(run, self._begin(run))
        promoted = any(step.startswith("promote-") for step in run.intents)
        if planned.mode(run) is not planned.Mode.PLANNED or promoted or run.paused is not None:
            return run
        return self._write(run, self._watch(run))

    def _begin(self, run: Run) -> list[Draft]:
        order = planned.order(run)
        seen = self._observe(run, whole=True)
        _demand_sight(seen, order)
        finding = diagnose(seen, self.options)
        against = () if order is None else planned_gate.objections(seen, order)
        if finding.diagnosis is not Diagnosis.HEALTHY:
            against = (finding.sentence, *against)
        if against:
            told = f"{self.around.manifest.zone} is not moved. {' '.join(against)}"
            return [Draft(EntryKind.FINISHED, told, None, {"outcome": str(State.REFUSED)})]
        target = self.around.manifest.standby_site.region
        sentence = f"{finding.sentence} It is to be moved to {target}, with nothing lost."
        move = Finding(Diagnosis.PLANNED_MOVE, sentence)
        plan = SWITCH.build(
            self.around.manifest, case_of(move.diagnosis, facts(move, SWITCH), run), 0.0
        )
        return self._beginning(seen).drafts(move, Act(SWITCH, plan))

    def _watch(self, run: Run) -> list[Draft]:
        """Look whether the serving region answers; silence for long enough is its loss.

        Its platform was stopped by the run itself: so a person decides, by approving the new plan.
        """
        seen = self._observe(run, whole=False)
        finding = diagnose(seen, self.options)
        if seen.serving_region.value is True or finding.diagnosis not in _LOST:
            broken = seen.serving_region.value is True and _suspected(run)
            return [words.suspicion(finding, seen)] if broken else []
        drafts = [words.suspicion(finding, seen)] if suspicion(seen).region else []
        if finding.diagnosis is Diagnosis.REGION_LOST:
            case = case_of(finding.diagnosis, facts(finding, MOVE), run)
            plan = MOVE.build(self.around.manifest, case, self.options.confirm_s)
            drafts += self._beginning(seen).drafts(finding, Act(MOVE, plan))
        return drafts

    def _beginning(self, seen: Observation) -> Beginning:
        return Beginning(self.around, self.options, seen, self.pulse.beat)

    def _observe(self, run: Run, *, whole: bool) -> Observation:
        standby = Reading(self.around.clock.now(), value=True, error=None)
        seen = observe(self.around, run, WATCH, standby, self.pulse.beat)
        if not whole:
            return seen
        wanted = planned_gate.wanted(self.around.manifest)
        return observe(self.around, run, wanted, standby, self.pulse.beat)

    def _write(self, run: Run, drafts: list[Draft]) -> Run:
        if not drafts:
            return run
        self.pulse.beat()
        held, now = self.pulse.held, self.around.clock.now()
        return write_firmly(self.around.memory, run, held, drafts, now)


BLIND_S = 60.0
"""How long what cannot be read is asked again before the order is refused for it."""


def _demand_sight(seen: Observation, order: Entry | None) -> None:
    """Raise TemporaryError where a look failed and the order is fresh: it is looked again."""
    errors = [seen.reading(look).error for look in sorted(planned_gate.LOOKS)]
    trouble = next(filter(None, errors), None)
    if trouble and order is not None and (seen.now - order.at).total_seconds() < BLIND_S:
        raise TemporaryError(f"Not everything could be looked at: {trouble}")


_LOST = (Diagnosis.REGION_SUSPECTED, Diagnosis.REGION_LOST)


def _suspected(run: Run) -> bool:
    """Say whether the newest reading in the journal failed: one that did not must break the row."""
    noted = run.of(EntryKind.SUSPECTED)
    return bool(noted) and bool(noted[-1].data["both"])
