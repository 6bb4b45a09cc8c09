"""What AWS Lambda runs in a site: when its topic speaks, and once a minute where it has channels.

`stacks.incident_function` packs this room and names `run`. An alarm that went off becomes an
incident, or a report of the one that is open; then people are told what is owed. Whatever else the
topic says declares nothing. What could not be read or written is raised, so that Lambda counts an
error and gives the event once more: the same alarm twice is one incident.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from cloud import manifests
from cloud.door import Cloud
from cloud.permitted import permitted
from cloud.system_clock import SystemClock
from cloud.workers import ThreadWorkers
from continuity import naming
from continuity.errors import InvalidInput
from continuity.incidents import INCIDENT_FUNCTION
from continuity.manifest import Manifest
from incident import alarm_message
from incident.book import Book, of_zone
from incident.channels.channel import Channel
from incident.channels.http import Wire
from incident.channels.opening import channels_of
from incident.declare import Report, declare
from incident.messages.opening import Sender
from incident.messages.outbox import Result

BUDGET_S = 90.0
"""Nothing starts later than this: Lambda stops a run after 120 s."""

WITHIN_S = 40.0
"""No turn of deliveries begins later: the next minute has a run of its own."""

_LOG = logging.getLogger("holdfast")


class Run(Protocol):
    """What Lambda says of the run itself; of it we need a name that no other run has."""

    @property
    def aws_request_id(self) -> str:
        """Return the name of this run."""


@dataclass(frozen=True)
class Site:
    """Where a function runs, and as whom it claims messages; `wire` is for rehearsals."""

    environment: Mapping[str, str]
    run: str
    wire: Wire | None = None

    @property
    def region(self) -> str:
        """Return the region that the function is in."""
        return self.environment["AWS_REGION"]


def run(event: Mapping[str, Any], context: Run) -> dict[str, list[str]]:
    """Do what an event asks for, for the zone and site of the environment.

    Raises:
        HoldfastError: the manifest or the record cannot be read, or the record not written.
    """
    cloud = Cloud(SystemClock(), ThreadWorkers())
    return answer(cloud, Site(os.environ, context.aws_request_id), event)


@permitted(*INCIDENT_FUNCTION)
def answer(cloud: Cloud, site: Site, event: Mapping[str, Any]) -> dict[str, list[str]]:
    """Do the same in any surroundings; return a sentence for what was declared and told."""
    near = cloud.within(BUDGET_S)
    manifest = manifests.read(
        near.at(site.region),
        site.environment["HOLDFAST_MANIFEST_BUCKET"],
        naming.MANIFEST_KEY,
        site.environment["HOLDFAST_ZONE"],
    )
    book = of_zone(near, manifest)
    sentences = [heard(book, manifest, event)] if "Records" in event else []
    for sentence in sentences:
        _LOG.info(sentence)
    channels = channels_of(near, manifest, {}, site.wire)
    sender = Sender(manifest, near, channels, f"{site.region}-{site.run}")
    return {"heard": sentences, "told": told(book, sender, channels)}


def heard(book: Book, manifest: Manifest, event: Mapping[str, Any]) -> str:
    """Declare what an alarm says; return what came of it."""
    try:
        alarm = alarm_message.read(json.dumps(event))
        report = alarm_message.report(alarm, manifest.zone, manifest.active)
    except InvalidInput as error:
        return f"Nothing is declared: {error}"  # people and holds speak into the topic, too
    if alarm.state != alarm_message.ALARM:
        return f"Nothing is declared: {alarm.name} is {alarm.state}"
    return declared(book, report)


def declared(book: Book, report: Report) -> str:
    """Put a report on record, once for ever; return what it belongs to."""
    noted = book.write(lambda known: declare(report, known, book.functions))
    name = noted.incident.id
    if not noted.written:
        return f"{report.title} stands in {name} already"
    return f"{report.title} is on record in {name}"


def told(book: Book, sender: Sender, channels: tuple[Channel, ...]) -> list[str]:
    """Deliver what the record owes by now; return a sentence a message."""
    if not channels:
        return []
    sentences = []
    for one in sender.outbox(book).deliver(WITHIN_S).results:
        say = partial(_LOG.log, logging.WARNING if one.failure else logging.INFO)
        sentences.append(_sentence(one))
        say(sentences[-1])
    return sentences


def _sentence(one: Result) -> str:
    message = one.due.message
    if one.failure is None:
        return f"{one.due.channel} was told: {message.moment} of {message.incident}"
    return f"{one.due.channel} was not told and is tried again later: {one.failure.why}"
