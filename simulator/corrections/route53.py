"""Route 53's records: moto takes any batch, half of a bad one, and deletes more than was asked.

`simulator.record_batches` judges a batch; here it meets moto's requests, changes get an identity
and the time that they need to reach the name servers (`simulator.name_servers`).
Health checks are corrected in `route53_health_checks`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.models import elbv2_backends
from moto.moto_api._internal import mock_random
from moto.route53.exceptions import InvalidChangeBatch, Route53ClientError
from moto.route53.models import Route53Backend
from moto.route53.responses import Route53

from simulator import inside, record_batches, record_rules
from simulator.correction import Correction
from simulator.lifecycle import draw
from simulator.name_servers import publication
from simulator.timings import Takes
from simulator.world import current

_MOST_VALUES = 1000
"""ChangeResourceRecordSets' quota of ResourceRecord elements; an UPSERT counts twice."""

_create_hosted_zone = Route53.create_hosted_zone
_delete_hosted_zone = Route53.delete_hosted_zone


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            Route53Backend, "change_resource_record_sets", change_records,
            "a batch is judged as a whole and applied as a whole, DELETE takes exactly one record",
        ),
        Correction(
            Route53, "change_resource_record_sets", respond_to_change,
            "each change has its own id and is PENDING until the name servers have it",
        ),
        Correction(Route53, "get_change", get_change, "a change is PENDING, then INSYNC"),
        Correction(
            Route53, "create_hosted_zone", create_hosted_zone,
            "a caller reference makes one zone only, and a zone takes time to be served",
        ),
        Correction(Route53, "delete_hosted_zone", delete_hosted_zone, "a change has its own id"),
    ]  # fmt: skip


def change_records(
    self: Route53Backend, zoneid: str, change_list: Sequence[dict[str, Any]]
) -> None:
    """Apply a batch, all of it or nothing."""
    zone = self.get_hosted_zone(zoneid)
    around = record_rules.Surroundings(
        zone_id=zone.resource_id,
        zone_name=zone.name,
        health_checks=frozenset(self.health_checks),
        find_target=_find_target,
    )
    try:
        zone.rrsets = record_batches.after(zone.rrsets, change_list, around)
    except record_batches.Refused as refused:
        raise _error(refused) from refused


def respond_to_change(self: Route53) -> ActionResult:
    """Change records and name the change."""
    zone_id, changes = self._get_param("HostedZoneId"), self._get_param("ChangeBatch.Changes")
    count = sum(
        len(change["ResourceRecordSet"].get("ResourceRecords") or [])
        * (2 if change["Action"] == "UPSERT" else 1)
        for change in changes
    )
    if count > _MOST_VALUES:
        raise InvalidChangeBatch
    self.backend.change_resource_record_sets(zone_id, changes)
    zone = self.backend.get_hosted_zone(zone_id)
    return ActionResult({"ChangeInfo": _submit(self.backend, publication(zone))})


def get_change(self: Route53) -> ActionResult:
    """Say how far a change has come."""
    change_id = self._get_param("Id").split("/")[-1]
    found = _changes(self.backend).get(change_id)
    if found is None:
        raise Route53ClientError("NoSuchChange", f"A change with id {change_id} does not exist.")
    return ActionResult({"ChangeInfo": found})


def create_hosted_zone(self: Route53) -> ActionResult:
    """Create a zone, once for each caller reference."""
    reference = self._get_param("CallerReference")
    if any(zone.caller_reference == reference for zone in self.backend.zones.values()):
        raise Route53ClientError(
            "HostedZoneAlreadyExists",
            f"A hosted zone has already been created with caller reference {reference}.",
        )
    answer = _create_hosted_zone(self)
    result: dict[str, Any] = answer.result
    zone = self.backend.get_hosted_zone(result["HostedZone"].resource_id)
    result["ChangeInfo"] = _submit(self.backend, publication(zone))
    return answer


def delete_hosted_zone(self: Route53) -> ActionResult:
    """Delete a zone and name the change."""
    answer = _delete_hosted_zone(self)
    answer.result["ChangeInfo"] = _submit(self.backend, lambda: None)
    return answer


def _submit(backend: Route53Backend, publish: Callable[[], None]) -> dict[str, object]:
    """Note a change; it is INSYNC once `publish` has run."""
    change_id = "C" + "".join(mock_random.choice("0123456789ABCDEFGHIJ") for _ in range(20))
    change: dict[str, object] = {
        "Id": f"/change/{change_id}",
        "Status": "PENDING",
        "SubmittedAt": current().clock.now(),
    }
    _changes(backend)[change_id] = change

    def done() -> None:
        publish()
        change["Status"] = "INSYNC"

    answer = dict(change)
    seconds = draw(change_id, Takes.PROPAGATE_DNS_CHANGE)
    if seconds > 0:
        current().clock.at(seconds, done)
    else:
        done()
    return answer


def _changes(backend: Route53Backend) -> dict[str, dict[str, object]]:
    if not hasattr(backend, "submitted"):
        backend.submitted = {}
    found: dict[str, dict[str, object]] = backend.submitted
    return found


def _find_target(zone_id: str, name: str) -> str | None:
    """Return what is wrong with an alias to something of AWS's own; load balancers are known."""
    parts = name.rstrip(".").split(".")
    if parts[-3:] != ["elb", "amazonaws", "com"]:
        return None
    wanted = name.rstrip(".").removeprefix("dualstack.")
    for balancer in elbv2_backends[inside.ACCOUNT][parts[-4]].load_balancers.values():
        if balancer.dns_name.lower() == wanted:
            fits = balancer.canonical_hosted_zone_id == zone_id
            return None if fits else "but the alias target name does not lie within the target zone"
    return "but that target was not found"


def _error(refused: record_batches.Refused) -> Route53ClientError:
    text = ", ".join(refused.sentences)
    if refused.code == "InvalidChangeBatch":
        text = f"[{text}]"
    return Route53ClientError(refused.code, text)
