"""What could not be read, or was not asked, is a finding: missing is not zero, and never a pass."""

from collections.abc import Iterator

from failover.readiness.finding import Finding, blocks
from failover.readiness.picture import Picture


def unread(picture: Picture) -> Iterator[Finding]:
    """Return a finding for every reading without a value."""
    for subject, reading in picture.readings():
        if reading.error is not None:
            yield blocks(
                "unreadable",
                subject,
                reading.error,
                "Make it readable (the zone's readiness role may look at everything), "
                "then check again.",
            )
