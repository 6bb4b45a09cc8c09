"""The secrets of a zone's channels in Secrets Manager; people enter them, no program does.

`incident.channels.opening` asks when a channel is about to speak.
"""

from cloud.door import Door
from cloud.failures import Missing
from cloud.permitted import permitted
from continuity.errors import PermanentError
from continuity.permissions import READ_CHANNEL_SECRET


@permitted(READ_CHANNEL_SECRET)
def value(door: Door, name: str) -> str:
    """Return the current value of a secret.

    Raises:
        PermanentError: there is no such secret, or nobody entered a value.
        TemporaryError: AWS does not answer.
    """
    try:
        reply = door.read("secretsmanager", "GetSecretValue", SecretId=name)
    except Missing as missing:
        raise PermanentError(
            f"The secret {name} has no value in {door.region}. Enter one, where it is no replica: "
            f"aws secretsmanager put-secret-value --secret-id {name} --secret-string file://FILE"
        ) from missing
    return str(reply.get("SecretString") or "")
