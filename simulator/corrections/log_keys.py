"""CloudWatch Logs: the key of a log group that is there already can be set.

moto does not implement AssociateKmsKey. A group that RDS made by itself has no key; the program
gives it the site's once it declares it.
"""

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

from simulator.correction import Correction


def associate_kms_key(response: LogsResponse) -> str:
    """Encrypt what is written from now on with a key."""
    groups = response.logs_backend.groups
    name = response._get_param("logGroupName")
    if name not in groups:
        raise ResourceNotFoundException
    groups[name].kms_key_id = response._get_param("kmsKeyId")
    return ""


def corrections() -> list[Correction]:
    """Return what is corrected here."""
    why = "AssociateKmsKey sets the key of a log group"
    return [Correction(LogsResponse, "associate_kms_key", associate_kms_key, why)]
