"""Route 53 health checks on the virtual clock: who is healthy, and since when DNS knows it.

`corrections.route53` starts a watch for every check that is created; `simulator.dns` asks
`is_healthy` for every answer. The checkers look at moto's state directly: they are no client of
the API, cost no latency and appear in no call log.

A check of `BUCKET.s3.REGION.amazonaws.com/KEY` is answered by the simulated S3; any other host by
the prober that somebody gave to `PROBER`.

Sources (Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is
healthy"): an endpoint's status flips after `FailureThreshold` consecutive results; a new check
counts as healthy until there is enough data, an inverted one as unhealthy; 2xx and 3xx are
successes. API reference, `Disabled`: a disabled check counts as healthy, before inversion;
`HTTPS_STR_MATCH`: a success holds `SearchString`, capitals as given, in its first 5,120 bytes;
`HealthThreshold`: a calculated check is healthy while so many of its children are, inverted ones
as they are after inversion, and disabled ones as healthy.
Assumption: all checkers ask at the same moments, every interval from the creation on.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.backends import get_backend
from moto.route53.models import HealthCheck, route53_backends
from moto.s3.models import FakeDeleteMarker, s3_backends

from simulator import alarms
from simulator.anonymous_access import PublicAccess, anonymous_may_read
from simulator.per_world import PerWorld

if TYPE_CHECKING:
    from simulator.world import World

Prober = Callable[[str, str], bool]
"""Host and path in; whether something there answers an HTTP health check."""

PROBER: PerWorld[Prober] = PerWorld()
"""Who answers for hosts that are not S3's: whoever simulates the platform gives one."""

TEXT_TYPES = frozenset({"HTTP_STR_MATCH", "HTTPS_STR_MATCH"})
ENDPOINTS = frozenset({"HTTP", "HTTPS"}) | TEXT_TYPES
SIMULATED = ENDPOINTS | {"CALCULATED", "CLOUDWATCH_METRIC"}

_S3_HOST = re.compile(
    r"(?P<bucket>[a-z0-9.-]+)\.s3[.-](?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com"
)
_OK, _MOVED, _FORBIDDEN = 200, 301, 403
FIRST_FAILURE = 400
SEARCHED_BYTES = 5120


@dataclass
class Watch:
    """What the checkers make of one endpoint. `code` is the last answer's, 0 for none.

    `unmatched` says that the last answer was none because its text was another.
    """

    healthy: bool = True
    streak: int = 0
    code: int | None = None
    unmatched: bool = False
    asked: datetime | None = None
    stop: Callable[[], None] = lambda: None

    def hear(self, code: int, threshold: int, *, unmatched: bool = False) -> None:
        """Count one answer; the status flips when `threshold` in a row contradict it."""
        self.code, self.unmatched = code, unmatched
        success = 0 < code < FIRST_FAILURE and not unmatched
        self.streak = 0 if success == self.healthy else self.streak + 1
        if self.streak >= threshold:
            self.healthy, self.streak = success, 0


def watch(world: "World", check: HealthCheck) -> None:
    """Let the checkers ask at the check's interval, from now on."""
    found = Watch()
    check.watch = found
    if check.type_ not in ENDPOINTS:
        return

    def ask() -> None:
        if not check.disabled:
            found.asked = world.clock.now()
            code = probe(world, check)
            unmatched = check.type_ in TEXT_TYPES and code == _OK and not _says(check)
            found.hear(code, int(check.failure_threshold), unmatched=unmatched)

    found.stop = world.clock.every(float(check.request_interval), ask)


def unwatch(check: HealthCheck) -> None:
    """Stop asking: the check is gone."""
    check.watch.stop()


def rest() -> None:
    """Let the checkers of all checks sleep: where nobody resolves a name, they only cost time."""
    for backends in list(route53_backends.values()):
        for check in backends["aws"].health_checks.values():
            unwatch(check)


def is_healthy(world: "World", check_id: str) -> bool:
    """Say what DNS makes of a check at this moment.

    A deleted check's status "can't be predicted" (API reference): it counts as unhealthy here.
    """
    check = _check(check_id)
    if check is None:
        return False
    unwatched = check.disabled or not hasattr(check, "watch")  # plain moto watches nothing
    raw = True if unwatched else _status(world, check)
    return bool(raw != bool(check.inverted))


def probe(world: "World", check: HealthCheck) -> int:
    """Return the HTTP status that the endpoint answers at this moment, 0 for no answer."""
    host, path = check.fqdn or check.ip_address or "", check.resource_path or "/"
    found = _S3_HOST.fullmatch(host)
    if found is not None:
        key = unquote(path.split("?")[0].lstrip("/"))
        secure = check.type_.startswith("HTTPS")
        return _s3_answer(world, found["bucket"], found["region"], key, secure=secure)
    prober = PROBER.of(world)
    return _OK if prober is not None and prober(host, path) else 0


def _says(check: HealthCheck) -> bool:
    """Say whether the object that a check reads holds the text that it searches for."""
    found = _S3_HOST.fullmatch(check.fqdn or "")
    if found is None:
        return False  # what else answers in this world has no text of its own
    key = unquote((check.resource_path or "/").split("?")[0].lstrip("/"))
    return str(check.search_string).encode() in text(found["bucket"], key)[:SEARCHED_BYTES]


def text(bucket: str, key: str) -> bytes:
    """Return what an object holds; nothing for one that is not there."""
    found = _bucket(bucket)
    held = found.keys.get(key) if found is not None else None
    return b"" if held is None or isinstance(held, FakeDeleteMarker) else bytes(held.value)


def _check(check_id: str) -> HealthCheck | None:
    for backends in list(route53_backends.values()):
        check = backends["aws"].health_checks.get(check_id)
        if check is not None:
            return check
    return None


def _status(world: "World", check: HealthCheck) -> bool:
    if check.type_ == "CALCULATED":
        healthy = sum(is_healthy(world, child) for child in check.children or ())
        return bool(healthy >= int(check.health_threshold or 0))
    if check.type_ == "CLOUDWATCH_METRIC":
        return _alarm_status(world, check)
    return bool(check.watch.healthy)


def _alarm_status(world: "World", check: HealthCheck) -> bool:
    """Healthy while the alarm is OK; without data as the check's owner chose."""
    region, name = check.alarm_identifier["Region"], check.alarm_identifier["Name"]
    state = "INSUFFICIENT_DATA"
    if not world.faults.region_lost(region):
        state = alarms.state(world, region, name)
    if state == "INSUFFICIENT_DATA":
        wanted = check.insufficient_data_health_status or "LastKnownStatus"
        return bool(check.watch.healthy) if wanted == "LastKnownStatus" else wanted == "Healthy"
    check.watch.healthy = state == "OK"
    return bool(check.watch.healthy)


def _s3_answer(world: "World", name: str, region: str, key: str, *, secure: bool) -> int:
    if world.faults.region_lost(region):
        return 0
    bucket = _bucket(name)
    if bucket is None:
        return 404
    if bucket.region_name != region:
        return _MOVED  # S3 redirects to the bucket's own region, which checkers call a success
    found = bucket.keys.get(key)
    if found is None or isinstance(found, FakeDeleteMarker):
        return _FORBIDDEN  # without s3:ListBucket nobody learns that there is no such key
    if found.encryption == "aws:kms":
        return _FORBIDDEN  # objects under a KMS key need a signed request
    policy = bucket.policy.decode() if bucket.policy is not None else None
    allowed = anonymous_may_read(policy, public_access(bucket), name, key, secure=secure)
    return _OK if allowed else _FORBIDDEN


def _bucket(name: str) -> Any | None:  # noqa: ANN401 - moto is untyped here
    owner = s3_backends.bucket_accounts.get(name)
    if owner is None:
        return None
    partition, account = owner
    return s3_backends[account][partition].buckets.get(name)


def public_access(bucket: Any) -> PublicAccess:  # noqa: ANN401 - moto is untyped here
    """Return what the public access blocks of a bucket and of its account say together."""
    account = get_backend("s3control")[bucket.account_id]["aws"].public_access_block
    blocks = [block for block in (bucket.public_access_block, account) if block is not None]
    return PublicAccess(
        block_policy=any(_flag(block, "blockPublicPolicy") for block in blocks),
        restrict_buckets=any(_flag(block, "restrictPublicBuckets") for block in blocks),
    )


def _flag(block: Any, name: str) -> bool:  # noqa: ANN401 - moto is untyped here
    return str(block.to_config_dict()[name]).lower() == "true"
