from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from continuity.errors import Refusal
from continuity.permissions import Permission, Scope
from continuity.zone import SiteName
from failover.answers import ANSWERS
from failover.case import Case
from failover.decide import Hold, decide
from failover.diagnose import Diagnosis, Finding
from failover.observation import Look
from failover.options import Options
from failover.region_loss import region_loss
from failover.static_stability import demand, impaired, region_of, weaknesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest
    from failover.plan import Plan

WITNESS = Scope.WITNESS_OBJECTS
RECOVERABLE = [diagnosis for diagnosis, answer in ANSWERS.items() if answer.recovery]
REGIONS = [("eu-west-1", "us-east-1"), ("us-east-1", "us-west-2"), ("us-west-2", "us-east-1")]


def between(manifest: Manifest, home: str, away: str) -> Manifest:
    regions = {SiteName.HOME: home, SiteName.AWAY: away}
    sites = {name: replace(site, region=regions[name]) for name, site in manifest.sites.items()}
    return replace(manifest, sites=sites)


def changed(plan: Plan, step: str, **fields: object) -> Plan:
    steps = [replace(one, **fields) if one.name == step else one for one in plan.steps]
    return replace(plan, steps=tuple(steps))


def calling(plan: Plan, step: str, action: str) -> Plan:
    (found,) = (one for one in plan.steps if one.name == step)
    permissions = (*found.permissions, Permission(action, Scope.ANY))
    return changed(plan, step, permissions=permissions)


@pytest.mark.parametrize("diagnosis", RECOVERABLE)
@pytest.mark.parametrize(("home", "away"), REGIONS)
@pytest.mark.parametrize("active", SiteName)
def test_every_plan_that_a_diagnosis_builds_is_stable_wherever_the_zone_lies(
    manifest_of: Callable[..., Manifest], diagnosis: Diagnosis, home: str, away: str, active: str
) -> None:
    manifest = replace(between(manifest_of(), home, away), active=SiteName(active))
    plan = ANSWERS[diagnosis].recovery.build(manifest, Case(diagnosis), 30.0)
    assert weaknesses(plan, manifest) == ()
    demand(plan, manifest)


@pytest.mark.parametrize(
    ("action", "plane"),
    [
        ("iam:PutRolePolicy", "us-east-1"),
        ("route53:ChangeResourceRecordSets", "us-east-1"),
        ("cloudfront:UpdateDistribution", "us-east-1"),
        ("acm:RequestCertificate", "us-east-1"),
        ("organizations:ListAccounts", "us-east-1"),
        ("s3:PutBucketPolicy", "us-east-1"),
        ("s3:PutReplicationConfiguration", "us-east-1"),
        ("globalaccelerator:UpdateEndpointGroup", "us-west-2"),
        ("route53-recovery-control-config:UpdateControlPanel", "us-west-2"),
    ],
)
@pytest.mark.parametrize("step", ["promote-orders", "fence-home", "open-away"])
@pytest.mark.parametrize("away", ["eu-central-1", "us-east-1", "us-west-2"])
def test_a_global_control_plane_fails_any_step(
    manifest_of: Callable[..., Manifest], action: str, plane: str, step: str, away: str
) -> None:
    manifest = between(manifest_of(), "eu-west-1", away)
    plan = calling(region_loss(manifest), step, action)
    told = f"{step} calls {action}, whose control plane is in {plane}."
    assert weaknesses(plan, manifest) == (told,)
    with pytest.raises(Refusal, match="is not statically stable"):
        demand(plan, manifest)


@pytest.mark.parametrize(
    "action",
    [
        "s3:PutObject",
        "s3:ListBucket",
        "route53-recovery-cluster:UpdateRoutingControlState",
        "iam:PassRole",
    ],
)
def test_a_data_plane_fails_none(manifest_of: Callable[..., Manifest], action: str) -> None:
    manifest = between(manifest_of(), "eu-west-1", "us-east-1")
    plan = calling(region_loss(manifest), "open-away", action)
    assert weaknesses(plan, manifest) == ()


def test_no_step_that_is_waited_for_touches_the_impaired_region(
    manifest_of: Callable[..., Manifest],
) -> None:
    manifest = manifest_of()
    for step in region_loss(manifest).steps:
        moved = changed(region_loss(manifest), step.name, site=SiteName.HOME)
        told = weaknesses(moved, manifest)
        stays = not step.permissions or step.best_effort
        assert bool(told) is not stays, step.name
        assert all(
            sentence.startswith(f"{step.name} calls ")
            and sentence.endswith("in eu-west-1, the impaired region.")
            for sentence in told
        )


def test_a_best_effort_there_must_be_short(manifest_of: Callable[..., Manifest]) -> None:
    plan = changed(region_loss(manifest_of()), "fence-home", deadline_s=301.0)
    told = weaknesses(plan, manifest_of())
    assert told[0].startswith(
        "fence-home may wait 5 min 1 s for ec2:DescribeSecurityGroups in eu-we"
    )
    firm = changed(region_loss(manifest_of()), "fence-home", best_effort=False)
    assert len(weaknesses(firm, manifest_of())) == 6


@pytest.mark.parametrize("look", [Look.SERVING, Look.SERVING_REGION])
def test_looking_at_the_impaired_region_is_touching_it(
    manifest_of: Callable[..., Manifest], look: Look
) -> None:
    plan = changed(region_loss(manifest_of()), "open-away", looks=frozenset({look}))
    told = f"open-away calls look:{look} in eu-west-1, the impaired region."
    assert weaknesses(plan, manifest_of()) == (told,)


def test_a_witness_is_asked_in_its_own_region(manifest_of: Callable[..., Manifest]) -> None:
    manifest = manifest_of()
    assert manifest.witness is not None
    same = replace(manifest, witness=replace(manifest.witness, region="eu-west-1"))
    (step,) = (one for one in region_loss(same).steps if one.name == "open-away")
    there = Permission("s3:PutObject", WITNESS)
    assert region_of(there, step, manifest) == manifest.witness.region
    assert region_of(replace(there, scope=Scope.ANY), step, manifest) == "eu-central-1"
    asking = changed(region_loss(same), "open-away", permissions=(there,))
    told = "open-away calls s3:PutObject in eu-west-1, the impaired region."
    assert weaknesses(asking, same) == (told,)


def test_a_plan_that_stays_has_no_impaired_region(manifest_of: Callable[..., Manifest]) -> None:
    plan = region_loss(manifest_of())
    staying = replace(plan, steps=plan.steps[:4])
    assert impaired(plan, manifest_of()) is SiteName.HOME
    assert impaired(staying, manifest_of()) is None


def test_a_plan_that_fails_is_not_begun(
    manifest_of: Callable[..., Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ANSWERS[Diagnosis.REGION_LOST]

    def build(*arguments: object) -> Plan:
        return calling(answer.recovery.build(*arguments), "promote-orders", "iam:CreateRole")

    changed = replace(answer, recovery=replace(answer.recovery, build=build))
    monkeypatch.setattr("failover.decide.ANSWERS", {Diagnosis.REGION_LOST: changed})
    found = decide(Finding(Diagnosis.REGION_LOST, "Lost."), manifest_of(), Options())
    assert isinstance(found, Hold)
    assert "promote-orders calls iam:CreateRole" in found.reason
