"""What the program would do to each zone, without the Pulumi CLI and without an account.

`cli.preview_command` asks and prints. Zones and revision are judged before anything heavy is
imported, so that a wrong name costs no waiting.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.project import check_stacks, project
from simulator.revision import commit_of, files_of

if TYPE_CHECKING:
    from continuity.planned import Planned
    from policy.frozen import OpenRun
    from policy.rule import Finding
    from simulator.changes import Change
    from simulator.state import StackState

_DATABASES = ("aws:rds/", "aws:docdb/", "aws:neptune/")
_LOSING = ("replace", "delete")
_SEED = 1


@dataclass(frozen=True)
class ZonePreview:
    """What would happen to one zone: `changes` of resources, without what stays the same.

    `same` counts those. `refusals` are the sentences with which `pulumi up` would stop; `findings`
    are those of the policy pack, where it was asked.
    """

    zone: str
    changes: tuple["Change", ...]
    same: int
    refusals: tuple[str, ...]
    findings: tuple["Finding", ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Return how many resources meet each operation, `same` last."""
        counts: dict[str, int] = {}
        for change in self.changes:
            counts[str(change.operation)] = counts.get(str(change.operation), 0) + 1
        return counts | {"same": self.same}

    @property
    def lost_databases(self) -> tuple["Change", ...]:
        """Return the changes that would end a database: what a reviewer must not miss."""
        return tuple(change for change in self.changes if loses_database(change))

    @property
    def breaches(self) -> tuple["Finding", ...]:
        """Return the findings that stop a deployment."""
        return tuple(finding for finding in self.findings if finding.is_mandatory)


def loses_database(change: "Change") -> bool:
    """Say whether a change replaces or deletes a database instance or cluster."""
    _, _, kind = change.type.rpartition(":")
    is_database = change.type.startswith(_DATABASES) and kind in ("Instance", "Cluster")
    return is_database and change.operation in _LOSING


def preview(
    project_dir: Path,
    zones: Sequence[str] = (),
    against: str | None = None,
    *,
    judging: bool = False,
    open_runs: "tuple[OpenRun, ...]" = (),
) -> tuple[ZonePreview, ...]:
    """Preview zones (none: all) against an empty world, or against a revision's program.

    `judging` asks the policy pack as well, for which each program is run once more; it refuses
    what would change a zone of the `open_runs`.

    Raises:
        InvalidInput: a zone or the revision is unknown, or the program refuses its settings.
        ProgramFailed: the program of either side fails.
    """
    found = project(project_dir)
    check_stacks(found, zones)
    commit = None if against is None else commit_of(project_dir, against)
    chosen = tuple(dict.fromkeys(zones)) or found.stack_names
    with nullcontext() if commit is None else files_of(project_dir, commit) as earlier:
        return tuple(_preview(project_dir, zone, earlier, judging, open_runs) for zone in chosen)


def plan(project_dir: Path, zone: str, against: str) -> "tuple[Planned, ...]":
    """Return what the program would do to a zone that a revision's program made, with its inputs.

    Raises:
        InvalidInput: the zone or the revision is unknown, or the program refuses its settings.
        ProgramFailed: the program of either side fails.
    """
    from simulator.planning import planned
    from simulator.program import run_program
    from simulator.state import StackState

    check_stacks(project(project_dir), [zone])
    with files_of(project_dir, commit_of(project_dir, against)) as earlier:
        state = _state_of(earlier, zone) or StackState()
        outcome = run_program(project_dir, zone, state=state, preview=True)
    return planned(outcome, state)


def _preview(
    project_dir: Path,
    zone: str,
    earlier: Path | None,
    judging: bool,
    open_runs: "tuple[OpenRun, ...]",
) -> ZonePreview:
    from simulator.judging import judged
    from simulator.program import run_program

    state = None if earlier is None else _state_of(earlier, zone)
    outcome = run_program(project_dir, zone, state=state, preview=True)
    changes = [change for change in outcome.changes if change.custom]
    moving = tuple(change for change in changes if change.operation != "same")
    findings = judged(project_dir, zone, changes, state, open_runs) if judging else ()
    return ZonePreview(zone, moving, len(changes) - len(moving), outcome.refusals, findings)


def _state_of(earlier: Path, zone: str) -> "StackState | None":
    """Run the earlier program into a world of its own; a zone that is new has no state."""
    from simulator.program import run_program
    from simulator.world import World

    if zone not in project(earlier).stack_names:
        return None
    with World(_SEED) as world, world.instantly():
        return run_program(earlier, zone).state
