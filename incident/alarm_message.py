"""A CloudWatch alarm as SNS delivers it, read without trust: what went off, when, and why.

`holdfast incident declare --alarm` reads a file with it. Takes the message itself, SNS's envelope
around it (HTTP or SQS), or the event that a function receives. (CloudWatch user guide, "Amazon SNS
notifications"; SNS developer guide, "HTTP/HTTPS notification JSON format".)
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from continuity import health_alarms, naming
from continuity.critical_functions import PLATFORM
from continuity.errors import InvalidInput, Problem
from continuity.incidents import Source
from continuity.reading import Reader
from continuity.zone import SiteName
from incident.declare import Report
from incident.draft import Voice

SUBJECT = "The alarm"
ALARM, OK = "ALARM", "OK"


@dataclass(frozen=True)
class Alarm:
    """One change of an alarm's state. `arn` and `changed_at` together name it for ever."""

    name: str
    arn: str
    state: str
    changed_at: datetime
    reason: str

    @property
    def key(self) -> str:
        """Return what is the same however often SNS delivers it."""
        return f"alarm:{self.arn or self.name}@{self.changed_at.isoformat()}"


def read(text: str) -> Alarm:
    """Read a message.

    Raises:
        InvalidInput: it is no JSON, or no alarm of CloudWatch; with every problem and its path.
    """
    reader = _inner(Reader(_json(text)))
    alarm = Alarm(
        name=reader.text("AlarmName"),
        arn=reader.text("AlarmArn", ""),
        state=reader.text("NewStateValue"),
        changed_at=_moment(reader),
        reason=reader.text("NewStateReason", ""),
    )
    reader.check(SUBJECT)
    return alarm


def report(alarm: Alarm, zone: str, active: SiteName) -> Report:
    """Return what an alarm that went off says of a zone that is served by its `active` site.

    Raises:
        InvalidInput: it is another zone's.
    """
    own = [naming.in_site(zone, site, "") for site in SiteName]
    if not alarm.name.startswith(tuple(own)):
        message = f"{alarm.name} is no alarm of {zone}: theirs begin with {' or '.join(own)}"
        raise InvalidInput(SUBJECT, [Problem("AlarmName", message)])
    return Report(
        voice=Voice(Source.ALARM, alarm.name),
        title=alarm.name,
        text=f"{alarm.name} went off: {alarm.reason or 'CloudWatch says no reason'}",
        since=alarm.changed_at,
        services=_services(alarm.name, zone, active),
        key=alarm.key,
        data={"alarm": alarm.name, "arn": alarm.arn},
    )


def _services(name: str, zone: str, active: SiteName) -> tuple[str, ...]:
    """Return what clients may have to do without: only the serving platform's alarms tell that.

    A database's alarms warn of what is to come, such as a full disk or a replica that is behind.
    """
    told = [naming.in_site(zone, active, purpose) for purpose in health_alarms.PlatformAlarm]
    return (PLATFORM,) if name in told else ()


def _inner(reader: Reader) -> Reader:
    """Return the alarm inside SNS's envelope, or inside the event of a function."""
    if reader.has("Records"):
        rows = reader.rows("Records")
        if len(rows) != 1:
            reader.note("Records", f"has {len(rows)} rows; one alarm is declared at a time")
            reader.check(SUBJECT)
        return _message(rows[0].section("Sns"))
    return _message(reader) if reader.has("Message") else reader


def _message(reader: Reader) -> Reader:
    return Reader(_json(reader.text("Message")), reader.at("Message"), reader.problems)


def _moment(reader: Reader) -> datetime:
    """Read `2026-03-03T09:00:00.000+0000`, as CloudWatch writes it."""
    text = reader.text("StateChangeTime")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        reader.note("StateChangeTime", f"{text!r} is no moment")
        return datetime.min.replace(tzinfo=UTC)
    if found.tzinfo is None:
        reader.note("StateChangeTime", f"{text} says no offset from UTC")
        return found.replace(tzinfo=UTC)
    return found.astimezone(UTC)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(SUBJECT, [Problem("(top level)", f"is not JSON: {error}")]) from error
