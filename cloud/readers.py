"""The functions that read file systems, as the one who leads them there and asks them knows them.

`backup.files_mounting` leads, `backup.files_shared_trials` asks; the function is
`backup.file_reader`, and answers in the controller table. A function mounts one file system, and
what it mounts is its configuration: a change of that takes a while, and none is taken meanwhile.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cloud.door import Door
from cloud.permitted import permitted
from continuity import naming
from continuity.permissions import ASK_READER, DESCRIBE_MOUNTS, LEAD_READER, LOOK_AT_READER

_DONE, _CHANGING = "Successful", "InProgress"


@dataclass(frozen=True)
class Reader:
    """A function: what it mounts (an access point's ARN, or nothing), and how far Lambda is."""

    mounted: str
    status: str
    reason: str = ""

    @property
    def changing(self) -> bool:
        """Say whether Lambda is still at work on it."""
        return self.status == _CHANGING

    @property
    def failed(self) -> bool:
        """Say whether Lambda gave its last change up."""
        return self.status not in {_DONE, _CHANGING}


@permitted(LOOK_AT_READER)
def look(door: Door, function: str) -> Reader:
    """Return what a reader mounts.

    Raises:
        Missing: there is no such function: the zone has to be deployed.
    """
    found = door.read("lambda", "GetFunctionConfiguration", FunctionName=function)
    mounts: Sequence[Mapping[str, str]] = found.get("FileSystemConfigs") or ()
    return Reader(
        mounted=mounts[0]["Arn"] if mounts else "",
        status=found.get("LastUpdateStatus") or _DONE,
        reason=found.get("LastUpdateStatusReason") or "",
    )


@permitted(LEAD_READER, DESCRIBE_MOUNTS)
def lead(door: Door, function: str, access_point: str) -> None:
    """Let a reader mount what an access point opens; nothing, where that is empty.

    Raises:
        Busy: Lambda is at work on it.
        Rejected: a zone of availability of the function has no mount target that is available.
    """
    mount = {"Arn": access_point, "LocalMountPath": naming.READ_AT}
    door.change(
        "lambda",
        "UpdateFunctionConfiguration",
        FunctionName=function,
        FileSystemConfigs=[mount] if access_point else [],
    )


@permitted(ASK_READER)
def ask(door: Door, function: str, event: Mapping[str, object]) -> None:
    """Send a reader on its way. Sent twice it reads twice, and answers the same.

    Raises:
        Missing: there is no such function: the zone has to be deployed.
    """
    body = json.dumps(event, sort_keys=True).encode()
    door.change("lambda", "Invoke", FunctionName=function, InvocationType="Event", Payload=body)
