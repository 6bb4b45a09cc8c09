"""AWS Backup's legal holds: nobody deletes a recovery point that one covers.

`backup.raising` keeps one on each vault of a held zone. A legal hold covers the points of a span of
time that ends when it is asked for at the latest: what is made afterwards needs the next one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Missing
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.permissions import CANCEL_LEGAL_HOLD, CREATE_LEGAL_HOLD, LIST_LEGAL_HOLDS

EVER = datetime(2020, 1, 1, tzinfo=UTC)
"""Assumption: older than every recovery point of a zone."""

_TOKEN = ("NextToken", "NextToken")


class LegalHoldState(StrEnum):
    """AWS's own words for where a legal hold is."""

    CREATING = "CREATING"
    ACTIVE = "ACTIVE"
    CANCELING = "CANCELING"
    CANCELED = "CANCELED"


@dataclass(frozen=True)
class LegalHold:
    """One legal hold as AWS lists it."""

    identity: str
    title: str
    state: LegalHoldState


@permitted(LIST_LEGAL_HOLDS)
def listed(door: Door, beginning: str) -> tuple[LegalHold, ...]:
    """Return the legal holds of the region whose title begins like this, by title."""
    found = (
        LegalHold(row["LegalHoldId"], row["Title"], LegalHoldState(row["Status"]))
        for page in pages(door, "backup", "ListLegalHolds", _TOKEN)
        for row in page.get("LegalHolds", ())
        if row.get("Title", "").startswith(beginning)
    )
    return tuple(sorted(found, key=lambda one: (one.title, one.identity)))


@permitted(CREATE_LEGAL_HOLD)
def create(door: Door, vault: str, title: str, why: str) -> None:
    """Hold every point that lies in a vault now. The title names it: asked again, it is the same.

    AWS begins it and takes a while.
    """
    door.change(
        "backup",
        "CreateLegalHold",
        Title=title,
        Description=why,
        IdempotencyToken=title.replace(" ", "-"),
        RecoveryPointSelection={
            "VaultNames": [vault],
            "DateRange": {"FromDate": EVER, "ToDate": door.clock.now()},
        },
    )


@permitted(CANCEL_LEGAL_HOLD)
def cancel(door: Door, identity: str, why: str) -> Effect:
    """Begin to take a legal hold away; one that is gone is what was wanted."""
    try:
        door.change("backup", "CancelLegalHold", LegalHoldId=identity, CancelDescription=why)
    except Missing:
        return Effect.ALREADY
    return Effect.MADE
