"""Facts as DynamoDB attributes and back. Leases, journals, holds and incidents are stored so."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from continuity.journal import Fact

Attribute = dict[str, Any]


def encode(fact: Fact) -> Attribute:
    """Return one attribute. Numbers travel as text, so that none is rounded."""
    if fact is None:
        return {"NULL": True}
    if isinstance(fact, bool):
        return {"BOOL": fact}
    if isinstance(fact, int | float):
        return {"N": repr(fact)}
    return {"S": str(fact)}


def decode(attribute: Mapping[str, Any]) -> Fact:
    """Return the fact. DynamoDB keeps no trailing `.0`: a whole float comes back as an integer."""
    [(kind, value)] = attribute.items()
    if kind == "NULL":
        return None
    if kind == "N":
        return float(value) if set(value) & set(".eE") else int(value)
    fact: str | bool = value
    return fact


def encode_all(facts: Mapping[str, Fact]) -> dict[str, Attribute]:
    """Return an item, or the content of a map."""
    return {name: encode(fact) for name, fact in facts.items()}


def decode_all(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, Fact]:
    """Return the facts of an item, or of the content of a map."""
    return {name: decode(attribute) for name, attribute in attributes.items()}


def token_of(writes: Sequence[object]) -> str:
    """Name a transaction after its content: AWS takes a repeat within 10 minutes for the first.

    At most 36 characters (API reference).
    """
    return hashlib.sha256(json.dumps(writes, sort_keys=True).encode()).hexdigest()[:36]
