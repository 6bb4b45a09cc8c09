"""VPCs, subnets and routes.

`simulator.resources.table` gathers `HANDLERS`; firewalls.py and endpoints.py hold the rest of EC2.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import ec2_specification, retag_ec2
from simulator.values import Properties

_DNS = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}


def _create_vpc(call: Call) -> Created:
    vpc = call.client("ec2").create_vpc(
        CidrBlock=call.inputs["cidrBlock"], TagSpecifications=ec2_specification(call, "vpc")
    )["Vpc"]
    _set_dns(call, vpc["VpcId"])
    return vpc["VpcId"], {"arn": call.arn("ec2", f"vpc/{vpc['VpcId']}")}


def _update_vpc(call: Call) -> Properties:
    _set_dns(call, call.id)
    retag_ec2(call)
    return {}


def _set_dns(call: Call, vpc: str) -> None:
    for argument, value in call.arguments(_DNS).items():
        call.client("ec2").modify_vpc_attribute(VpcId=vpc, **{argument: {"Value": value}})


def _delete_vpc(call: Call) -> None:
    call.client("ec2").delete_vpc(VpcId=call.id)


def _create_gateway(call: Call) -> Created:
    ec2 = call.client("ec2")
    gateway = ec2.create_internet_gateway(
        TagSpecifications=ec2_specification(call, "internet-gateway")
    )["InternetGateway"]
    identity = gateway["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=identity, VpcId=call.inputs["vpcId"])
    return identity, {"arn": call.arn("ec2", f"internet-gateway/{identity}")}


def _update_gateway(call: Call) -> Properties:
    if "vpcId" in call.changed:
        ec2 = call.client("ec2")
        ec2.detach_internet_gateway(InternetGatewayId=call.id, VpcId=call.before["vpcId"])
        ec2.attach_internet_gateway(InternetGatewayId=call.id, VpcId=call.inputs["vpcId"])
    retag_ec2(call)
    return {}


def _delete_gateway(call: Call) -> None:
    ec2 = call.client("ec2")
    ec2.detach_internet_gateway(InternetGatewayId=call.id, VpcId=call.inputs["vpcId"])
    ec2.delete_internet_gateway(InternetGatewayId=call.id)


def _create_subnet(call: Call) -> Created:
    names = {
        "vpcId": "VpcId",
        "cidrBlock": "CidrBlock",
        "availabilityZone": "AvailabilityZone",
    }
    subnet = call.client("ec2").create_subnet(
        **call.arguments(names), TagSpecifications=ec2_specification(call, "subnet")
    )["Subnet"]
    outputs = {"arn": subnet["SubnetArn"], "availabilityZoneId": subnet["AvailabilityZoneId"]}
    return subnet["SubnetId"], outputs


def _delete_subnet(call: Call) -> None:
    call.client("ec2").delete_subnet(SubnetId=call.id)


def _only_tags(call: Call) -> Properties:
    retag_ec2(call)
    return {}


def _create_table(call: Call) -> Created:
    table = call.client("ec2").create_route_table(
        VpcId=call.inputs["vpcId"], TagSpecifications=ec2_specification(call, "route-table")
    )["RouteTable"]
    identity = table["RouteTableId"]
    return identity, {"arn": call.arn("ec2", f"route-table/{identity}")}


def _delete_table(call: Call) -> None:
    call.client("ec2").delete_route_table(RouteTableId=call.id)


_ROUTE = {
    "routeTableId": "RouteTableId",
    "destinationCidrBlock": "DestinationCidrBlock",
    "gatewayId": "GatewayId",
}


def _create_route(call: Call) -> Created:
    call.client("ec2").create_route(**call.arguments(_ROUTE))
    table, target = call.inputs["routeTableId"], call.inputs["destinationCidrBlock"]
    return f"r-{table}-{target}", {"state": "active"}


def _update_route(call: Call) -> Properties:
    call.client("ec2").replace_route(**call.arguments(_ROUTE))
    return {}


def _delete_route(call: Call) -> None:
    arguments = call.arguments(_ROUTE)
    arguments.pop("GatewayId")
    call.client("ec2").delete_route(**arguments)


def _create_association(call: Call) -> Created:
    association = call.client("ec2").associate_route_table(
        SubnetId=call.inputs["subnetId"], RouteTableId=call.inputs["routeTableId"]
    )
    return association["AssociationId"], {}


def _update_association(call: Call) -> Properties:
    association = call.client("ec2").replace_route_table_association(
        AssociationId=call.id, RouteTableId=call.inputs["routeTableId"]
    )
    return {"id": association["NewAssociationId"]}


def _delete_association(call: Call) -> None:
    call.client("ec2").disassociate_route_table(AssociationId=call.id)


HANDLERS = {
    "aws:ec2/vpc:Vpc": Handler(
        create=_create_vpc,
        update=_update_vpc,
        delete=_delete_vpc,
        applied=words("cidrBlock enableDnsHostnames enableDnsSupport tags"),
        replace_on=words("cidrBlock"),
    ),
    "aws:ec2/internetGateway:InternetGateway": Handler(
        create=_create_gateway,
        update=_update_gateway,
        delete=_delete_gateway,
        applied=words("vpcId tags"),
    ),
    "aws:ec2/subnet:Subnet": Handler(
        create=_create_subnet,
        update=_only_tags,
        delete=_delete_subnet,
        applied=words("vpcId cidrBlock availabilityZone tags"),
        replace_on=words("vpcId cidrBlock availabilityZone"),
    ),
    "aws:ec2/routeTable:RouteTable": Handler(
        create=_create_table,
        update=_only_tags,
        delete=_delete_table,
        applied=words("vpcId tags"),
        replace_on=words("vpcId"),
    ),
    "aws:ec2/route:Route": Handler(
        create=_create_route,
        update=_update_route,
        delete=_delete_route,
        applied=words("routeTableId destinationCidrBlock gatewayId"),
        replace_on=words("routeTableId destinationCidrBlock"),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Handler(
        create=_create_association,
        update=_update_association,
        delete=_delete_association,
        applied=words("subnetId routeTableId"),
        replace_on=words("subnetId"),
    ),
}
