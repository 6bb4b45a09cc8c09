"""Writing drills down: in the zones that they were about, and in the project's ledger.

`cli.drill_command` calls it once the verdicts are told, for `--record` and `--ledger`. `record`
needs no manifest: the table's name and region follow from the zone's stack file.
"""

import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from cli.exercise_ledger import append
from cli.project import project_root
from cli.surroundings import clock_and_outside
from cli.zone_file import read_zone_file
from continuity import naming
from continuity.ledger import Exercise
from continuity.significant import digests
from continuity.wording import seconds_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drill.verdict import Verdict

_WIDTH = 1


def record(verdicts: "Sequence[Verdict]") -> None:
    """Record every drill that brought its zone back as promised; say of each what was done.

    Raises:
        HoldfastError: AWS does not take it.
    """
    for verdict in verdicts:
        if not (_passed(verdict) and _recovered(verdict)):
            sys.stderr.write(f"holdfast: {verdict.zone}: not recorded, because it did not pass\n")
        else:
            table = _write(verdict)
            sys.stderr.write(f"holdfast: {verdict.zone}: recorded in {table}\n")


def keep(verdicts: "Sequence[Verdict]") -> None:
    """Append every drill, passed or not, to the project's ledger, which its plans tell.

    Raises:
        InvalidInput: what is there already cannot be read; nothing is added.
        PermanentError: the file cannot be written.
    """
    clock, _ = clock_and_outside(os.environ)
    append([_tested(one, clock.now()) for one in verdicts])


def _tested(verdict: "Verdict", at: datetime) -> Exercise:
    return Exercise(
        at=at,
        zone=verdict.zone,
        what=f"drill: {verdict.title} ({verdict.scenario}, seed {verdict.seed})",
        result=_result(verdict),
        passed=_passed(verdict),
        recovery_s=verdict.rto.measured_s if _recovered(verdict) else None,
        digests=digests(verdict.facts.manifest),
    )


def _passed(verdict: "Verdict") -> bool:
    return not (verdict.unmet or verdict.violations or verdict.objective_missed)


def _recovered(verdict: "Verdict") -> bool:
    from drill.expectation import Outcome

    return verdict.outcome is Outcome.RECOVERED


def _result(verdict: "Verdict") -> str:
    failed = "" if _passed(verdict) else ", not as promised"
    worst = max((one.data_loss_s for one in verdict.databases), default=0.0)
    return (
        f"{verdict.outcome} in {seconds_text(verdict.rto.measured_s)}, "
        f"{seconds_text(worst)} lost{failed}"
    )


def _write(verdict: "Verdict") -> str:
    from cloud import drills
    from cloud.door import Cloud
    from cloud.identity import who_am_i
    from cloud.workers import ThreadWorkers

    declared = read_zone_file(project_root(), verdict.zone)
    standby = declared.active.other
    clock, _ = clock_and_outside(os.environ)
    door = Cloud(clock, ThreadWorkers(_WIDTH)).at(declared.regions[standby])
    who = who_am_i(door).arn
    table = naming.table(verdict.zone, standby, "lease")
    drill = drills.LastDrill(
        door.clock.now(),
        verdict.scenario,
        verdict.rto.measured_s,
        who,
        digests(verdict.facts.manifest),
    )
    drills.record(door, table, drill)
    return table
