"""IAM roles, the policies inside them and beside them. IAM is global: no region.

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


def _create_managed(call: Call) -> Created:
    names = {"name": "PolicyName", "description": "Description", "policy": "PolicyDocument"}
    made = call.client("iam").create_policy(**call.arguments(names), Tags=call.tags())["Policy"]
    return made["Arn"], {"arn": made["Arn"], "policyId": made["PolicyId"]}


def _update_managed(call: Call) -> Properties:
    """A changed document is a new version, and the old one goes, as the provider does it."""
    iam = call.client("iam")
    if "policy" in call.changed:
        before = iam.get_policy(PolicyArn=call.id)["Policy"]["DefaultVersionId"]
        iam.create_policy_version(
            PolicyArn=call.id, PolicyDocument=call.inputs["policy"], SetAsDefault=True
        )
        iam.delete_policy_version(PolicyArn=call.id, VersionId=before)
    retag(
        call,
        lambda tags: iam.tag_policy(PolicyArn=call.id, Tags=tags),
        lambda keys: iam.untag_policy(PolicyArn=call.id, TagKeys=keys),
    )
    return {}


def _delete_managed(call: Call) -> None:
    call.client("iam").delete_policy(PolicyArn=call.id)


def _attach(call: Call) -> Created:
    role, policy = call.inputs["role"], call.inputs["policyArn"]
    call.client("iam").attach_role_policy(RoleName=role, PolicyArn=policy)
    return f"{role}/{policy}", {}


def _detach(call: Call) -> None:
    call.client("iam").detach_role_policy(
        RoleName=call.inputs["role"], PolicyArn=call.inputs["policyArn"]
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
    "aws:iam/policy:Policy": Handler(
        create=_create_managed,
        update=_update_managed,
        delete=_delete_managed,
        applied=words("name description policy tags"),
        replace_on=words("name description"),
        named_by="name",
        regional=False,
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Handler(
        create=_attach,
        delete=_detach,
        applied=words("role policyArn"),
        regional=False,
    ),
}
