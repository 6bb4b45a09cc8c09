"""When AWS has no room for all the tasks that a platform should run: what runs is enough. Pure.

`failover.steps.scale` and `failover.steps.restart_serving` settle for fewer by it: a zone that is
served slowly is better than one that is closed. ECS goes on trying for the rest by itself.
"""

import re
from datetime import datetime

from continuity.journal import EntryKind
from continuity.manifest import Hosting
from failover.observation import Service
from failover.run import Run
from failover.step import Settled

SETTLE_S = 120.0
"""How long missing tasks are waited for once ECS said that it has no room; assumption: ECS tries
again every minute or so, so that a passing shortage has had a second chance."""

NOTHING_S = 300.0
"""How long a recovery in place hopes for the first task while ECS says that it has no room;
assumption: five tries of ECS. After that a person should decide whether to move."""

LEAST = 1
"""Tasks without which no site is opened: one answers, slowly; none answers nobody."""

_NO_ROOM = re.compile(
    r"unable to place a task|Capacity is unavailable|reached the (?:limit|quota)|RESOURCE:"
    r"|unable to consistently start tasks",
    re.IGNORECASE,
)
"""What ECS writes where capacity or quota is missing ("Service event messages" in its guide)."""


def wanted(hosting: Hosting) -> int:
    """Return how many tasks a serving site should run."""
    return max(hosting.serving_desired, hosting.serving_minimum)


def asked_at(run: Run, step: str) -> datetime | None:
    """Return when a step first asked for its tasks; None while it did not."""
    intent = run.intents.get(step)
    return None if intent is None else intent.at


def short(service: Service | None, hosting: Hosting, now: datetime, asked: datetime | None) -> bool:
    """Say whether to settle for fewer tasks: long asked for, some run, ECS says why not all."""
    if service is None or asked is None or (now - asked).total_seconds() < SETTLE_S:
        return False
    enough = LEAST <= service.running < wanted(hosting)
    return enough and _reason(service, asked) is not None


def hopeless(service: Service | None, now: datetime, asked: datetime | None) -> str | None:
    """Return why no task will come; None while some run, or while there is still hope."""
    if service is None or asked is None or service.running >= LEAST:
        return None
    why = _reason(service, asked)
    if why is None or (now - asked).total_seconds() < NOTHING_S:
        return None
    return f"AWS has no room for a single task ({why}), so a person may have the zone moved"


def settle(service: Service | None, hosting: Hosting) -> Settled:
    """Return the verdict on fewer tasks than wanted, with what ECS says."""
    running = 0 if service is None else service.running
    why = "" if service is None else (_reason(service, None) or "")
    sentence = (
        f"{running} of {wanted(hosting)} tasks of {hosting.service} run and serve; ECS goes on "
        f"trying for the rest. It says: {why}"
    )
    return Settled(sentence, EntryKind.VERDICT, {"verdict": "fewer", "tasks": running})


def _reason(service: Service, since: datetime | None) -> str | None:
    """Return ECS's newest sentence about missing room, not older than it was asked for."""
    for event in sorted(service.events, key=lambda each: each.at, reverse=True):
        if (since is None or event.at >= since) and _NO_ROOM.search(event.message):
            return event.message
    return None
