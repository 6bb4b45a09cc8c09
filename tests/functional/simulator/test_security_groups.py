"""Security groups: what a rule is, and when a group may go, beside plain moto."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.world import World

REGION = "eu-central-1"


class Groups:
    """An application's group and a database's, in the default VPC."""

    def __init__(self) -> None:
        self.api = client("ec2", REGION)
        vpc = self.api.describe_vpcs()["Vpcs"][0]["VpcId"]
        self.application, self.database = (
            self.api.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
            for name in ("application", "database")
        )

    def rule(self, description: str | None = None) -> list[dict[str, Any]]:
        pair = {"GroupId": self.application}
        if description is not None:
            pair["Description"] = description
        return [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [pair]}]

    def admit(self, description: str | None = None) -> str:
        """Admit the application; return the code of a refusal, empty if there is none."""
        return self._code("authorize_security_group_ingress", IpPermissions=self.rule(description))

    def shut_out(self, description: str | None = None) -> str:
        return self._code("revoke_security_group_ingress", IpPermissions=self.rule(description))

    def ingress(self) -> list[dict[str, Any]]:
        found = self.api.describe_security_groups(GroupIds=[self.database])["SecurityGroups"]
        rules: list[dict[str, Any]] = found[0]["IpPermissions"]
        return rules

    def _code(self, operation: str, **arguments: object) -> str:
        try:
            getattr(self.api, operation)(GroupId=self.database, **arguments)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""


@pytest.fixture
def groups() -> Iterator[Groups]:
    with World(seed=1):
        yield Groups()


def test_a_rule_is_the_same_rule_whatever_its_description_says() -> None:
    def codes(*, corrected: bool) -> tuple[str, str, str]:
        with World(seed=1, corrected=corrected):
            groups = Groups()
            return groups.admit("from the application"), groups.admit(), groups.shut_out("other")

    assert codes(corrected=False) == ("", "", "InvalidPermission.NotFound")
    assert codes(corrected=True) == ("", "InvalidPermission.Duplicate", "")


def test_what_was_shut_out_is_gone_and_cannot_be_shut_out_again(groups: Groups) -> None:
    groups.admit("from the application")

    assert groups.shut_out() == ""
    assert groups.ingress() == []
    assert groups.shut_out() == "InvalidPermission.NotFound"


def test_a_group_that_a_rule_names_cannot_be_deleted() -> None:
    def code(*, corrected: bool) -> str:
        with World(seed=1, corrected=corrected):
            groups = Groups()
            groups.admit()
            try:
                groups.api.delete_security_group(GroupId=groups.application)
            except ClientError as error:
                return str(error.response["Error"]["Code"])
            return ""

    assert code(corrected=False) == ""
    assert code(corrected=True) == "DependencyViolation"


def test_a_group_goes_once_nothing_depends_on_it(groups: Groups) -> None:
    subnets = [row["SubnetId"] for row in groups.api.describe_subnets()["Subnets"][:2]]
    elbv2 = client("elbv2", REGION)
    balancer = elbv2.create_load_balancer(
        Name="platform", Subnets=subnets, SecurityGroups=[groups.application]
    )["LoadBalancers"][0]["LoadBalancerArn"]

    with pytest.raises(ClientError, match="DependencyViolation"):
        groups.api.delete_security_group(GroupId=groups.application)
    elbv2.delete_load_balancer(LoadBalancerArn=balancer)
    groups.api.delete_security_group(GroupId=groups.application)

    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound"):
        groups.api.describe_security_groups(GroupIds=[groups.application])
