"""AWS Backup: plans that restore points to see whether they can be restored; moto has none.

Source: the API references of CreateRestoreTestingPlan, CreateRestoreTestingSelection and their kin.
They are stored and shown; nothing is restored by them in the simulated world.
"""

import json
from typing import Any

from moto.backup import urls
from moto.backup.exceptions import AlreadyExistsException, ResourceNotFoundException
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time

from simulator.correction import Correction

urls.url_paths.setdefault("{0}/restore-testing/plans.*$", BackupResponse.dispatch)

Kept = dict[str, Any]


def corrections() -> list[Correction]:
    """Return the operations that moto does not have."""
    missing = "moto does not have the operation"
    plan, selection = "restore_testing_plan", "restore_testing_selection"
    operations = {
        f"create_{plan}": _create_plan,
        f"get_{plan}": _get_plan,
        f"update_{plan}": _update_plan,
        f"delete_{plan}": _delete_plan,
        f"create_{selection}": _create_selection,
        f"get_{selection}": _get_selection,
        f"update_{selection}": _update_selection,
        f"delete_{selection}": _delete_selection,
    }
    return [Correction(BackupResponse, name, does, missing) for name, does in operations.items()]


def _plans(response: BackupResponse) -> dict[str, Kept]:
    found: dict[str, Kept] = response.backup_backend.__dict__.setdefault("testing_plans", {})
    return found


def _parts(response: BackupResponse) -> list[str]:
    return str(response.path).strip("/").split("/")[2:]


def _plan(response: BackupResponse) -> Kept:
    name = _parts(response)[0]
    if name not in _plans(response):
        raise ResourceNotFoundException(f"Restore testing plan {name} does not exist.")
    return _plans(response)[name]


def _create_plan(response: BackupResponse) -> str:
    asked = json.loads(response.body)["RestoreTestingPlan"]
    name = asked["RestoreTestingPlanName"]
    if name in _plans(response):
        raise AlreadyExistsException(f"Restore testing plan {name} already exists.")
    backend = response.backup_backend
    arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:restore-testing-plan:{name}"
    about = {"CreationTime": unix_time(), "RestoreTestingPlanArn": arn}
    _plans(response)[name] = {"plan": {**asked, **about}, "selections": {}}
    return json.dumps({**about, "RestoreTestingPlanName": name})


def _get_plan(response: BackupResponse) -> str:
    return json.dumps({"RestoreTestingPlan": _plan(response)["plan"]})


def _update_plan(response: BackupResponse) -> str:
    plan = _plan(response)["plan"]
    plan |= json.loads(response.body)["RestoreTestingPlan"]
    plan["LastUpdateTime"] = unix_time()
    told = ("CreationTime", "LastUpdateTime", "RestoreTestingPlanArn", "RestoreTestingPlanName")
    return json.dumps({"UpdateTime": unix_time(), **{key: plan[key] for key in told}})


def _delete_plan(response: BackupResponse) -> str:
    _plan(response)
    del _plans(response)[_parts(response)[0]]
    return "{}"


def _create_selection(response: BackupResponse) -> str:
    kept, asked = _plan(response), json.loads(response.body)["RestoreTestingSelection"]
    name = asked["RestoreTestingSelectionName"]
    if name in kept["selections"]:
        raise AlreadyExistsException(f"Restore testing selection {name} already exists.")
    about = {"CreationTime": unix_time(), "RestoreTestingPlanName": _parts(response)[0]}
    kept["selections"][name] = {**asked, **about}
    return json.dumps(_told(kept, name))


def _selection(response: BackupResponse) -> tuple[Kept, str]:
    kept, name = _plan(response), _parts(response)[2]
    if name not in kept["selections"]:
        raise ResourceNotFoundException(f"Restore testing selection {name} does not exist.")
    return kept, name


def _told(kept: Kept, name: str) -> Kept:
    return {
        "CreationTime": kept["selections"][name]["CreationTime"],
        "RestoreTestingPlanArn": kept["plan"]["RestoreTestingPlanArn"],
        "RestoreTestingPlanName": kept["plan"]["RestoreTestingPlanName"],
        "RestoreTestingSelectionName": name,
    }


def _get_selection(response: BackupResponse) -> str:
    kept, name = _selection(response)
    return json.dumps({"RestoreTestingSelection": kept["selections"][name]})


def _update_selection(response: BackupResponse) -> str:
    kept, name = _selection(response)
    kept["selections"][name] |= json.loads(response.body)["RestoreTestingSelection"]
    return json.dumps({**_told(kept, name), "UpdateTime": unix_time()})


def _delete_selection(response: BackupResponse) -> str:
    kept, name = _selection(response)
    del kept["selections"][name]
    return "{}"
