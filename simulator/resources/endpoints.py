"""Private ways out of a VPC, and the log of what passes.

`simulator.resources.table` gathers `HANDLERS`.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import ec2_specification, retag_ec2
from simulator.values import Properties

_LISTS = {
    "routeTableIds": "RouteTableIds",
    "subnetIds": "SubnetIds",
    "securityGroupIds": "SecurityGroupIds",
}
_ENDPOINT = {
    "vpcId": "VpcId",
    "serviceName": "ServiceName",
    "vpcEndpointType": "VpcEndpointType",
    "privateDnsEnabled": "PrivateDnsEnabled",
    **_LISTS,
}


def _create_endpoint(call: Call) -> Created:
    ec2 = call.client("ec2")
    endpoint = ec2.create_vpc_endpoint(
        **call.arguments(_ENDPOINT), TagSpecifications=ec2_specification(call, "vpc-endpoint")
    )["VpcEndpoint"]
    identity = endpoint["VpcEndpointId"]
    outputs = {"arn": call.arn("ec2", f"vpc-endpoint/{identity}")}
    if call.inputs.get("vpcEndpointType", "Gateway") == "Gateway":
        found = ec2.describe_managed_prefix_lists(
            Filters=[{"Name": "prefix-list-name", "Values": [call.inputs["serviceName"]]}]
        )["PrefixLists"]
        outputs["prefixListId"] = found[0]["PrefixListId"]
    return identity, outputs


def _update_endpoint(call: Call) -> Properties:
    arguments = {}
    for key, argument in _LISTS.items():
        before, after = set(call.before.get(key, [])), set(call.inputs.get(key, []))
        arguments[f"Add{argument}"] = sorted(after - before)
        arguments[f"Remove{argument}"] = sorted(before - after)
    changed = {name: value for name, value in arguments.items() if value}
    if changed:
        call.client("ec2").modify_vpc_endpoint(VpcEndpointId=call.id, **changed)
    retag_ec2(call)
    return {}


def _delete_endpoint(call: Call) -> None:
    call.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[call.id])


def _create_flow_log(call: Call) -> Created:
    made = call.client("ec2").create_flow_logs(
        ResourceType="VPC",
        ResourceIds=[call.inputs["vpcId"]],
        TrafficType=call.inputs["trafficType"],
        LogDestinationType=call.inputs["logDestinationType"],
        LogDestination=call.inputs["logDestination"],
        DeliverLogsPermissionArn=call.inputs["iamRoleArn"],
        TagSpecifications=ec2_specification(call, "vpc-flow-log"),
    )
    if made["Unsuccessful"]:
        raise ValueError(made["Unsuccessful"][0]["Error"]["Message"])
    return made["FlowLogIds"][0], {}


def _update_flow_log(call: Call) -> Properties:
    retag_ec2(call)
    return {}


def _delete_flow_log(call: Call) -> None:
    call.client("ec2").delete_flow_logs(FlowLogIds=[call.id])


HANDLERS = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": Handler(
        create=_create_endpoint,
        update=_update_endpoint,
        delete=_delete_endpoint,
        applied=words("tags") | set(_ENDPOINT),
        replace_on=words("vpcId serviceName vpcEndpointType privateDnsEnabled"),
    ),
    "aws:ec2/flowLog:FlowLog": Handler(
        create=_create_flow_log,
        update=_update_flow_log,
        delete=_delete_flow_log,
        applied=words("vpcId trafficType logDestinationType logDestination iamRoleArn tags"),
        replace_on=words("vpcId trafficType logDestinationType logDestination iamRoleArn"),
    ),
}
