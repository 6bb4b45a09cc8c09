"""AWS Backup: what a plan is for, and changing a plan; moto lacks both.

Source: the API references of CreateBackupSelection and its kin, and of UpdateBackupPlan: a plan
keeps its identity and gets a new version. Selections are kept with their plan.
"""

import json
from typing import Any

from moto.backup.exceptions import (
    AlreadyExistsException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from moto.backup.models import BackupBackend, Plan
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from simulator.correction import Correction

_delete_plan = BackupBackend.delete_backup_plan


def corrections() -> list[Correction]:
    """Return the operations that moto does not have."""
    missing = "moto does not have the operation"
    return [
        Correction(BackupResponse, "create_backup_selection", _create, missing),
        Correction(BackupResponse, "get_backup_selection", _get, missing),
        Correction(BackupResponse, "list_backup_selections", _list, missing),
        Correction(BackupResponse, "delete_backup_selection", _delete, missing),
        Correction(BackupResponse, "update_backup_plan", _update_plan, missing),
        Correction(
            BackupBackend, "delete_backup_plan", delete_backup_plan,
            "a plan that still selects something cannot be deleted",
        ),
    ]  # fmt: skip


def selections(plan: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - a moto Plan
    """Return the selections of a plan by their identity, as they were asked for."""
    found: dict[str, dict[str, Any]] = plan.__dict__.setdefault("selections", {})
    return found


def delete_backup_plan(self: BackupBackend, backup_plan_id: str) -> object:
    """Delete a plan that is for nothing any more."""
    if backup_plan_id in self.plans and selections(self.plans[backup_plan_id]):
        raise InvalidRequestException(
            "Related backup plan selections must be deleted prior to backup plan deletion."
        )
    return _delete_plan(self, backup_plan_id)


def _parts(response: BackupResponse) -> list[str]:
    return str(response.path).strip("/").split("/")[2:]


def _plan(response: BackupResponse) -> Any:  # noqa: ANN401 - a moto Plan
    identity = _parts(response)[0]
    if identity not in response.backup_backend.plans:
        raise ResourceNotFoundException(
            f"Failed reading Backup plan with provided planId {identity}"
        )
    return response.backup_backend.plans[identity]


def _create(response: BackupResponse) -> str:
    plan, asked = _plan(response), json.loads(response.body)["BackupSelection"]
    names = {kept["BackupSelection"]["SelectionName"] for kept in selections(plan).values()}
    if asked["SelectionName"] in names:
        raise AlreadyExistsException(f"Selection {asked['SelectionName']} already exists.")
    identity = str(mock_random.uuid4())
    selections(plan)[identity] = {
        "BackupPlanId": plan.backup_plan_id,
        "BackupSelection": asked,
        "CreationDate": unix_time(),
        "SelectionId": identity,
    }
    return json.dumps({"SelectionId": identity, "BackupPlanId": plan.backup_plan_id})


def _one(response: BackupResponse) -> tuple[Any, str]:
    plan, identity = _plan(response), _parts(response)[2]
    if identity not in selections(plan):
        raise ResourceNotFoundException(f"Cannot find the selection {identity}.")
    return plan, identity


def _get(response: BackupResponse) -> str:
    plan, identity = _one(response)
    return json.dumps(selections(plan)[identity])


def _list(response: BackupResponse) -> str:
    rows = [
        {
            "SelectionId": identity,
            "SelectionName": kept["BackupSelection"]["SelectionName"],
            "IamRoleArn": kept["BackupSelection"]["IamRoleArn"],
            "BackupPlanId": kept["BackupPlanId"],
            "CreationDate": kept["CreationDate"],
        }
        for identity, kept in selections(_plan(response)).items()
    ]
    return json.dumps({"BackupSelectionsList": rows})


def _delete(response: BackupResponse) -> str:
    plan, identity = _one(response)
    del selections(plan)[identity]
    return "{}"


def _update_plan(response: BackupResponse) -> str:
    plan, asked = _plan(response), json.loads(response.body)["BackupPlan"]
    changed = Plan(asked, plan.creator_request_id, response.backup_backend)
    plan.backup_plan, plan.version_id = changed.backup_plan, changed.version_id
    return json.dumps(plan.to_dict())
