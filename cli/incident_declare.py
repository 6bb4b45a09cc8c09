"""`holdfast incident declare`: by a person's report, or by an alarm's message.

`cli.incident_command` registers it. A failover declares by itself (`failover.aws_record`).
"""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Yes, Zone, demand_yes
from cli.incident_answers import answer
from cli.incident_options import (
    AlarmFile,
    Channel,
    Desk,
    Reference,
    Reporter,
    Services,
    Severities,
    Since,
    Title,
    desk,
    known_services,
    one_of,
)
from cli.output import Format
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from continuity.critical_functions import RestsOn
    from incident.alarm_message import Alarm
    from incident.declare import Report, Words
    from incident.record import Incident

REPORTERS = ("customer", "partner", "colleague")
CHANNELS = ("phone", "e-mail", "web")


def declare(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    title: Title = None,
    reported_by: Reporter = None,
    channel: Channel = None,
    reference: Reference = None,
    since: Since = None,
    severity: Severities = None,
    affected: Services = None,
    alarm: AlarmFile = None,
    yes: Yes = False,
) -> ExitCode:
    """Put an incident on record, or add a report to the one that is open."""
    demand_yes(output_format, yes=yes)
    said = _Said(
        title=(title or "").strip(),
        reported_by=one_of("--reported-by", reported_by, REPORTERS),
        channel=one_of("--channel", channel, CHANNELS),
        reference=reference,
        since=since,
        severity=severity,
        affected=tuple(affected or ()),
    )
    _demand_one(said, alarm)
    message = None if alarm is None else _alarm(alarm)
    at = desk(zone, manifest)
    report = _of_person(at, said) if message is None else _of_alarm(at, message)
    rule = partial(_declared, report=report, functions=at.book.functions)
    return answer(at, at.book.write(rule), output_format)


@dataclass(frozen=True)
class _Said:
    """What the options of a person's report say."""

    title: str
    reported_by: str | None
    channel: str | None
    reference: str | None
    since: str | None
    severity: str | None
    affected: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Say whether any of them is given."""
        return any(vars(self).values())


def _demand_one(said: _Said, alarm: str | None) -> None:
    """Raise InvalidInput unless it is a person's whole report, or an alarm."""
    if alarm is not None:
        problems = [Problem("--alarm", "speaks for itself: no other word goes with it")]
        problems = problems if said.anything else []
    else:
        needed = {
            "--title": said.title,
            "--reported-by": said.reported_by,
            "--channel": said.channel,
        }
        problems = [
            Problem(name, "is needed, or --alarm") for name, value in needed.items() if not value
        ]
    if problems:
        raise InvalidInput("The command", problems)


def _declared(
    known: "Sequence[Incident]", report: "Report", functions: "Sequence[RestsOn]"
) -> "Words":
    from incident.declare import declare as rule

    return rule(report, known, functions)


def _of_person(at: Desk, said: _Said) -> "Report":
    from cli.failover_said import moment_said
    from incident.declare import Report
    from incident.severity import Severity

    severity = one_of("--severity", said.severity, tuple(Severity))
    return Report(
        voice=at.voice,
        title=said.title,
        text=f"A {said.reported_by} reports by {said.channel}: {said.title}",
        since=None if said.since is None else moment_said(at.session, said.since),
        services=known_services(at, "--affected", said.affected),
        severity=None if severity is None else Severity(severity),
        key="" if said.reference is None else f"reference:{said.reference}",
        data={"reported_by": said.reported_by, "channel": said.channel},
    )


def _of_alarm(at: Desk, message: "Alarm") -> "Report":
    from continuity.errors import Refusal
    from incident import alarm_message

    found = at.session.around.manifest
    report = alarm_message.report(message, found.zone, found.active)
    if message.state != alarm_message.ALARM:
        raise Refusal(
            f"{message.name} did not go off, it is {message.state}: nothing is declared.",
            "What ended is said with `holdfast incident update`.",
        )
    return report


def _alarm(file: str) -> "Alarm":
    from incident import alarm_message

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("The alarm", [Problem(file, str(error))]) from error
    return alarm_message.read(text)
