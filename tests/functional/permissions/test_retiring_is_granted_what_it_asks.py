"""Who deletes old instances may look as a check does, keep, and delete; approving is another's."""

import inspect
from types import ModuleType

from cloud.permitted import permissions_of
from continuity.grants import FAILOVER, READINESS, RETIRE
from continuity.permissions import READ_INCIDENTS, READ_JOURNAL, TAG_DATABASE, Permission
from failover import retiring


def declared(module: ModuleType) -> set[Permission]:
    return {
        permission
        for _, function in inspect.getmembers(module, inspect.isfunction)
        for permission in permissions_of(function)
    }


def test_the_role_has_what_retiring_asks_beside_a_check_and_nothing_more() -> None:
    looked = {*READINESS, READ_INCIDENTS, READ_JOURNAL}
    assert (declared(retiring) - {TAG_DATABASE}) | looked == set(RETIRE)


def test_who_deletes_cannot_approve_and_who_approves_cannot_delete() -> None:
    assert TAG_DATABASE in FAILOVER
    assert TAG_DATABASE not in RETIRE
    assert not {"rds:DeleteDBInstance"} & {one.action for one in FAILOVER}
