"""How long a trial waits for its restore, and from when on. Pure.

`backup.verify` asks. A restore that AWS was never asked for, because the bucket was taken or
because whoever wrote the trial down died, is not late: it is asked for, however long ago the trial
was written. Nobody looks between two windows, so what is not there after all is asked for once more
before the trial ends without it.
"""

from datetime import datetime, timedelta

from backup.verify_subject import Trial

PATIENCE = 4
LEAST_S = 7200.0
"""How long a restore may take: four times what it should, and two hours at least."""

AGAIN = 1
"""How often a restore that did not come is asked for again."""


def patience(trial: Trial) -> timedelta:
    """Return how long a trial's restore may take."""
    return timedelta(seconds=max(LEAST_S, PATIENCE * trial.expected_s))


def since(trial: Trial) -> datetime:
    """Return when AWS was asked for the restore; where nobody knows, when the trial began."""
    return trial.sought or trial.began


def late(trial: Trial, now: datetime) -> bool:
    """Say whether a restore took longer than any should."""
    return now - since(trial) > patience(trial)


def hopeless(trial: Trial, now: datetime) -> bool:
    """Say whether a restore of which there is nothing was asked for often enough."""
    return late(trial, now) and trial.tries >= AGAIN
