"""What an incident's record says that people read, as lines of a report. Pure.

`cli.failover_report` puts them beside a run's journal; a drill takes its own from what its
simulated people read.
"""

from collections.abc import Iterator

from continuity.incidents import Kind
from incident.documents.report import MessageLine
from incident.messages.ledger import Delivery, ledger
from incident.record import Incident


def lines(found: Incident) -> tuple[MessageLine, ...]:
    """Return every message that arrived or did not, by when it was last heard of."""
    rows = [line for one in ledger(found.entries).deliveries.values() for line in _lines(one)]
    return tuple(sorted(rows, key=lambda one: one.at))


def _lines(one: Delivery) -> Iterator[MessageLine]:
    first, last = one.owed[0], one.last
    text = f"{first.data['title']}: {' '.join(str(first.data['body']).split())}"
    if last is None:
        yield MessageLine(first.at, one.channel, "not known to have arrived", text)
        return
    arrived = last.kind is Kind.DELIVERED
    state = str(first.data["moment"]) if arrived else "did not arrive"
    yield MessageLine(last.at, one.channel, state, text)
