"""Service Quotas: moto knows the quotas of VPC only, the platform needs that of Fargate."""

from typing import Any

from moto.servicequotas.models import ServiceQuotasBackend

from simulator import limits
from simulator.correction import Correction
from simulator.world import current

_get_service_quota = ServiceQuotasBackend.get_service_quota


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            ServiceQuotasBackend, "get_service_quota", get_service_quota,
            "Fargate has quotas too",
        ),
    ]  # fmt: skip


def get_service_quota(
    self: ServiceQuotasBackend, service_code: str, quota_code: str
) -> dict[str, Any]:
    """Return a quota; how many cores Fargate may run is the world's own."""
    if (service_code, quota_code) != ("fargate", limits.FARGATE_CORES):
        found: dict[str, Any] = _get_service_quota(self, service_code, quota_code)
        return found
    return {
        "ServiceCode": service_code,
        "QuotaCode": quota_code,
        "QuotaName": "Fargate On-Demand vCPU resource count",
        "Value": float(limits.limit(current(), self.region_name, quota_code)),
        "Adjustable": True,
    }
