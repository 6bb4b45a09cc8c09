"""The names that customers never read: what a zone's manifest calls its parts. Pure.

`holdfast incident update --public` is held against them, and a test holds every template.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from continuity.errors import Refusal
from continuity.manifest import Manifest

_PUBLIC = frozenset(
    {"traffic", "window", "objectives", "retention", "kind", "active", "functions", "channels"}
)
"""Fields of a manifest that customers know, or that hold no names of ours but people's."""

_NOT_NAMES = frozenset({"checks", "engine_version", "backup_window"})
_SHORTEST = 3


def internal_names(manifest: Manifest) -> frozenset[str]:
    """Return every name in a manifest that is nobody else's business."""
    found: set[str] = set()
    for one in fields(manifest):
        if one.name not in _PUBLIC:
            found |= set(_texts(getattr(manifest, one.name)))
    found |= {one.person for one in manifest.channels.escalation}
    return frozenset(one for one in found - {manifest.zone} if len(one) >= _SHORTEST)


def named(text: str, manifest: Manifest) -> tuple[str, ...]:
    """Return the internal names that stand in a text as words of their own, in any case."""
    said = text.replace(manifest.traffic.name, "")
    return tuple(sorted(one for one in internal_names(manifest) if _stands(one, said)))


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def demand_public(text: str, manifest: Manifest) -> None:
    """Raise a Refusal where words for customers hold an internal name."""
    found = named(text, manifest)
    if found:
        raise Refusal(
            f"Customers do not read internal names, and this text has {', '.join(found)}.",
            "Say what they cannot do, in their own words.",
        )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield str(value)
    for one in _parts(value):
        yield from _texts(one)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, tuple):
        return value
    if is_dataclass(value):
        return [getattr(value, one.name) for one in fields(value) if one.name not in _NOT_NAMES]
    return ()
