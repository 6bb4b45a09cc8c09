"""What a client's resolver would get: failover records, alias chains and health checks.

`simulator.traffic`, `platform` and `truth` ask; nothing here is an API call. Answers come from
the records that have reached the name servers (`simulator.name_servers`).

Sources (Route 53 developer guide): "How Amazon Route 53 chooses records when health checking is
configured" (a record without a check counts as healthy; when every record is unhealthy all count
as healthy, so that the primary answers), "Choosing between alias and non-alias records" (an alias
to a load balancer has a TTL of 60 s, one to another record has that record's). Simple and failover
records are simulated; a question that meets another routing policy is an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moto.elbv2.models import elbv2_backends
from moto.route53.models import FakeZone, RecordSet, route53_backends

from simulator import health_checks, inside, target_health
from simulator.name_servers import published
from simulator.record_rules import normal

if TYPE_CHECKING:
    from simulator.world import World

LOAD_BALANCER_TTL_S = 60
_DEEPEST = 16


@dataclass(frozen=True)
class Answer:
    """An address and the seconds for which a resolver may keep it."""

    address: str
    ttl_s: int


class Unanswerable(ValueError):
    """The records ask for something that is not simulated, or refer to each other in a circle."""


def resolve(world: "World", name: str) -> str | None:
    """Return the address that a name stands for now; None for NXDOMAIN or an empty answer.

    A load balancer's address is its DNS name.
    """
    answer = resolve_with_ttl(world, name)
    return answer.address if answer is not None else None


def resolve_with_ttl(world: "World", name: str) -> Answer | None:
    """Return the address of a name and its TTL; None for NXDOMAIN or an empty answer.

    Raises:
        Unanswerable: a loop, or a routing policy that is not simulated.
    """
    return _Question(world).answer(normal(name), _DEEPEST)


class _Question:
    """One walk through the records, as they are at this moment."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def answer(self, name: str, depth: int) -> Answer | None:
        if depth == 0:
            raise Unanswerable(f"the records of {name} refer to each other in a circle")
        balancer = _load_balancer(name)
        if balancer is not None:
            return Answer(balancer, LOAD_BALANCER_TTL_S)
        zone = _zone(name)
        if zone is None:
            return None
        record = self._choose(zone, name, "A", depth)
        if record is None:
            record = self._choose(zone, name, "CNAME", depth)
        return self._follow(record, depth) if record is not None else None

    def _follow(self, record: RecordSet, depth: int) -> Answer | None:
        if record.alias_target:
            return self.answer(normal(record.alias_target["DNSName"]), depth - 1)
        value, ttl = str(record.records[0]), int(record.ttl)
        if record.type != "CNAME":
            return Answer(value, ttl)
        found = self.answer(normal(value), depth - 1)
        return Answer(found.address, min(ttl, found.ttl_s)) if found is not None else None

    def _choose(self, zone: FakeZone, name: str, kind: str, depth: int) -> RecordSet | None:
        found = [
            record
            for record in published(zone)
            if record.type == kind and normal(record.name) == name
        ]
        if not found or found[0].set_identifier is None:
            return found[0] if found else None
        ordered = sorted(found, key=_rank)
        for record in ordered:
            if self._is_healthy(record, depth):
                return record
        return ordered[0]

    def _is_healthy(self, record: RecordSet, depth: int) -> bool:
        check = record.health_check_id
        if check and not health_checks.is_healthy(self._world, check):
            return False
        target = record.alias_target
        if not target or str(target["EvaluateTargetHealth"]).lower() != "true":
            return True
        return self._target_is_healthy(normal(target["DNSName"]), record.type, depth - 1)

    def _target_is_healthy(self, name: str, kind: str, depth: int) -> bool:
        """A load balancer is healthy with healthy targets, a name with any healthy record."""
        if depth == 0:
            raise Unanswerable(f"the records of {name} refer to each other in a circle")
        if _is_load_balancer(name):
            return target_health.is_healthy(self._world, _plain(name))
        zone = _zone(name)
        return zone is not None and any(
            self._is_healthy(record, depth)
            for record in published(zone)
            if record.type == kind and normal(record.name) == name
        )


def _rank(record: RecordSet) -> int:
    if record.failover not in ("PRIMARY", "SECONDARY"):
        raise Unanswerable(
            f"{record.name} is routed otherwise than by failover, which is not simulated"
        )
    return 0 if record.failover == "PRIMARY" else 1


def _zones() -> Iterator[FakeZone]:
    yield from route53_backends[inside.ACCOUNT]["aws"].zones.values()


def _zone(name: str) -> FakeZone | None:
    """Return the public zone that answers for a name: the one with the longest matching name."""
    fitting = [
        zone
        for zone in _zones()
        if not zone.private_zone and ("." + name).endswith("." + normal(zone.name))
    ]
    return max(fitting, key=lambda zone: len(zone.name), default=None)


def _is_load_balancer(name: str) -> bool:
    return name.endswith(".elb.amazonaws.com.")


def _plain(name: str) -> str:
    return name.rstrip(".").removeprefix("dualstack.")


def _load_balancer(name: str) -> str | None:
    """Return a load balancer's own spelling of its name, if it is one's; DNS outlives regions."""
    if not _is_load_balancer(name):
        return None
    region = name.split(".")[-5]
    for balancer in elbv2_backends[inside.ACCOUNT][region].load_balancers.values():
        if balancer.dns_name.lower() == _plain(name):
            return str(balancer.dns_name)
    return None
