"""What the simulated services share: reading a request, and refusing it in JSON."""

import json
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from simulator.serving.reply import Asking, Reply


class Service(Protocol):
    """One simulated service; it sees targets below its own base address."""

    def answer(self, asking: Asking) -> Reply:
        """Answer a request as the service does."""


def path_of(asking: Asking) -> str:
    """Return the path without its query."""
    return urlsplit(asking.target).path


def query_of(asking: Asking) -> dict[str, str]:
    """Return the query; of a repeated name the last."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(asking.target).query).items()}


def payload_of(asking: Asking) -> dict[str, Any]:
    """Return the JSON object of a request; empty where there is none."""
    try:
        found = json.loads(asking.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
