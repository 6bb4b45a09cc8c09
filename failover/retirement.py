"""What a failover left behind, and what stands against deleting it. Pure.

`failover.retiring` looks and acts, `holdfast failover retire` shows it. An instance is old when it
carries the tags of the zone and a name that the program or a run gives, while the manifest of the
last deployment names another one.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from continuity.manifest import Manifest
from continuity.manifest_json import digest
from continuity.zone import SiteName
from failover import leftovers

LASTS = timedelta(hours=1)
"""How long an approval counts, as in a failover (`failover.options`)."""

APPROVED_BY = "holdfast:retire:"
"""How the tags begin by which people approve: the person follows; the value is plan and moment."""


@dataclass(frozen=True)
class Old:
    """One instance that is not the zone's any more. `resource` is its name for good (`db-...`).

    `fenced` is what its tag says: by which run it was left, and when; empty while it says nothing.
    """

    site: SiteName
    region: str
    identifier: str
    arn: str
    resource: str
    database: str
    status: str
    fenced: str = ""
    approvals: Mapping[str, str] = field(default_factory=dict)

    @property
    def snapshot(self) -> str:
        """Return the name of its final snapshot, which nothing gives up but a person."""
        return f"{self.identifier}-final"


@dataclass(frozen=True)
class Retirement:
    """The plan: what would be deleted, what stands against it, and who approved exactly this.

    `objections` each say how to lift them; `needed` people must approve.
    """

    zone: str
    olds: tuple[Old, ...]
    hash: str
    objections: tuple[str, ...]
    approved_by: tuple[str, ...]
    needed: int

    @property
    def approved(self) -> bool:
        """Say whether enough people approved."""
        return len(self.approved_by) >= self.needed


def is_old(manifest: Manifest, site: SiteName, identifier: str, tags: Mapping[str, str]) -> bool:
    """Say whether an instance of a region is one that a failover or a swap of names left behind.

    What a person restored under a name of their own, and what is only tried, is not.
    """
    ours = leftovers.named_by_us(manifest, site, identifier, tags)
    return ours and identifier not in leftovers.declared(manifest)


def plan_hash(manifest: Manifest, olds: Iterable[Old]) -> str:
    """Return what people approve: exactly these instances, under exactly this manifest."""
    what = sorted([one.region, one.identifier, one.resource] for one in olds)
    text = json.dumps([digest(manifest), what])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def approval(plan: str, now: datetime) -> str:
    """Return the value of an approval's tag."""
    return f"{plan} {now:%Y-%m-%dT%H:%M:%S%z}"


def approved_by(olds: Iterable[Old], plan: str, now: datetime) -> tuple[str, ...]:
    """Return who approved this plan within the hour, on every one of its instances."""
    people = [
        {name for name, value in one.approvals.items() if _counts(value, plan, now)} for one in olds
    ]
    return tuple(sorted(set.intersection(*people))) if people else ()


def _counts(value: str, plan: str, now: datetime) -> bool:
    named, _, moment = value.partition(" ")
    try:
        given = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return False
    return named == plan and timedelta() <= now - given <= LASTS


_NONE = "the site that stands by knows of none"


def proofs_missing(
    proven: Mapping[str, datetime | None], built: Mapping[str, datetime | None]
) -> Iterator[str]:
    """Yield each database of which no point was proven since its new replica was built."""
    for database, since in built.items():
        at = proven.get(database)
        if at is None or since is None or at < since:
            last = _NONE if at is None else f"the last one was on {at:%Y-%m-%d %H:%M} UTC"
            yield (
                f"No recovery point of {database} was proven since its replica was built anew "
                f"({last}): run `holdfast backup verify` for it."
            )


def unusable(olds: Iterable[Old]) -> Iterator[str]:
    """Yield each instance of which no final snapshot can be taken now."""
    for one in olds:
        if one.status not in ("available", "deleting"):
            yield (
                f"{one.identifier} is {one.status}: no final snapshot can be taken of it. Bring it "
                "to available first."
            )
