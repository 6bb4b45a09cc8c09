"""Security groups and their rules, one resource per rule.

`simulator.resources.table` gathers `HANDLERS`.
"""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import ec2_specification, retag_ec2
from simulator.values import Properties

_RULE = {
    "ipProtocol": "IpProtocol",
    "fromPort": "FromPort",
    "toPort": "ToPort",
    "cidrIpv4": "CidrIpv4",
    "prefixListId": "PrefixListId",
    "referencedSecurityGroupId": "ReferencedGroupId",
    "description": "Description",
}

_GONE = frozenset({"InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound"})
"""A rule that is not there is deleted, for the provider too (resourceSecurityGroupRuleDelete asks
for the first); moto says the second. A fence takes rules away behind the program's back."""


def _create_group(call: Call) -> Created:
    ec2 = call.client("ec2")
    names = {"name": "GroupName", "description": "Description", "vpcId": "VpcId"}
    group = ec2.create_security_group(
        **call.arguments(names), TagSpecifications=ec2_specification(call, "security-group")
    )
    identity = group["GroupId"]
    made = ec2.describe_security_groups(GroupIds=[identity])["SecurityGroups"][0]
    # The provider takes back the rule that lets everything out; AWS adds it to every new group.
    ec2.revoke_security_group_egress(GroupId=identity, IpPermissions=made["IpPermissionsEgress"])
    return identity, {"arn": call.arn("ec2", f"security-group/{identity}")}


def _update_group(call: Call) -> Properties:
    retag_ec2(call)
    return {}


def _delete_group(call: Call) -> None:
    call.client("ec2").delete_security_group(GroupId=call.id)


def _permission(call: Call) -> dict[str, Any]:
    """Return the rule as an authorize call takes it."""
    given = call.inputs
    about = {"Description": given["description"]} if "description" in given else {}
    permission = call.arguments(
        {"ipProtocol": "IpProtocol", "fromPort": "FromPort", "toPort": "ToPort"}
    )
    if "cidrIpv4" in given:
        permission["IpRanges"] = [{"CidrIp": given["cidrIpv4"], **about}]
    if "prefixListId" in given:
        permission["PrefixListIds"] = [{"PrefixListId": given["prefixListId"], **about}]
    if "referencedSecurityGroupId" in given:
        group = given["referencedSecurityGroupId"]
        permission["UserIdGroupPairs"] = [{"GroupId": group, **about}]
    return permission


def _create_rule(direction: str) -> Callable[[Call], Created]:
    def create(call: Call) -> Created:
        authorize = getattr(call.client("ec2"), f"authorize_security_group_{direction}")
        rule = authorize(
            GroupId=call.inputs["securityGroupId"],
            IpPermissions=[_permission(call)],
            TagSpecifications=ec2_specification(call, "security-group-rule"),
        )["SecurityGroupRules"][0]
        identity = rule["SecurityGroupRuleId"]
        arn = call.arn("ec2", f"security-group-rule/{identity}")
        return identity, {"arn": arn, "securityGroupRuleId": identity}

    return create


def _update_rule(call: Call) -> Properties:
    if call.changed - {"tags"}:
        rule = {"SecurityGroupRuleId": call.id, "SecurityGroupRule": call.arguments(_RULE)}
        call.client("ec2").modify_security_group_rules(
            GroupId=call.inputs["securityGroupId"], SecurityGroupRules=[rule]
        )
    retag_ec2(call)
    return {}


def _delete_rule(direction: str) -> Callable[[Call], None]:
    def delete(call: Call) -> None:
        revoke = getattr(call.client("ec2"), f"revoke_security_group_{direction}")
        try:
            revoke(GroupId=call.inputs["securityGroupId"], SecurityGroupRuleIds=[call.id])
        except ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise

    return delete


def _rule(direction: str) -> Handler:
    return Handler(
        create=_create_rule(direction),
        update=_update_rule,
        delete=_delete_rule(direction),
        applied=words("securityGroupId tags") | set(_RULE),
        replace_on=words("securityGroupId"),
    )


HANDLERS = {
    "aws:ec2/securityGroup:SecurityGroup": Handler(
        create=_create_group,
        update=_update_group,
        delete=_delete_group,
        applied=words("name description vpcId tags"),
        replace_on=words("name description vpcId"),
        named_by="name",
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule("ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule("egress"),
}
