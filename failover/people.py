"""Who counts as one person: whom AWS names, and what in that name a person may choose freely.

`failover.decisions` asks when somebody approves, `failover.approvals` when approvals are counted.
Pure.
"""

import re

from continuity.errors import Refusal
from continuity.manifest import Manifest

_SESSION = re.compile(
    r"arn:[\w-]+:sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/(?P<name>.+)"
)


def person(manifest: Manifest, caller: str) -> str:
    """Return the person behind a caller of AWS.

    The session name of a role is the caller's choice. It names a person only where the role's trust
    policy demands that it is the user's name: for the roles that the manifest lists. A manifest too
    old to list any counts all sessions of one role as one. Names that are no ARN are a drill's.

    Raises:
        Refusal: the caller is none of the zone's approvers.
    """
    if not caller.startswith("arn:"):
        return caller
    session = _SESSION.fullmatch(caller)
    if not manifest.approver_roles:
        return caller if session is None else f"{session['account']}:{session['role']}"
    named = session is not None and session["role"] in manifest.approver_roles
    if session is None or not named or session["account"] != manifest.account:
        roles = " or ".join(manifest.approver_roles)
        raise Refusal(
            f"{caller} cannot approve for {manifest.zone}: AWS vouches for the person only in a "
            f"session of {roles} in account {manifest.account}.",
            f"Take {manifest.approver_roles[0]} as yourself, your user name as the session name.",
        )
    return session["name"]


def shown(caller: str) -> str:
    """Return how sentences name a caller: what comes last in an ARN. Facts keep all of it."""
    return caller.rpartition("/")[2]
