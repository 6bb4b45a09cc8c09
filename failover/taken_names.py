"""Whether the name that a restore wants can be had, or is kept by what RDS does not rename. Pure.

`failover.steps.restore` asks it. RDS renames nothing that failed or hangs in `modifying`, which is
just what a promotion leaves that failed or stalled; waiting for it would keep the zone closed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from continuity.wording import seconds_text
from failover.observation import Observation
from failover.statuses import PASSING, RENAMABLE, TERMINAL
from failover.step import Step

ASKED_S, BUSY_S = 240.0, 600.0
"""How long RDS may refuse to rename what it could, and how long a name may be freed otherwise: a
rename is a restart of a few minutes, what RDS is busy with often ends. Assumptions. The first one
is shorter than a step lets AWS refuse it for good (`failover.steps.restore.REFUSED_S`)."""

_GOES = frozenset({"deleting"})
"""Ends what it is in, and leaves the name free."""


class Bearer(StrEnum):
    """What becomes of a name."""

    NOBODY = "nobody"
    MOVABLE = "movable"
    MAY_GO = "may go"
    STAYS = "stays"


@dataclass(frozen=True)
class Taken:
    """Who bears a name, and the reason why it cannot be had; empty unless the bearer stays."""

    bearer: Bearer
    sentence: str = ""


def taken(seen: Observation, step: Step, identifier: str) -> Taken:
    """Judge the name that a restore step wants."""
    instance = seen.instance(identifier)
    if instance is None:
        return Taken(Bearer.NOBODY)
    status = instance.status
    if status in TERMINAL - RENAMABLE - _GOES:
        return Taken(Bearer.STAYS, f"{identifier} is {status}, in which RDS renames nothing")
    since = _since(seen, step, status)
    waited_s = 0.0 if since is None else seen.run.waited_s(since, seen.now)
    if waited_s > (ASKED_S if status in RENAMABLE else BUSY_S):
        told = f"{identifier} has kept its name for {seconds_text(waited_s)} and is {status}"
        return Taken(Bearer.STAYS, told)
    return Taken(Bearer.MOVABLE if status in RENAMABLE else Bearer.MAY_GO)


def _since(seen: Observation, step: Step, status: str) -> datetime | None:
    """Return since when the name is waited for; None before the step's first intent.

    What is neither renamable nor about to go was so while the promotion before was waited for.
    """
    intents = seen.run.intents
    counts = [step.name]
    if status not in RENAMABLE | PASSING:
        counts.append(str(step.instead_of))
    return min((intents[name].at for name in counts if name in intents), default=None)
