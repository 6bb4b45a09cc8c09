"""Least privilege: no wildcard action, and no wildcard resource where AWS allows a narrower one.

Looked at is what roles are granted. What a policy denies may be as wide as it likes.
"""

from collections.abc import Iterator

from policy.declared import Declared
from policy.documents import Statement, allows, is_for_anybody, label, texts
from policy.rule import ResourceRule
from policy.stack import Resource
from policy.unnarrowable import UNNARROWABLE

ROLE = "aws:iam/role:Role"
_GRANTS = (
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/policy:Policy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
)
_ATTACHMENTS = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
)
_BY_AWS = "arn:aws:iam::aws:policy/"
_MADE_FOR_SERVICES = (f"{_BY_AWS}service-role/", f"{_BY_AWS}AWSBackupServiceRolePolicyFor")
"""Policies for a service's own role; those of AWS Backup for S3 lie outside of the folder."""
_TAG = ("aws:ResourceTag/", "ec2:ResourceTag/", "rds:db-tag/")


def _actions(resource: Resource, _: Declared) -> Iterator[str]:
    for statement in filter(allows, resource.statements()):
        if "NotAction" in statement:
            yield (
                f"allows everything but a few actions ({label(statement)}); name what it may do."
            )
        wide = [action for action in texts(statement.get("Action")) if "*" in action]
        if wide:
            yield f"allows {', '.join(wide)} ({label(statement)}); name each action that is used."


def _resources(resource: Resource, _: Declared) -> Iterator[str]:
    for statement in filter(allows, resource.statements()):
        if "NotResource" in statement:
            yield f"allows all but a few resources ({label(statement)}); name those that it may."
        if any(map(_is_everything, texts(statement.get("Resource")))) and not _is_tagged(statement):
            narrow = sorted({*texts(statement.get("Action"))} - UNNARROWABLE)
            if narrow:
                yield (
                    f"allows {', '.join(narrow)} on every resource ({label(statement)}), where AWS "
                    "takes a narrower one; name its ARN, or ask for the zone's tag."
                )


def _is_everything(arn: str) -> bool:
    """Say whether a resource is `*`, or an ARN that leaves its service or its kind open."""
    parts = arn.split(":", 5)
    return arn == "*" or len(parts) < len(_ARN) or "*" in (parts[2], parts[5])


_ARN = ("arn", "partition", "service", "region", "account", "resource")


def _is_tagged(statement: Statement) -> bool:
    keys = [key for tests in (statement.get("Condition") or {}).values() for key in tests]
    return any(key.startswith(_TAG) for key in keys)


def _trust(role: Resource, _: Declared) -> Iterator[str]:
    for statement in filter(allows, role.statements("assumeRolePolicy")):
        if is_for_anybody(statement):
            yield "may be taken by anybody in the world; name the service or the account."
        principal = statement.get("Principal")
        people = texts(principal.get("AWS")) if isinstance(principal, dict) else []
        if any(one.endswith(":root") for one in people) and not statement.get("Condition"):
            yield (
                "may be taken by everybody of an account; ask for a second factor in a condition."
            )


def _attached(attachment: Resource, _: Declared) -> Iterator[str]:
    policy = attachment.text("policyArn")
    if policy.startswith(_BY_AWS) and not policy.startswith(_MADE_FOR_SERVICES):
        yield (
            f"grants {policy.removeprefix(_BY_AWS)}, which AWS keeps wide and changes on its own; "
            "write a policy that names what is used."
        )


def _managed(role: Resource, _: Declared) -> Iterator[str]:
    wide = [
        arn
        for arn in texts(role.get("managedPolicyArns"))
        if arn.startswith(_BY_AWS) and not arn.startswith(_MADE_FOR_SERVICES)
    ]
    if wide:
        yield f"is granted {', '.join(wide)}; write a policy that names what is used."


RULES = (
    ResourceRule("actions-named", "Roles are granted actions by name.", _GRANTS, _actions),
    ResourceRule(
        "resources-named",
        "Roles may touch named resources; `*` stands only where AWS knows nothing narrower.",
        _GRANTS,
        _resources,
    ),
    ResourceRule(
        "trust-narrow",
        "A role is taken by a service, or by people of the account who showed a second factor.",
        (ROLE,),
        _trust,
    ),
    ResourceRule(
        "policies-our-own",
        "Nobody is granted a policy that AWS wrote for everybody; those for its services are.",
        _ATTACHMENTS,
        _attached,
    ),
    ResourceRule(
        "roles-without-wide-policies",
        "No role names a policy that AWS wrote for everybody.",
        (ROLE,),
        _managed,
    ),
)
