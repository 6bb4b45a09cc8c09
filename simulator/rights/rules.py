"""Every operation of which the simulator knows what IAM asks, and what it then asks.

`rights.judge` calls `asked`. Operation names are boto3's; IAM's actions are often others:
ListObjectsV2 asks for s3:ListBucket, a transaction for one action of each of its items.
"""

from functools import cache

from simulator.call_log import Call
from simulator.rights import databases, directions, files, hosting, mounting, storage, watching
from simulator.rights.asked import Asked, Rules


@cache
def known() -> Rules:
    """Return all rules."""
    return {
        **databases.rules(),
        **directions.rules(),
        **files.rules(),
        **hosting.rules(),
        **mounting.rules(),
        **storage.rules(),
        **watching.rules(),
    }


def asked(call: Call) -> tuple[Asked, ...] | None:
    """Return what a call asks for, each thing once; None where no rule knows the operation."""
    rule = known().get((call.service, call.operation))
    return None if rule is None else tuple(dict.fromkeys(rule(call)))


def action(call: Call) -> str:
    """Return the action that IAM names after an operation: the usual, where no rule knows better.

    boto3 and IAM call some services by different names.
    """
    return f"{_SERVICES.get(call.service, call.service)}:{call.operation}"


_SERVICES = {
    "elbv2": "elasticloadbalancing",
    "efs": "elasticfilesystem",
    "service-quotas": "servicequotas",
}
