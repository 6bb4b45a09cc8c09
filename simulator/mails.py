"""Mails as their recipients find them, and regions that are still in SES's sandbox.

Tests read `received`, drills the log of calls (`simulator.channels.mail`);
`simulator.corrections.sesv2` asks `is_confined`.
"""

from dataclasses import dataclass

from moto.ses.models import ses_backends

from simulator.inside import ACCOUNT
from simulator.per_world import PerWorld

_CONFINED: PerWorld[set[str]] = PerWorld()


@dataclass(frozen=True)
class Received:
    """One mail in the mailboxes of its recipients."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str


def received(region: str) -> tuple[Received, ...]:
    """Return the mails that SES took in a region, in order."""
    return tuple(
        Received(
            sender=one.source,
            recipients=tuple(each for many in one.destinations.values() for each in many),
            subject=one.subject,
            text=one.body,
        )
        for one in ses_backends[ACCOUNT][region].sent_messages
    )


def confine(world: object, region: str) -> None:
    """Put the account into the sandbox of a region, where each account begins."""
    _CONFINED.give(world, (_CONFINED.of(world) or set()) | {region})


def is_confined(world: object, region: str) -> bool:
    """Say whether a region is in the sandbox still."""
    return region in (_CONFINED.of(world) or ())
