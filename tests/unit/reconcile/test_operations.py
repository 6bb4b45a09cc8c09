"""The exact commands, and that doing them twice equals once."""

from collections.abc import Callable

import pytest

from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover.run import Run
from reconcile.decision import Ended, decide
from reconcile.operations import Operation, operations
from reconcile.pending import Known, pending
from reconcile.role_data import RoleData

STACK = "urn:pulumi:we1::holdfast::"
DATABASE = f"{STACK}holdfast:stacks:Zone$holdfast:stacks:Database"
INSTANCE = f"{DATABASE}$aws:rds/instance:Instance"
SERVICE = (
    f"{STACK}holdfast:stacks:Zone$holdfast:stacks:Hosting$aws:ecs/service:Service"
    "::we1-away-hosting-service"
)
TARGET = (
    f"{STACK}holdfast:stacks:Zone$holdfast:stacks:Hosting$holdfast:stacks:Autoscaling"
    "$aws:appautoscaling/target:Target::we1-away-hosting-scaling-target"
)
BESIDE = "we1-billing-away-1-by-we1-0001"
INSTANCE_TYPE, GROUP_TYPE = "aws:rds/instance:Instance", "aws:cloudwatch/logGroup:LogGroup"
AWAY, FILES = "eu-central-1", "we1-files-away-1"
ASIDE = "we1-files-away-1-aside-we1-0001"
MIXED = {
    "orders": ("replica", "we1-orders-away-1", ""),
    "billing": ("snapshot", BESIDE, "we1-billing-away-1"),
    "files": ("point-in-time", "we1-files-away-1", ""),
}
"""One of each: promoted, restored beside its name, restored under its name."""

Play = Callable[..., Run]


@pytest.fixture
def wanted(played: Play, manifest: Manifest, now: RoleData) -> tuple[Operation, ...]:
    run = played("recovered", opened=True, **MIXED)
    return operations(decide(Ended(run, {}, left_answers=False), manifest, now), manifest)


def lines(wanted: tuple[Operation, ...]) -> list[str]:
    return [" ".join(one.arguments("we1")) for one in wanted]


def test_the_commands_in_their_order(wanted: tuple[Operation, ...]) -> None:
    end = "--stack we1 --yes"
    how = "--generate-code=false --skip-preview --yes"
    protected, open_ = (f"--stack we1 --protect={each}" for each in ("true", "false"))
    below = f"--parent parent={DATABASE}::we1"
    targets = f"--target {INSTANCE}::we1-orders-away-1 --target {SERVICE} --target {TARGET}"
    group = f"/aws/rds/instance/{BESIDE}/postgresql"
    named = f"we1-away-logs-aws-rds-instance-{BESIDE}-postgresql"
    foundation = f"{STACK}holdfast:stacks:Zone$holdfast:stacks:Foundation"
    groups = f"{foundation}$holdfast:stacks:LogGroups::we1-away-logs"
    assert lines(wanted) == [
        f"state unprotect {INSTANCE}::we1-billing-away-1 {end}",
        f"state rename {INSTANCE}::we1-files-away-1 {ASIDE} {end}",
        f"state unprotect {INSTANCE}::{ASIDE} {end}",
        f"state unprotect {INSTANCE}::we1-orders-home-1 {end}",
        f"state unprotect {INSTANCE}::we1-billing-home-1 {end}",
        f"state unprotect {INSTANCE}::we1-files-home-1 {end}",
        f"refresh --stack we1 --yes --skip-preview {targets}",
        f"import {INSTANCE_TYPE} {BESIDE} {BESIDE}@{AWAY} {below}-billing {protected} {how}",
        f"import {GROUP_TYPE} {named} {group}@{AWAY} --parent parent={groups} {open_} {how}",
        f"import {INSTANCE_TYPE} {FILES} {FILES}@{AWAY} {below}-files {protected} {how}",
    ]


def test_nothing_that_reads_aws_names_the_region_that_was_left(
    wanted: tuple[Operation, ...],
) -> None:
    reading = [line for line in lines(wanted) if not line.startswith("state ")]
    assert reading
    assert not [line for line in reading if "home" in line or "eu-west-1" in line]


def state(*names: str, protect: bool = True) -> dict[str, Known]:
    return {f"{INSTANCE}::{name}": Known(f"db-of-{name}", protect) for name in names}


def deployed() -> dict[str, Known]:
    found = state(*(f"we1-{name}-{site}-1" for name in MIXED for site in SiteName))
    return found | {SERVICE: Known("s", protect=False), TARGET: Known("t", protect=False)}


def test_everything_is_to_be_done_to_the_state_of_the_last_deployment(
    wanted: tuple[Operation, ...],
) -> None:
    assert pending(wanted, deployed()) == wanted


def test_what_is_done_is_left_out_wherever_the_command_was_cut(
    wanted: tuple[Operation, ...],
) -> None:
    known = deployed()
    for name in ("we1-billing-away-1", *(f"we1-{name}-home-1" for name in MIXED)):
        known |= state(name, protect=False)
    known |= state(ASIDE, protect=False)
    known[f"{INSTANCE}::we1-files-away-1"] = Known("db-FILES", protect=True)
    left = lines(pending(wanted, known))
    assert [line.split()[0] for line in left] == ["refresh", "import", "import"]
    assert not [line for line in left if "we1-files-away-1@" in line]


def test_after_the_rename_alone_the_import_is_still_to_be_done(
    wanted: tuple[Operation, ...],
) -> None:
    known = deployed()
    known |= state(ASIDE)
    del known[f"{INSTANCE}::we1-files-away-1"]
    left = lines(pending(wanted, known))
    assert f"state unprotect {INSTANCE}::{ASIDE} --stack we1 --yes" in left
    assert not [line for line in left if line.startswith("state rename")]
    assert [line for line in left if "we1-files-away-1@" in line]


def test_what_left_the_state_is_not_asked_for(wanted: tuple[Operation, ...]) -> None:
    left = lines(pending(wanted, {}))
    assert {line.split()[0] for line in left} == {"import"}


def test_what_was_brought_back_for_nothing_leaves_the_program(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    run = played("aborted", opened=False, orders=MIXED["orders"])
    found = operations(decide(Ended(run, {}, left_answers=True), manifest, now), manifest)
    assert lines(found) == [
        f"state unprotect {INSTANCE}::we1-orders-away-1 --stack we1 --yes",
        f"refresh --stack we1 --yes --skip-preview --target {SERVICE} --target {TARGET}",
    ]


def test_where_nothing_changed_hands_the_state_is_left_alone(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    run = played("refused", opened=False)
    assert operations(decide(Ended(run, {}, left_answers=True), manifest, now), manifest) == ()
