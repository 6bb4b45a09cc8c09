"""What a zone's program declares beside the manifest: schedules, lifecycles, RDS's window.

`cli.plan_document_command` asks for it with the state of a deployment into the simulated world.
"""

import json
from collections.abc import Iterator
from typing import Any

from continuity.errors import PermanentError
from continuity.naming import TAG_SITE
from continuity.zone import SiteName
from incident.plan.values import Declared, Schedule
from simulator.state import Resource, StackState
from simulator.values import Properties, reveal

_GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"


def declared(state: StackState) -> Declared:
    """Return what the resources of a deployed zone say.

    Raises:
        PermanentError: the program declares no such thing any more, or several.
    """
    return Declared(
        schedules=tuple(sorted(_schedules(state), key=_order)),
        versions_days=_versions_days(state),
        archive_days=_archive_days(state),
        maintenance=str(_first(state, "aws:rds/instance:Instance")["maintenanceWindow"]),
    )


def _order(one: Schedule) -> tuple[str, int]:
    return one.duty, list(SiteName).index(one.site)


def _schedules(state: StackState) -> Iterator[Schedule]:
    sites = {_inputs(one)["name"]: _site(one) for one in _of(state, _GROUP)}
    for one in _of(state, "aws:scheduler/schedule:Schedule"):
        inputs = _inputs(one)
        duty = json.loads(inputs["target"]["input"])["duty"]
        yield _schedule(
            sites[inputs["groupName"]], duty, inputs, on=inputs.get("state") != "DISABLED"
        )
    for one in _of(state, "aws:backup/plan:Plan"):
        for rule in _inputs(one)["rules"]:
            renamed = {**rule, "scheduleExpression": rule["schedule"]}
            yield _schedule(_site(one), "files", renamed)
    for one in _of(state, "aws:backup/restoreTestingPlan:RestoreTestingPlan"):
        yield _schedule(_site(one), "files-test", _inputs(one))


def _schedule(site: SiteName, duty: str, inputs: Properties, *, on: bool = True) -> Schedule:
    zone = inputs["scheduleExpressionTimezone"]
    return Schedule(site, duty, inputs["scheduleExpression"], zone, on)


def _versions_days(state: StackState) -> int:
    """Return the lifecycle of the buckets of files, which are all declared alike."""
    found = _lifecycles(state, "files")
    rules = [rule for rule in found if "noncurrentVersionExpiration" in rule]
    return _only({rule["noncurrentVersionExpiration"]["noncurrentDays"] for rule in rules})


def _archive_days(state: StackState) -> int:
    found = _lifecycles(state, "logs-archive")
    return _only({rule["expiration"]["days"] for rule in found if "expiration" in rule})


def _lifecycles(state: StackState, part: str) -> list[dict[str, Any]]:
    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    named = [one for one in _of(state, kind) if f"-{part}-" in one.name]
    lasting = [one for one in named if "-scratch-" not in one.name]
    return [rule for one in lasting for rule in _inputs(one)["rules"]]


def _only(found: set[int]) -> int:
    if len(found) != 1:
        raise PermanentError(f"The program declares {len(found)} lifecycles where one is told of.")
    return found.pop()


def _site(one: Resource) -> SiteName:
    return SiteName(_inputs(one)["tags"][TAG_SITE])


def _first(state: StackState, kind: str) -> Properties:
    found = next(_of(state, kind), None)
    if found is None:
        raise PermanentError(f"The program declares no {kind} any more: the plan tells of one.")
    return _inputs(found)


def _of(state: StackState, kind: str) -> Iterator[Resource]:
    return (one for one in state.resources if one.type == kind)


def _inputs(one: Resource) -> Properties:
    found: Properties = reveal(one.inputs)
    return found
