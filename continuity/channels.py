"""Whom a zone tells what happens, and where: the section `channels` of its file and its manifest.

`stacks.settings_channels` reads it from the zone's file, the manifest carries it in the same words,
`incident.channels.opening` opens what it names. No secret stands here, only who has one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from continuity.reading import Reader

SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")
"""As `incident.severity` has them; a test keeps the two alike."""

MOMENTS = ("investigating", "identified", "holding page", "recovering", "monitoring", "resolved")
"""The moments at which a ticket may move, as `incident.channels.channel` has them."""

_URL = r"https://[^\s/@?#]+(?:/[^\s@?#]*)?|http://127\.0\.0\.1(?::\d+)?(?:/[^\s@?#]*)?"
"""HTTPS without credentials or query, because both are secrets often; or a server on loopback."""
ADDRESS = r"[^\s@,;<>\"]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+"
_LONGEST_WAIT = 24 * 60


class Service(StrEnum):
    """Every channel there is, as a zone's file writes it."""

    SLACK = "slack"
    STATUS_PAGE = "status_page"
    EMAIL = "email"
    PAGERDUTY = "pagerduty"
    WEBHOOK = "webhook"
    JIRA = "jira"


@dataclass(frozen=True)
class Slack:
    """`channel` is an id such as C0123456789, in which each incident is a thread."""

    severities: tuple[str, ...]
    channel: str
    endpoint: str = "https://slack.com/api"


@dataclass(frozen=True)
class StatusPage:
    """`components` are the ids of what is shown as affected for as long as an incident lasts."""

    severities: tuple[str, ...]
    page: str
    components: tuple[str, ...] = ()
    endpoint: str = "https://api.statuspage.io"


@dataclass(frozen=True)
class Email:
    """Sent by `sender` at the zone's own domain; `reply_to` is a whole address, or empty."""

    severities: tuple[str, ...]
    sender: str
    subscribers: tuple[str, ...]
    reply_to: str = ""


@dataclass(frozen=True)
class Pagerduty:
    """Events API v2; the European one is https://events.eu.pagerduty.com."""

    severities: tuple[str, ...]
    endpoint: str = "https://events.pagerduty.com"


@dataclass(frozen=True)
class Webhook:
    """`endpoint` takes a signed JSON object for each message."""

    severities: tuple[str, ...]
    endpoint: str


@dataclass(frozen=True)
class Jira:
    """`endpoint` is the site, `account` whose token it is, `statuses` by moment where to move."""

    severities: tuple[str, ...]
    endpoint: str
    account: str
    project: str
    issue_type: str
    statuses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """Who is paged, and after how many minutes without an acknowledgement the next one is."""

    person: str
    minutes: int


@dataclass(frozen=True)
class Channels:
    """What a zone has configured; what is None is not used. `escalation` is in order.

    `updates` is the cadence that customers are promised: minutes between two, by severity.
    `zone_name` is what they call the zone, empty for its domain.
    """

    slack: Slack | None = None
    status_page: StatusPage | None = None
    email: Email | None = None
    pagerduty: Pagerduty | None = None
    webhook: Webhook | None = None
    jira: Jira | None = None
    escalation: tuple[Turn, ...] = ()
    updates: Mapping[str, int] = field(default_factory=dict)
    zone_name: str = ""

    @property
    def used(self) -> tuple[Service, ...]:
        """Return the channels that are configured, in the order of `Service`."""
        return tuple(one for one in Service if getattr(self, one) is not None)

    @property
    def keeping_secrets(self) -> tuple[Service, ...]:
        """Return those of them that need a token; mails are sent in the name of a role."""
        return tuple(one for one in self.used if one is not Service.EMAIL)

    def takes(self, name: str, severity: str) -> bool:
        """Say whether incidents of this severity are told on the channel of this name."""
        found = getattr(self, Service(name))
        return found is not None and severity in found.severities


def read(reader: Reader) -> Channels:
    """Read the section; what is not there is not used."""
    found = Channels(
        slack=_slack(reader.section("slack")) if reader.has("slack") else None,
        status_page=_status_page(reader) if reader.has("status_page") else None,
        email=_email(reader.section("email")) if reader.has("email") else None,
        pagerduty=_pagerduty(reader) if reader.has("pagerduty") else None,
        webhook=_webhook(reader.section("webhook")) if reader.has("webhook") else None,
        jira=_jira(reader.section("jira")) if reader.has("jira") else None,
        escalation=tuple(_turn(row) for row in reader.rows("escalation", optional=True)),
        updates=_updates(reader.section("updates")) if reader.has("updates") else {},
        zone_name=reader.text("zone_name", ""),
    )
    reader.finish()
    return found


def _slack(reader: Reader) -> Slack:
    found = Slack(
        _severities(reader),
        reader.text("channel", pattern=r"[CG][A-Z0-9]{8,20}"),
        _endpoint(reader, Slack.endpoint),
    )
    reader.finish()
    return found


def _status_page(reader: Reader) -> StatusPage:
    section = reader.section("status_page")
    found = StatusPage(
        _severities(section),
        section.text("page", pattern=r"[a-z0-9]{4,40}"),
        section.texts("components", ()),
        _endpoint(section, StatusPage.endpoint),
    )
    section.finish()
    return found


def _email(reader: Reader) -> Email:
    found = Email(
        _severities(reader),
        reader.text("sender", pattern=r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?"),
        reader.texts("subscribers"),
        reader.text("reply_to", "", pattern=f"(?:{ADDRESS})?"),
    )
    reader.finish()
    return found


def _pagerduty(reader: Reader) -> Pagerduty:
    section = reader.section("pagerduty")
    found = Pagerduty(_severities(section), _endpoint(section, Pagerduty.endpoint))
    section.finish()
    return found


def _webhook(reader: Reader) -> Webhook:
    found = Webhook(_severities(reader), _endpoint(reader, None))
    reader.finish()
    return found


def _jira(reader: Reader) -> Jira:
    found = Jira(
        _severities(reader),
        _endpoint(reader, None),
        reader.text("account", pattern=ADDRESS),
        reader.text("project", pattern=r"[A-Z][A-Z0-9_]{1,20}"),
        reader.text("issue_type", "Incident"),
        _statuses(reader.section("statuses")) if reader.has("statuses") else {},
    )
    reader.finish()
    return found


def _statuses(reader: Reader) -> dict[str, str]:
    found = {moment: reader.text(moment) for moment in MOMENTS if reader.has(moment)}
    reader.finish()
    return found


def _turn(reader: Reader) -> Turn:
    found = Turn(
        reader.text("person", pattern=r"[^\s].{0,60}"),
        reader.integer("minutes", low=1, high=_LONGEST_WAIT),
    )
    reader.finish()
    return found


def _updates(reader: Reader) -> dict[str, int]:
    found = {
        severity: reader.integer(severity, low=5, high=_LONGEST_WAIT)
        for severity in SEVERITIES
        if reader.has(severity)
    }
    reader.finish()
    return found


def _severities(reader: Reader) -> tuple[str, ...]:
    found = reader.texts("severities")
    if reader.has("severities") and not found:
        reader.note("severities", "is empty: leave the channel out, or name one of them")
    for name in sorted(set(found) - set(SEVERITIES)):
        reader.note("severities", f"{name!r} is not one of {', '.join(SEVERITIES)}")
    return found


def _endpoint(reader: Reader, usual: str | None) -> str:
    """Read an address; its form is not echoed by `text`, so that no token in it is shown."""
    found = reader.text("endpoint", usual)
    if found and re.fullmatch(_URL, found) is None:
        reader.note(
            "endpoint",
            "must be https://..., without user, query and fragment: what is secret is stored as a "
            "secret",
        )
    return found.rstrip("/")
