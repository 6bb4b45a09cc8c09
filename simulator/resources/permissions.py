"""IAM roles and the policies inside them. IAM is global: no region.

`simulator.resources.table` gathers `HANDLERS`.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_ROLE = {
    "name": "RoleName",
    "description": "Description",
    "assumeRolePolicy": "AssumeRolePolicyDocument",
    "maxSessionDuration": "MaxSessionDuration",
}


def _create_role(call: Call) -> Created:
    role = call.client("iam").create_role(**call.arguments(_ROLE), Tags=call.tags())["Role"]
    return role["RoleName"], {"arn": role["Arn"], "uniqueId": role["RoleId"]}


def _update_role(call: Call) -> Properties:
    iam = call.client("iam")
    if "assumeRolePolicy" in call.changed:
        iam.update_assume_role_policy(
            RoleName=call.id, PolicyDocument=call.inputs["assumeRolePolicy"]
        )
    if call.changed & {"description", "maxSessionDuration"}:
        iam.update_role(
            RoleName=call.id,
            Description=call.inputs.get("description", ""),
            MaxSessionDuration=call.inputs.get("maxSessionDuration", 3600),
        )
    retag(
        call,
        lambda tags: iam.tag_role(RoleName=call.id, Tags=tags),
        lambda keys: iam.untag_role(RoleName=call.id, TagKeys=keys),
    )
    return {}


def _delete_role(call: Call) -> None:
    call.client("iam").delete_role(RoleName=call.id)


def _put_policy(call: Call) -> Created:
    role, name = call.inputs["role"], call.inputs["name"]
    call.client("iam").put_role_policy(
        RoleName=role, PolicyName=name, PolicyDocument=call.inputs["policy"]
    )
    return f"{role}:{name}", {}


def _update_policy(call: Call) -> Properties:
    _put_policy(call)
    return {}


def _delete_policy(call: Call) -> None:
    call.client("iam").delete_role_policy(
        RoleName=call.inputs["role"], PolicyName=call.inputs["name"]
    )


HANDLERS = {
    "aws:iam/role:Role": Handler(
        create=_create_role,
        update=_update_role,
        delete=_delete_role,
        applied=words("tags") | set(_ROLE),
        replace_on=words("name"),
        named_by="name",
        regional=False,
    ),
    "aws:iam/rolePolicy:RolePolicy": Handler(
        create=_put_policy,
        update=_update_policy,
        delete=_delete_policy,
        applied=words("name role policy"),
        replace_on=words("name role"),
        named_by="name",
        regional=False,
    ),
}
