"""Reads what reconciling a zone needs: its stack's file, its last run, and whether home is there.

`cli.reconcile_command` asks. The journal lies in the healthy site; of the other one nothing is
asked but whether it answers, and which of its instances a restore named, in a short call each.
"""

from pathlib import Path

from continuity.errors import InvalidInput, Problem
from failover.history import runs_of
from failover.surroundings import Surroundings
from reconcile import stack_file, swapped
from reconcile.observed import observed
from reconcile.plan import Zone
from simulator.project import parsed_config


def look(around: Surroundings, project: Path) -> Zone:
    """Return a zone as it is found.

    Raises:
        InvalidInput: the stack's file cannot be read.
        HoldfastError: the healthy site does not answer.
    """
    manifest = around.manifest
    path = project / stack_file.path(manifest.zone)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(path.name, [Problem("(file)", str(error))]) from error
    run = next(iter(runs_of(around)), None)
    answers = around.sight.serving_region_answers()
    return Zone(
        manifest=manifest,
        run=run,
        text=text,
        config=parsed_config(path.name, text),
        left_answers=answers,
        observed={} if run is None or run.end is None else observed(run, manifest, around.sight),
        swaps=swapped.look(around) if answers else {},
    )
