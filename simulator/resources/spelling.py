"""Names from the provider's spelling to AWS's, where whole structures differ in nothing else.

Handlers of this package call it for nested inputs; the exceptions are theirs to know.
"""

from collections.abc import Mapping
from typing import Any


def capitalised(value: Any, odd: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
    """Return the structure with `deadLetterConfig` spelled `DeadLetterConfig`, at every depth.

    `odd` has the names that AWS spells otherwise. Keys of free mappings must not be handed over.
    """
    names = odd or {}
    if isinstance(value, Mapping):
        return {
            names.get(key, key[:1].upper() + key[1:]): capitalised(item, odd)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [capitalised(item, odd) for item in value]
    return value
