"""AWS Backup: legal holds, which moto does not have; what one covers nobody deletes.

Source: API references of CreateLegalHold, ListLegalHolds and CancelLegalHold; AWS Backup guide,
"Legal holds": a hold covers the points of its vaults and resources that were created in its range,
which cannot end in the future. Assumptions: it takes effect, and goes, within minutes; the words of
a refused deletion.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.backup import urls
from moto.backup.exceptions import InvalidParameterValueException, ResourceNotFoundException
from moto.backup.models import BackupBackend
from moto.backup.responses import BackupResponse

from simulator.correction import Correction
from simulator.corrections.rds_instances import identity
from simulator.lifecycle import after_up, draw
from simulator.timings import Takes
from simulator.world import current

for _path in ("{0}/legal-holds/?$", "{0}/legal-holds/(?P<identity>[^/]+)/?$"):
    urls.url_paths.setdefault(_path, BackupResponse.dispatch)

_LEEWAY = timedelta(minutes=5)  # clocks differ; a range that ends "now" is no future


@dataclass(eq=False)
class LegalHold:
    """One legal hold. `status` is AWS's own word."""

    identity: str
    arn: str
    asked: dict[str, Any]
    created: datetime
    status: str = "CREATING"

    def shown(self) -> dict[str, Any]:
        """Return what the list shows."""
        return {
            "LegalHoldId": self.identity,
            "LegalHoldArn": self.arn,
            "Title": self.asked["Title"],
            "Description": self.asked["Description"],
            "Status": self.status,
            "CreationDate": self.created.timestamp(),
        }

    def covers(self, vault: str, resource: str, made: datetime) -> bool:
        """Say whether a point may not be deleted for it."""
        which = self.asked.get("RecoveryPointSelection") or {}
        span = which.get("DateRange") or {}
        vaults, resources = which.get("VaultNames"), which.get("ResourceIdentifiers")
        return (
            self.status in {"CREATING", "ACTIVE", "CANCELING"}
            and (vaults is None or vault in vaults)
            and (resources is None or resource in resources)
            and _moment(span, "FromDate", datetime.min.replace(tzinfo=UTC)) <= made
            and made <= _moment(span, "ToDate", self.created)
        )


def legal_holds(backend: BackupBackend) -> dict[str, LegalHold]:
    """Return the legal holds of a region, by identity."""
    found: dict[str, LegalHold] = backend.__dict__.setdefault("legal_holds", {})
    return found


def covered(backend: BackupBackend, vault: str, resource: str, made: datetime) -> bool:
    """Say whether a legal hold covers a point."""
    return any(one.covers(vault, resource, made) for one in legal_holds(backend).values())


def corrections() -> list[Correction]:
    """Return the operations that moto does not have."""
    missing = "moto does not have the operation"
    return [
        Correction(BackupResponse, "create_legal_hold", _create, missing),
        Correction(BackupResponse, "list_legal_holds", _list, missing),
        Correction(BackupResponse, "cancel_legal_hold", _cancel, missing),
    ]


def _create(response: BackupResponse) -> str:
    asked, backend = json.loads(response.body), response.backup_backend
    now = current().clock.now()
    span = (asked.get("RecoveryPointSelection") or {}).get("DateRange") or {}
    if _moment(span, "ToDate", now) > now + _LEEWAY:
        raise InvalidParameterValueException("ToDate cannot be in the future.")
    token = asked.get("IdempotencyToken")
    for known in legal_holds(backend).values():
        if token and known.asked.get("IdempotencyToken") == token:
            return json.dumps(known.shown())
    name = identity("hold-").lower()
    place = f"arn:aws:backup:{backend.region_name}:{backend.account_id}"
    made = LegalHold(name, f"{place}:legal-hold:{name}", asked, now)
    legal_holds(backend)[name] = made
    _later(backend, made, "ACTIVE")
    return json.dumps(made.shown())


def _list(response: BackupResponse) -> str:
    found = legal_holds(response.backup_backend).values()
    return json.dumps({"LegalHolds": [one.shown() for one in found]})


def _cancel(response: BackupResponse) -> tuple[int, dict[str, str], str]:
    backend = response.backup_backend
    name = str(response.path).strip("/").split("/")[-1]
    if name not in legal_holds(backend):
        raise ResourceNotFoundException(f"Legal hold {name} does not exist.")
    one = legal_holds(backend)[name]
    if one.status != "CANCELED":
        one.status = "CANCELING"
        _later(backend, one, "CANCELED")
    return 201, {}, "{}"


def _later(backend: BackupBackend, one: LegalHold, status: str) -> None:
    before = one.status

    def settle() -> None:
        if one.status == before:
            one.status = status

    after_up(backend.region_name, draw(one, Takes.HOLD_LEGALLY), settle)


def _moment(span: dict[str, Any], name: str, default: datetime) -> datetime:
    """Return a bound of a range: seconds since 1970, as the protocol has it, or ISO 8601."""
    value = span.get(name)
    if value is None:
        return default
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromisoformat(value)
