"""What a served zone did by itself, and what it told people, as JSON.

The control interface tells it: in a zone itself nobody finds a list of what fired.
"""

from continuity.manifest import Manifest
from simulator.serving.life import Life
from simulator.serving.people import People

_MOST = 1000


def runs(life: Life | None, manifest: Manifest) -> list[dict[str, str]]:
    """Return each moment of a schedule that is over, and what failed or did not come besides.

    The last ones, in order: a zone with channels has a schedule for every minute.
    """
    if life is None:
        return []
    fired = [
        _row(one.at.isoformat(), one.region, one.schedule, str(one.fate), one.sentence)
        for one in life.fired(manifest)
    ]
    missed = [
        _row(one.at.isoformat(), one.region, one.resource, "missed", one.sentence)
        for one in life.missed(manifest)
    ]
    return sorted([*fired, *missed], key=lambda row: row["at"])[-_MOST:]


def told(people: People, manifest: Manifest) -> list[dict[str, str]]:
    """Return what people saw, in order: `thread` is what their service calls the thing."""
    return [
        {
            "at": one.at.isoformat(),
            "service": one.service,
            "what": one.what,
            "thread": one.thread,
            "state": one.state,
            "text": one.text,
        }
        for one in people.seen(manifest)
    ]


def _row(at: str, region: str, name: str, fate: str, sentence: str) -> dict[str, str]:
    return {"at": at, "region": region, "name": name, "fate": fate, "sentence": sentence}
