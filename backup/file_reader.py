"""What AWS Lambda runs inside a site's network to read file systems, its own and restored ones.

`stacks.file_readers` declares one function for each, `cloud.readers` leads the second one to what a
trial restored and sends both on their way. It reads what is mounted, writes nothing there, and
leaves what it found in the controller table: `backup.files_shared_answers` says what that is worth.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from backup import answers, file_sample
from backup.file_sample import Reading
from backup.file_tree import Disk, Tree
from cloud.door import Cloud, Door
from cloud.permitted import permitted
from cloud.system_clock import SystemClock
from cloud.workers import ThreadWorkers
from continuity import naming
from continuity.clock import Clock
from continuity.grants import READER

RESTORED_INTO = "aws-backup-restore_"
"""How the directory begins into which AWS Backup restores a whole file system (AWS Backup guide,
"Restore an Amazon EFS file system")."""

Event = Mapping[str, Any]
Opened = Callable[[str], Tree]
"""The mounted tree, or what lies in the directory right below whose name begins so; may raise
OSError."""


def run(event: Event, _context: object) -> None:
    """Read what the event says, and leave the answer where it says."""
    door = Cloud(SystemClock(), ThreadWorkers(1)).at(os.environ["AWS_REGION"])
    answer(door, event, lambda under: Disk(naming.READ_AT, under))


@permitted(*READER)
def answer(door: Door, event: Event, opened: Opened) -> None:
    """Read and answer; what is not mounted is an answer too.

    Raises:
        HoldfastError: the answer cannot be written.
    """
    answers.give(door, event["table"], event["answer"], found(door.clock, event, opened))


def found(clock: Clock, event: Event, opened: Opened) -> dict[str, Any]:
    """Return what a tree holds; `error` says why it could not be read at all."""
    told: dict[str, Any] = {"error": "", "why": event.get("why", "")}
    try:
        told |= _read(clock, event, opened)
    except OSError as error:
        told["error"] = f"it cannot be read: {error}"
    return {**told, "read_at": clock.now().isoformat()}


def _read(clock: Clock, event: Event, opened: Opened) -> dict[str, Any]:
    seed = str(event["seed"])
    if "before" in event:
        before = datetime.fromisoformat(event["before"]).timestamp()
        return file_sample.live(Reading(opened(""), clock), before, seed)
    return file_sample.restored(Reading(opened(RESTORED_INTO), clock), event["sample"], seed)
