"""One incident as the rules of messages look at it: what happened, what was said, and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from incident.messages.arrangement import Arrangement
from incident.messages.ledger import Ledger, ledger
from incident.messages.occasions import Occasion, occasions
from incident.record import Incident


@dataclass(frozen=True)
class View:
    """An incident, how its zone tells people, and both halves of its record. Made by `view`."""

    found: Incident
    zone: Arrangement
    told: Sequence[Occasion]
    known: Ledger


def view(found: Incident, zone: Arrangement) -> View:
    """Return an incident ready to be asked what is owed of it."""
    return View(found, zone, occasions(found), ledger(found.entries))
