"""What the readers of file systems find in a world: they mount what the network lets them reach.

`corrections.lambda_invocations` runs it. What is read, and the form of the answers, are
`backup.file_reader`'s own; in the place of a mounted disk stands what lies in the simulated one.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from moto.awslambda.models import LambdaFunction

from backup import answers, file_reader
from backup.file_tree import File
from simulator import backstage, inside, shared_files
from simulator.corrections import lambda_file_systems
from simulator.shared_files import SharedFile
from simulator.world import current

NFS = 2049


class Mounted:
    """The files of a simulated file system, or of a directory right below its root."""

    def __init__(self, files: Mapping[str, SharedFile], under: str) -> None:
        self.unreadable: list[str] = []
        inside_of = {path.split("/")[1] for path in files if path.count("/") > 1}
        found = max((one for one in inside_of if under and one.startswith(under)), default="")
        root = f"/{found}/" if found else "/"
        self._files = {
            path.removeprefix(root): one for path, one in files.items() if path.startswith(root)
        }

    def files(self) -> Iterator[File]:
        """Yield every file."""
        for path, one in self._files.items():
            yield _seen(path, one)

    def file(self, path: str) -> File | None:
        """Return a file, None where there is none."""
        return _seen(path, self._files[path]) if path in self._files else None

    def digest(self, path: str) -> str:
        """Return the SHA-256 of a file's bytes."""
        return sha256(self._files[path].body).hexdigest()


def run(function: LambdaFunction, event: Mapping[str, Any]) -> None:
    """Read what the event says, and answer in the controller table; unmounted, nobody answers."""
    region = str(function.region)
    files = _mounted(function)
    if files is None:
        return
    found = file_reader.found(current().clock, event, lambda under: Mounted(files, under))
    backstage.client("dynamodb", region).update_item(
        TableName=event["table"],
        Key={"name": {"S": answers.KEY}},
        UpdateExpression="SET #answer = :body",
        ExpressionAttributeNames={"#answer": event["answer"]},
        ExpressionAttributeValues={":body": {"S": json.dumps(found)}},
    )


def _seen(path: str, one: SharedFile) -> File:
    return File(path, len(one.body), one.written.timestamp())


def _mounted(function: LambdaFunction) -> Mapping[str, SharedFile] | None:
    """Return the files of what a function mounts; None where it does not come to run at all."""
    region = str(function.region)
    mounts = lambda_file_systems.mounted(function)
    point = lambda_file_systems.access_point(region, mounts[0]["Arn"]) if mounts else None
    if point is None:
        return None
    mine = (function.vpc_config or {}).get("SecurityGroupIds", [])
    targets = lambda_file_systems.served(region, point.file_system_id).values()
    reached = any(
        inside.admits(region, target.security_groups or [], group, NFS)
        for target in targets
        for group in mine
    )
    if not reached:
        return None
    owner = f"arn:aws:elasticfilesystem:{region}:{inside.ACCOUNT}:file-system"
    return shared_files.files_of(f"{owner}/{point.file_system_id}")
