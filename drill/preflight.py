"""Everything that can be wrong with a drill, told before anything is deployed.

`drill.several` asks for all zones at once: a mistake in the last one must not cost the time of the
first. The scenario is held against the zone files, operations against what AWS really has.
"""

from collections.abc import Sequence
from datetime import timedelta
from fnmatch import filter as matching
from itertools import chain
from pathlib import Path

import botocore.session

from continuity.errors import InvalidInput, Problem
from continuity.zone import Objectives, SiteName
from drill.fault_rows import SERVICES
from drill.scenario import Ground, Scenario, check
from simulator.project import stack_config
from stacks.settings import KEY, parse

MARGIN_S = 1800.0
"""How long past the objective a drill goes on before it counts as not recovered."""


def deadline(objectives: Objectives) -> timedelta:
    """Return how long after its first fault a drill is over at the latest."""
    return objectives.rto + timedelta(seconds=MARGIN_S)


def preflight(scenario: Scenario, zones: Sequence[str], project: Path) -> None:
    """Check the scenario and the files of all its zones.

    Raises:
        InvalidInput: with every problem; where there are several zones, each path names its own.
    """
    errors = {}
    for zone in zones:
        try:
            check(scenario, _ground(scenario, zone, project))
        except InvalidInput as error:
            errors[zone] = error
    if not errors:
        _check_operations(scenario)
    elif len(zones) == 1:
        raise errors[zones[0]]
    else:
        raise InvalidInput(
            "The drill",
            [
                Problem(f"{zone} {problem.path}", problem.message)
                for zone, error in errors.items()
                for problem in error.problems
            ],
        )


def _ground(scenario: Scenario, zone: str, project: Path) -> Ground:
    settings = parse(zone, stack_config(project, zone).get(KEY))
    return Ground(
        zone=zone,
        databases=tuple(database.name for database in settings.databases),
        regions={name: settings.sites[name].region for name in SiteName},
        deadline=deadline(scenario.objectives.instead_of(settings.objectives)),
        witness=settings.witness,
    )


def _check_operations(scenario: Scenario) -> None:
    """Refuse an operation that no service has: its fault would never strike."""
    session = botocore.session.get_session()
    problems = []
    for index, row in enumerate(scenario.faults):
        services = (row.service,) if row.service else SERVICES
        names = (session.get_service_model(service).operation_names for service in services)
        if row.operation is not None and not matching(chain(*names), row.operation):
            message = f"{row.service or 'AWS'} has no operation {row.operation!r}"
            problems.append(Problem(f"fault[{index}].operation", message))
    if problems:
        raise InvalidInput(f"Scenario {scenario.name}", problems)
