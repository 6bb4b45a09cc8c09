"""Who is asking is said by either site: the one that stands by may be the one that is lost."""

from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import EndpointConnectionError

from cli import zone_session
from cloud.clients import Clients
from cloud.door import Cloud
from continuity.manifest import Manifest, Site
from continuity.zone import SiteName
from failover.find_manifest import Found
from simulator.clock import VirtualClock, VirtualWorkers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
HOME, AWAY = "eu-west-1", "eu-central-1"


class Sts:
    def __init__(self, region: str) -> None:
        self._region = region

    def get_caller_identity(self) -> dict[str, Any]:
        if self._region == AWAY:
            raise EndpointConnectionError(endpoint_url="https://sts.simulated")
        return {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/r/ana"}


class Lost(Clients):
    """STS of two regions, of which the one that stands by does not answer."""

    def of(self, _service: str, region: str, *_: object) -> Any:  # noqa: ANN401 - a boto3 client
        return Sts(region)


def test_with_a_manifest_at_hand_the_serving_site_says_who_we_are() -> None:
    sites = {}
    for name, region in ((SiteName.HOME, HOME), (SiteName.AWAY, AWAY)):
        sites[name] = object.__new__(Site)
        sites[name].__dict__.update(region=region)
    manifest = object.__new__(Manifest)
    manifest.__dict__.update(sites=sites, active=SiteName.HOME)
    clock = VirtualClock(NOW)
    cloud = Cloud(clock, VirtualWorkers(clock, 1), clients=Lost())
    nobody: Any = None
    caller, _ = zone_session._signed_in(cloud, nobody, "we1", Found(manifest, "at hand"))
    assert caller.arn.endswith("/ana")
    assert clock.monotonic() < 60
