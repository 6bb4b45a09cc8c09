"""Whom alarms and messages reach: the topics, the channels, and who is called after whom."""

from collections.abc import Callable, Iterator, Mapping

from continuity.channels import Channels, Service
from continuity.wording import seconds_text
from incident.documents.document import Chapter, Paragraph, Part, Section, Table
from incident.messages.arrangement import CADENCE
from incident.plan.values import ContinuityPlan


def communication(plan: ContinuityPlan) -> Chapter:
    """Return whom alarms and messages reach."""
    channels = plan.manifest.channels
    sections = (
        Section("alarms", "Alarms", (_alarms(plan),)),
        Section("channels", "Channels", tuple(_channels(channels))),
        Section("escalation", "Who is called", tuple(_escalation(channels))),
    )
    heading = "Contacts and communication"
    return Chapter("communication", heading, "", good=True, parts=(), sections=sections)


def _alarms(plan: ContinuityPlan) -> Table:
    rows = tuple(
        (str(name), site.region, site.safekeeping.alerts.rpartition(":")[2] or "none is declared")
        for name, site in plan.manifest.sites.items()
    )
    return Table("Topics to which people subscribe", ("Site", "Region", "Topic"), rows)


def _channels(channels: Channels) -> Iterator[Part]:
    if not channels.used:
        yield Paragraph("No channels are declared. Communications tells everybody in person.")
        return
    rows = tuple(
        (
            service.replace("_", " "),
            REACHES[service](channels),
            ", ".join(_severities(channels, service)),
        )
        for service in channels.used
    )
    yield Table("Who is told of what", ("Channel", "Reaches", "For"), rows)
    yield Paragraph(f"While an incident is open customers hear again: {_promised(channels)}.")
    if channels.zone_name:
        yield Paragraph(f"Customers know the zone as {channels.zone_name}.")


def _promised(channels: Channels) -> str:
    usual = {str(severity): every.total_seconds() for severity, every in CADENCE.items()}
    own = {severity: minutes * 60 for severity, minutes in channels.updates.items()}
    every = own or usual
    return ", ".join(f"{severity} every {seconds_text(every[severity])}" for severity in every)


def _severities(channels: Channels, service: Service) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(channels, service).severities
    return found


def _escalation(channels: Channels) -> Iterator[Part]:
    if not channels.escalation:
        yield Paragraph("Nobody is called in turn. Whoever subscribes to the topics is called.")
        return
    rows = tuple(
        (str(number), turn.person, f"{turn.minutes} min")
        for number, turn in enumerate(channels.escalation, 1)
    )
    yield Table("Called one after the other", ("Turn", "Who", "Next one after"), rows)


def _slack(channels: Channels) -> str:
    return "" if channels.slack is None else f"colleagues in channel {channels.slack.channel}"


def _status_page(channels: Channels) -> str:
    return "" if channels.status_page is None else f"clients of page {channels.status_page.page}"


def _email(channels: Channels) -> str:
    return "" if channels.email is None else ", ".join(channels.email.subscribers)


def _pagerduty(channels: Channels) -> str:
    return "" if channels.pagerduty is None else "whoever is called"


def _webhook(channels: Channels) -> str:
    return "" if channels.webhook is None else channels.webhook.endpoint


def _jira(channels: Channels) -> str:
    found = channels.jira
    return "" if found is None else f"project {found.project} at {found.endpoint}"


REACHES: Mapping[Service, Callable[[Channels], str]] = {
    Service.SLACK: _slack,
    Service.STATUS_PAGE: _status_page,
    Service.EMAIL: _email,
    Service.PAGERDUTY: _pagerduty,
    Service.WEBHOOK: _webhook,
    Service.JIRA: _jira,
}
"""Whom each channel reaches, from what the zone configures of it; a test keeps it complete."""
