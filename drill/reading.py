"""What people read in a drill, judged: by their eyes, whatever the record says. Pure.

`drill.gather` and `drill.verdict` ask; `drill.telling` had people told.
"""

from collections import Counter
from collections.abc import Sequence

from continuity.manifest import Manifest
from incident.messages.internal_names import named
from simulator.channels import mail
from simulator.channels.seen import Seen

CUSTOMERS = "status_page"
"""The service whose order a scenario expects; mails say the same."""

_CUSTOMERS = (CUSTOMERS, mail.SERVICE)


def misread(seen: Sequence[Seen], manifest: Manifest) -> tuple[str, ...]:
    """Return what people ought not to have read: the same twice, or names that are ours.

    A mail of which only the answer was lost is read twice: SES knows no idempotency.
    """
    said = [one for one in seen if one.what in ("reply", "update", "message", "comment")]
    times = Counter((one.service, one.thread, one.text) for one in said)
    found = [
        f"{service} said {count} times: {text}"
        for (service, _, text), count in times.items()
        if count > 1
    ]
    for one in seen:
        names = named(one.text, manifest) if one.service in _CUSTOMERS else ()
        found += [f"customers read {', '.join(names)}: {one.text}"] if names else []
    return tuple(found)


def untold(seen: Sequence[Seen], told: Sequence[str]) -> tuple[str, ...]:
    """Return how what customers read differs from what they were to read, in order."""
    read = [" ".join(one.text.split()) for one in seen if one.service == CUSTOMERS]
    if not told or (
        len(read) == len(told)
        and all(words in text for words, text in zip(told, read, strict=True))
    ):
        return ()
    return (f"expected customers to read {'; '.join(told)}; they read {' | '.join(read)}",)
