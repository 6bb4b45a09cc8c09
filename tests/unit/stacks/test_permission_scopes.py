import json
from typing import Any

import pytest

from continuity.file_grants import READ_SHARED
from continuity.grants import BACKUP, FAILOVER, READINESS, RESTORE, RETIRE
from continuity.incidents import INCIDENT, INCIDENT_FUNCTION
from continuity.permissions import Permission, Scope
from continuity.zone import SiteName
from simulator.program import Outcome
from stacks.latch import of_site, of_witness
from stacks.latch import policy as latch_policy
from stacks.place import Place
from stacks.reading_rights import rights_of
from stacks.scopes import SiteScope, policy, resources

ACCOUNT = "123456789012"
SITES = [
    SiteScope(Place("t1", SiteName.HOME, "eu-west-2", ACCOUNT), "arn:key-home", "sg-home"),
    SiteScope(Place("t1", SiteName.AWAY, "eu-west-1", ACCOUNT), "arn:key-away", "sg-away"),
]


def statements(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    return found


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_is_everything_only_where_aws_knows_nothing_narrower(scope: Scope) -> None:
    found = resources(scope, SITES)
    assert ("*" in found) == (scope is Scope.ANY)
    assert len(set(found)) == len(found)


GLOBAL = (
    Scope.HOSTED_ZONES,
    Scope.HEALTH_CHECKS,
    Scope.ROLES,
    Scope.SERVICE_ROLE,
    Scope.PLATFORM_ROLES,
    Scope.WITNESS_OBJECTS,
)


@pytest.mark.parametrize("scope", GLOBAL)
def test_what_is_global_is_named_once(scope: Scope) -> None:
    assert resources(scope, SITES) == resources(scope, SITES[:1])
    assert len(resources(scope, SITES)) == (2 if scope is Scope.PLATFORM_ROLES else 1)


@pytest.mark.parametrize("scope", sorted(set(Scope) - {Scope.ANY, *GLOBAL}))
def test_a_scope_reaches_both_sites_alike(scope: Scope) -> None:
    home, away = resources(scope, SITES[:1]), resources(scope, SITES[1:])
    assert len(home) == len(away) > 0
    assert not set(home) & set(away)
    assert resources(scope, SITES) == home + away


def test_databases_are_named_by_their_zone_and_survive_a_rebuilt_instance() -> None:
    assert resources(Scope.DATABASES, SITES[:1]) == [
        f"arn:aws:rds:eu-west-2:{ACCOUNT}:db:t1-*",
        f"arn:aws:rds:eu-west-2:{ACCOUNT}:pg:t1-*",
    ]


def test_latch_objects_are_the_three_keys_of_each_bucket() -> None:
    bucket = f"arn:aws:s3:::holdfast-{ACCOUNT}-t1"
    assert resources(Scope.LATCH_OBJECTS, SITES) == [
        f"{bucket}-home-latch/closed/away",
        f"{bucket}-home-latch/open/home",
        f"{bucket}-home-latch/warrant/away",
        f"{bucket}-away-latch/closed/home",
        f"{bucket}-away-latch/open/away",
        f"{bucket}-away-latch/warrant/home",
    ]


def granted(text: str) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for statement in statements(text)
        if "Condition" not in statement or statement["Sid"] == "NewFileSystems"
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def test_a_restore_reads_snapshots_that_are_the_zones_by_name_or_by_tag() -> None:
    [tagged] = [one for one in statements(policy(FAILOVER, SITES)) if "Condition" in one]
    assert tagged["Action"] == ["rds:RestoreDBInstanceFromDBSnapshot"]
    assert tagged["Condition"] == {"StringEquals": {"aws:ResourceTag/holdfast:zone": "t1"}}
    assert f"arn:aws:rds:eu-west-1:{ACCOUNT}:snapshot:t1-*" in resources(Scope.RESTORES, SITES)
    assert not [one for one in resources(Scope.RESTORES, SITES) if one.endswith("snapshot:*")]


def test_only_a_file_system_that_is_of_no_zone_is_ever_deleted_or_tagged() -> None:
    for permissions in (BACKUP, RESTORE):
        erasing = [
            one
            for one in statements(policy(permissions, SITES))
            if "elasticfilesystem:DeleteFileSystem" in one["Action"]
        ]
        untagged = {"Null": {"aws:ResourceTag/holdfast:zone": "true"}}
        assert [one["Condition"] for one in erasing] == [untagged]


def test_only_what_is_of_no_zone_is_ever_mounted_or_cut_off() -> None:
    rows = statements(rights_of([site.place for site in SITES]))
    rights = {action: row for row in rows for action in row["Action"]}
    untagged = {"Null": {"aws:ResourceTag/holdfast:zone": "true"}}
    changing = {
        one
        for one in rights
        if one.startswith("elasticfilesystem:") and not one.split(":")[1].startswith("Describe")
    }
    assert len(changing) == 4
    assert {one: rights[one].get("Condition") for one in changing} == dict.fromkeys(
        changing, untagged
    )
    led = rights["lambda:UpdateFunctionConfiguration"]["Resource"]
    assert [one.rpartition(":")[2] for one in led] == [
        "t1-home-scratch-reader",
        "t1-away-scratch-reader",
    ]
    assert {action for action, _ in granted(json.dumps({"Statement": rows}))} | {
        "elasticfilesystem:DeleteAccessPoint"
    } == {one.action for one in READ_SHARED}
    assert not {one.action for one in READ_SHARED} & {one.action for one in BACKUP} - {
        "lambda:InvokeFunction"
    }
    assert len("".join(rights_of([site.place for site in SITES]).split())) < 6_144


def test_who_restores_nothing_is_granted_nothing_by_tag() -> None:
    assert not [one for one in statements(policy(READINESS, SITES)) if "Condition" in one]


ROLES = {
    "failover": FAILOVER,
    "backup": BACKUP,
    "readiness": READINESS,
    "restore": RESTORE,
    "incident": INCIDENT,
    "retire": RETIRE,
    "incident-function": INCIDENT_FUNCTION,
}


@pytest.mark.parametrize("permissions", ROLES.values(), ids=ROLES)
def test_a_role_is_granted_its_list_and_nothing_else(permissions: tuple[Permission, ...]) -> None:
    wanted = {
        (permission.action, resource)
        for permission in permissions
        for resource in resources(permission.scope, SITES)
    }
    assert granted(policy(permissions, SITES)) == wanted


def test_an_inline_policy_stays_within_what_iam_takes_however_many_databases() -> None:
    longest = max(len(policy(each, SITES).replace(" ", "")) for each in ROLES.values())
    assert longest < 10_240


def test_readiness_only_looks() -> None:
    verbs = {permission.action.split(":")[1] for permission in READINESS}
    looking = ("BatchGet", "Describe", "Get", "List", "Simulate", "Decrypt")
    assert [verb for verb in verbs if not verb.startswith(looking)] == []


def test_backup_deletes_recovery_points_and_what_it_tried_and_nothing_else() -> None:
    deleting = {one.action: one.scope for one in BACKUP if "Delete" in one.action}
    assert set(deleting) == {
        "rds:DeleteDBSnapshot",
        "backup:DeleteRecoveryPoint",
        "rds:DeleteDBInstance",
        "s3:DeleteObjectVersion",
        "elasticfilesystem:DeleteFileSystem",
    }
    for arn in resources(deleting["rds:DeleteDBInstance"], SITES):
        assert arn.split(":", 5)[5] == "db:t1-scratch-*"
    for arn in resources(deleting["s3:DeleteObjectVersion"], SITES):
        assert arn.endswith("-scratch/*")
    for arn in resources(deleting["backup:DeleteRecoveryPoint"], SITES):
        assert arn.split(":", 5)[5] == "recovery-point:*"
    for arn in resources(deleting["rds:DeleteDBSnapshot"], SITES):
        assert arn.split(":", 5)[5].startswith(("snapshot:t1-", "snapshot:rds:t1-"))


def test_anyone_reads_exactly_the_objects_of_a_latch_and_of_the_witness() -> None:
    place = SITES[1].place
    witness = f"arn:aws:s3:::holdfast-{ACCOUNT}-t1-witness-latch/warrant"
    wanted = {
        latch_policy(of_site(place)): resources(Scope.LATCH_OBJECTS, SITES[1:]),
        latch_policy(of_witness("t1", ACCOUNT, "eu-central-1")): [
            f"{witness}/home",
            f"{witness}/away",
        ],
    }
    for text, objects in wanted.items():
        allowed = [row for row in statements(text) if row["Effect"] == "Allow"]
        assert [(row["Principal"], row["Action"]) for row in allowed] == [("*", ["s3:GetObject"])]
        assert allowed[0]["Resource"] == objects


def test_only_the_failover_role_writes_a_latch() -> None:
    denied = [
        row for row in statements(latch_policy(of_site(SITES[0].place))) if row["Effect"] == "Deny"
    ]
    assert [row["Action"] for row in denied] == [["s3:PutObject", "s3:DeleteObject"], ["s3:*"]]
    assert denied[1]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied[0]["Condition"] == {
        "ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/holdfast-t1-failover"}
    }


def test_the_failover_role_is_taken_by_people_with_a_second_factor_under_their_own_name(
    ledger: Outcome,
) -> None:
    role = ledger.named("ops-permissions-failover")
    assert statements(role.inputs["assumeRolePolicy"]) == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
                "StringEquals": {"sts:RoleSessionName": "${aws:username}"},
            },
        }
    ]


def test_a_session_lasts_as_long_as_the_longest_objective(ledger: Outcome) -> None:
    role = ledger.named("ops-permissions-failover")
    assert role.inputs["maxSessionDuration"] == 12 * 60 * 60


SAY_NO_ACCOUNT = {"s3.amazonaws.com", "firehose.amazonaws.com", "lambda.amazonaws.com"}
"""Services for which AWS documents no condition; only this account can give them a role."""


def test_every_service_that_says_for_whom_it_takes_a_role_does_so_for_this_account_only(
    ledger: Outcome,
) -> None:
    trusted = [
        (statement["Principal"]["Service"], statement.get("Condition"))
        for role in ledger.of("aws:iam/role:Role")
        for statement in statements(role.inputs["assumeRolePolicy"])
        if "Service" in statement["Principal"]
    ]
    assert {service for service, condition in trusted if condition is None} <= SAY_NO_ACCOUNT
    conditions = [condition for service, condition in trusted if service not in SAY_NO_ACCOUNT]
    assert conditions == [{"StringEquals": {"aws:SourceAccount": ACCOUNT}}] * len(conditions)
    assert len(conditions) > 5


def test_a_restore_of_files_writes_nowhere_among_live_files() -> None:
    for arn in resources(Scope.RESTORED_OBJECTS, SITES):
        assert "/restored/" in arn or "-restored-*/" in arn
