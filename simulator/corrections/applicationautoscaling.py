"""Application Auto Scaling: moto takes any bounds and never touches the service."""

from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import (
    ApplicationAutoscalingBackend,
    FakeScalableTarget,
)

from simulator import scaling
from simulator.correction import Correction

_register = ApplicationAutoscalingBackend.register_scalable_target


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            ApplicationAutoscalingBackend, "register_scalable_target", register_scalable_target,
            "bounds are checked, and the service is brought inside them",
        ),
    ]  # fmt: skip


def register_scalable_target(
    self: ApplicationAutoscalingBackend,
    *args: object,
    **kwargs: object,
) -> FakeScalableTarget:
    """Register or update a target whose minimum does not exceed its maximum."""
    names = ("namespace", "r_id", "dimension", "min_capacity", "max_capacity")
    asked: dict[str, Any] = dict(zip(names, args, strict=False)) | kwargs
    old = self.targets.get(asked["dimension"], {}).get(asked["r_id"])
    low = asked.get("min_capacity")
    high = asked.get("max_capacity")
    if old is not None:
        low = old.min_capacity if low is None else low
        high = old.max_capacity if high is None else high
    if low is None or high is None:
        raise AWSValidationException("MinCapacity and MaxCapacity are required for a new target.")
    if low > high:
        raise AWSValidationException("Maximum capacity cannot be less than minimum capacity")
    target = _register(self, *args, **kwargs)
    if asked["namespace"] == "ecs":
        scaling.hold(target)
    return target
