"""A run's part of the record of incidents, kept in DynamoDB: `failover.recorder.Recorder` on AWS.

It asks the standby's region alone and tries each call once, so that a record that does not answer
costs a run seconds. An incident that lies in the other site's log is not joined: that region may be
what was lost.
"""

from dataclasses import dataclass
from functools import partial

from cloud.clients import Reach
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity import naming
from continuity.critical_functions import RestsOn
from continuity.incidents import Kind, Source
from continuity.manifest import Manifest
from continuity.permissions import READ_INCIDENTS, WRITE_INCIDENTS
from failover.recorder import Begun, News
from incident.book import Book
from incident.change import reached
from incident.declare import Report, Words, declare
from incident.draft import Draft, Voice
from incident.record import Incident
from incident.severity import EFFECTS

WITHIN_S = 3.0
"""After so long no call starts any more. One that hangs takes 5 s more (`cloud.clients.Reach`)."""


@dataclass(frozen=True)
class AwsRecord:
    """The log in the standby site."""

    manifest: Manifest
    cloud: Cloud

    @permitted(READ_INCIDENTS, WRITE_INCIDENTS)
    def tell(self, begun: Begun, news: tuple[News, ...]) -> None:
        """Declare or join, then write what the run has reached. A zone without a log has no say."""
        if not self.manifest.standby_site.incident_table:
            return
        said = report(begun, self.manifest)
        book = self._book()
        noted = book.write(partial(_declared, report=said, functions=book.functions))
        drafts = tuple(_draft(said, begun.run, one) for one in news)
        if drafts:  # a log that took the first words in time gets as long for the next ones
            self._book().write(partial(_reached, wanted=noted.incident.id, drafts=drafts))

    def _book(self) -> Book:
        near = {self.manifest.standby: Reach.IMPAIRED}
        return Book(self.cloud.within(WITHIN_S), self.manifest, near)


def report(begun: Begun, manifest: Manifest) -> Report:
    """Return what a diagnosis reports: services by the table of effects, certain or not. Pure."""
    effect = EFFECTS[begun.diagnosis]
    names = [one.name for one in manifest.databases]
    where = {"run": begun.run, "site": str(manifest.standby)}
    return Report(
        voice=Voice(Source.RUN, begun.run),
        title=begun.diagnosis.capitalize(),
        text=begun.sentence,
        since=begun.since,
        services=effect.hits(names, begun.databases),
        certain=effect.certain,
        key=_key(manifest, begun.run, "begun"),
        data={**where, "diagnosis": begun.diagnosis},
    )


def _declared(known: tuple[Incident, ...], report: Report, functions: tuple[RestsOn, ...]) -> Words:
    return declare(report, known, functions)


def _reached(known: tuple[Incident, ...], wanted: str, drafts: tuple[Draft, ...]) -> Words:
    return reached(next(one for one in known if one.id == wanted), drafts)


def _draft(said: Report, run: str, one: News) -> Draft:
    data = {"key": said.key.replace(":begun", f":{one.name}")}
    if one.state is None:
        return Draft(said.voice, Kind.NOTED, f"{run}: {one.sentence}", data, one.at)
    data["state"] = str(one.state)
    return Draft(said.voice, Kind.MOVED, f"{run}: {one.sentence}", data, one.at)


def _key(manifest: Manifest, run: str, name: str) -> str:
    """Return `run:we1-0001@away:begun`: both sites may have a run of one number."""
    return f"run:{naming.run_in(run, manifest.standby)}:{name}"
