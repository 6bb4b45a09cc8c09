"""What a run wrote into the lease and journal tables of a site, read inside moto.

`simulator.invariants` judges effects by it. `cloud.journals` and `cloud.leases` are the
writers; this reader knows their keys and attributes and nothing else of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from continuity.manifest import Site
from simulator import inside

HOLD = "hold"
LEASE = "lease"
_HELD = f"{HOLD}:"


@dataclass(frozen=True)
class Record:
    """One line of a journal as it was stored."""

    run: str
    sequence: int
    kind: str
    step: str | None
    data: Mapping[str, object]


class Journal:
    """The journal of a site, oldest record first. Records are never changed once written."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._read: dict[tuple[str, int], Record] = {}

    def records(self) -> list[Record]:
        """Return everything that is in the table now, the runs one after the other."""
        for items in inside.table_items(self._site.region, self._site.journal_table).values():
            for item in list(items.values()):
                key = (str(item.hash_key.value), int(item.range_key.value))
                if key not in self._read:
                    self._read[key] = _record(*key, item.attrs)
        return [self._read[key] for key in sorted(self._read)]

    def newest_run(self) -> list[Record]:
        """Return the records of the run that wrote last."""
        found = self.records()
        latest = list(self._read.values())[-1].run if self._read else None
        return [record for record in found if record.run == latest]


def lease_item(site: Site, name: str) -> dict[str, object] | None:
    """Return the item of this name in a site's lease table as plain values."""
    for item in inside.table_items(site.region, site.lease_table).values():
        if item.hash_key.value == name:
            return {key: _plain(value) for key, value in item.attrs.items()}
    return None


def is_held(site: Site) -> bool:
    """Say whether a hold is on in a site's table; trials and holds of the past lie there, too."""
    return any(name.startswith(_HELD) for name in lease_item(site, HOLD) or ())


def _record(run: str, sequence: int, attributes: Mapping[str, Any]) -> Record:
    values = {key: _plain(value) for key, value in attributes.items()}
    data, step = values.get("data"), values.get("step")
    return Record(
        run=run,
        sequence=sequence,
        kind=str(values.get("kind")),
        step=str(step) if step is not None else None,
        data=data if isinstance(data, dict) else {},
    )


def _plain(value: Any) -> object:  # noqa: ANN401 - a moto DynamoType
    """Return a DynamoDB value as the Python value it stands for; numbers as float."""
    if value.type == "M":
        return {key: _plain(item) for key, item in value.value.items()}
    if value.type == "L":
        return [_plain(item) for item in value.value]
    if value.type == "N":
        return float(value.value)
    return None if value.type == "NULL" else value.value
