"""What AWS Lambda runs in a site when EventBridge Scheduler says so.

`stacks.backup_function` packs this room and names `run`; `backup.nightly` has the duties. What went
wrong is raised at the end, so that Lambda counts an error and hands the run to the queue of those
that failed: somebody is told, and the next run tries again.
"""

import logging
import os
from collections.abc import Mapping, Sequence

from backup.nightly import DUTIES, Duty
from backup.outcome import Done
from cloud import manifests
from cloud.door import Cloud
from cloud.permitted import permitted
from cloud.system_clock import SystemClock
from cloud.workers import ThreadWorkers
from continuity import naming
from continuity.errors import PermanentError
from continuity.grants import BACKUP

BUDGET_S = 540.0
"""Nothing starts later than this: Lambda stops a run after 900 s, and a capture that finds an
instance busy looks again after 300."""

_LOG = logging.getLogger("holdfast")


def run(event: Mapping[str, str], _context: object) -> dict[str, list[str]]:
    """Do the duty that the event names, for the zone and site of the environment.

    Raises:
        PermanentError: something did not go well; everything else was done nevertheless.
        HoldfastError: the manifest cannot be read.
    """
    return answer(Cloud(SystemClock(), ThreadWorkers()), os.environ, event)


@permitted(*BACKUP)
def answer(
    cloud: Cloud, environment: Mapping[str, str], event: Mapping[str, str]
) -> dict[str, list[str]]:
    """Do the same in any surroundings: the simulator has a clock and an environment of its own."""
    duty = Duty(event["duty"])
    return {"done": perform(cloud.within(BUDGET_S), environment, duty)}


@permitted(*BACKUP)
def perform(cloud: Cloud, environment: Mapping[str, str], duty: Duty) -> list[str]:
    """Do a duty in the site that the environment names; return a sentence for each effect."""
    zone, region = environment["HOLDFAST_ZONE"], environment["AWS_REGION"]
    manifest = manifests.read(
        cloud.at(region), environment["HOLDFAST_MANIFEST_BUCKET"], naming.MANIFEST_KEY, zone
    )
    return reported(zone, duty, DUTIES[duty](cloud, manifest))


def reported(zone: str, duty: Duty, outcomes: Sequence[Done]) -> list[str]:
    """Log every outcome and return the sentences; raise those that did not go well."""
    sentences = [f"{one.subject} {one.region}: {one.sentence}" for one in outcomes]
    for one, sentence in zip(outcomes, sentences, strict=True):
        _LOG.log(logging.INFO if one.well else logging.ERROR, sentence)
    bad = [text for one, text in zip(outcomes, sentences, strict=True) if not one.well]
    if bad:
        raise PermanentError(f"The nightly {duty} of {zone} has to be looked at: {'; '.join(bad)}")
    return sentences
