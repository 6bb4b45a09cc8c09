"""RDS has one error code for two quotas: one ends by itself, the other wants a person."""

from typing import TYPE_CHECKING, Any, cast

import pytest

from cloud import snapshots
from cloud.failures import Call, Rejected
from continuity.errors import Refusal

if TYPE_CHECKING:
    from cloud.door import Door

CALL = Call("rds", "eu-central-1", "CopyDBSnapshot")


class Refusing:
    """A door behind which AWS says one thing."""

    def __init__(self, message: str) -> None:
        self._message = message

    def change(self, _service: str, operation: str, **_arguments: Any) -> None:  # noqa: ANN401 - any call's
        said = f"{operation} was refused (SnapshotQuotaExceeded): {self._message}"
        raise Rejected(CALL, said, "SnapshotQuotaExceeded")


def copied(message: str) -> None:
    source = "arn:aws:rds:eu-west-1:123456789012:snapshot:monday"
    snapshots.copy(cast("Door", Refusing(message)), source, "monday", "key", {})


@pytest.mark.parametrize(
    "message",
    [
        "Cannot copy more than 5 snapshots across regions",
        "Cannot copy more than 20 snapshots across regions",
        "You have 20 snapshot copies in progress to this region",
    ],
)
def test_too_many_copies_at_once_end_by_themselves(message: str) -> None:
    with pytest.raises(snapshots.NoTurn, match="has to wait"):
        copied(message)


@pytest.mark.parametrize(
    "message",
    [
        "Cannot create more than 100 manual snapshots",
        "The request cannot be processed because it would exceed the maximum number of snapshots.",
    ],
)
def test_too_many_snapshots_are_a_persons_affair(message: str) -> None:
    with pytest.raises(Refusal, match="Ask AWS for more"):
        copied(message)
