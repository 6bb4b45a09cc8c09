"""Writing drills down in the zones that they were about: `holdfast drill --record`.

`cli.drill_command` calls it once the verdicts are told. It needs no manifest: the table's name and
region follow from the zone's stack file.
"""

import os
import sys
from typing import TYPE_CHECKING

from cli.project import project_root
from cli.surroundings import clock_and_outside
from cli.zone_file import read_zone_file
from continuity import naming

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drill.verdict import Verdict

_WIDTH = 1


def record(verdicts: "Sequence[Verdict]") -> None:
    """Record every drill that brought its zone back as promised; say of each what was done.

    Raises:
        HoldfastError: AWS does not take it.
    """
    from drill.expectation import Outcome

    for verdict in verdicts:
        failed = verdict.unmet or verdict.violations or verdict.objective_missed
        if failed or verdict.outcome is not Outcome.RECOVERED:
            sys.stderr.write(f"holdfast: {verdict.zone}: not recorded, because it did not pass\n")
        else:
            table = _write(verdict)
            sys.stderr.write(f"holdfast: {verdict.zone}: recorded in {table}\n")


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
    drill = drills.LastDrill(door.clock.now(), verdict.scenario, verdict.rto.measured_s, who)
    drills.record(door, table, drill)
    return table
