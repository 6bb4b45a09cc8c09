"""Whether a KMS key, given by its ARN, can be used: RDS and AWS Backup refuse what it cannot open.

`corrections.rds_refusals` and `corrections.backup_restores` ask. What is no ARN, or names a key
that the world does not know, is taken for one that can be used.
"""

from moto.kms.models import kms_backends

from simulator import inside

_ENABLED = "Enabled"


def unusable(arn: str | None) -> str:
    """Return the state of a key that cannot be used, in KMS's own word; empty if it can."""
    if not arn or not arn.startswith("arn:"):
        return ""
    region, name = arn.split(":")[3], arn.rpartition("/")[2]
    known = kms_backends[inside.ACCOUNT][region].keys.get(name)
    return "" if known is None or known.key_state == _ENABLED else str(known.key_state)
