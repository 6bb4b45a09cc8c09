"""A deployed zone whose failover role may do exactly what a test grants it: IAM is enforced."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud.door import Cloud
from continuity import naming
from continuity.manifest import Manifest
from continuity.permissions import Permission
from failover.aws import AwsHands, AwsMemory, AwsSites
from simulator import backstage
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
from simulator.platform import SimulatedOutside
from simulator.rights.judge import enforce
from simulator.world import World

_NOTHING = {"Sid": "Nothing", "Effect": "Deny", "Action": ["iam:*"], "Resource": ["*"]}
PROJECT = Path(__file__).parents[3]


class Guarded:
    """A zone in a world, its roles, and what they may do just now."""

    def __init__(self, world: World, manifest: Manifest) -> None:
        self.world = world
        self.manifest = manifest
        self.home = manifest.serving_site
        self.away = manifest.standby_site
        self.granted: dict[str, Any] = {}
        self.outside = SimulatedOutside(world, manifest)
        self.cloud = self.signed_in("failover")

    def signed_in(self, purpose: str) -> Cloud:
        """Return a way to AWS for a role of the zone."""
        role = naming.role(self.manifest.zone, purpose)
        sign_in(self.world, role, "test", self.away.region)
        return Cloud(self.world.clock, VirtualWorkers(self.world.clock, 8))

    @property
    def sites(self) -> AwsSites:
        return AwsSites(self.manifest, self.cloud, self.outside)

    @property
    def hands(self) -> AwsHands:
        return AwsHands(self.manifest, self.cloud.at(self.away.region), self.outside)

    @property
    def memory(self) -> AwsMemory:
        return AwsMemory(self.manifest, self.cloud)

    def aws(self, service: str, region: str = "") -> Any:  # noqa: ANN401 - a boto3 client
        """Return the simulator's own client, in the standby region unless told otherwise."""
        return backstage.client(service, region or self.away.region)

    def may(self, permissions: Iterable[Permission], purpose: str = "failover") -> None:
        """Let a role do these of the things that the program granted it, and nothing else."""
        wanted = {(one.scope.title().replace("-", ""), one.action) for one in permissions}
        rows = [
            {**row, "Action": [one for one in row["Action"] if (row["Sid"], one) in wanted]}
            for row in self._granted(purpose)["Statement"]
        ]
        self._put(purpose, [row for row in rows if row["Action"]] or [_NOTHING])

    def may_all(self, purpose: str = "failover") -> None:
        """Let a role do again what the program granted it."""
        self._put(purpose, self._granted(purpose)["Statement"])

    def _put(self, purpose: str, statements: list[dict[str, Any]]) -> None:
        text = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.aws("iam").put_role_policy(**self._names(purpose), PolicyDocument=text)

    def _granted(self, purpose: str) -> Any:  # noqa: ANN401 - parsed JSON
        if purpose not in self.granted:
            found = self.aws("iam").get_role_policy(**self._names(purpose))
            self.granted[purpose] = found["PolicyDocument"]
        return self.granted[purpose]

    def _names(self, purpose: str) -> dict[str, str]:
        role = naming.role(self.manifest.zone, purpose)
        return {"RoleName": role, "PolicyName": role}


@pytest.fixture(scope="module")
def zone() -> Iterator[Guarded]:
    """Return sa1 as it was deployed, IAM enforced, signed in as its failover role."""
    yield from guarded("sa1")


@pytest.fixture(scope="module")
def sharing_zone() -> Iterator[Guarded]:
    """Return ops likewise, which has a shared file system in both sites."""
    yield from guarded("ops")


def guarded(name: str) -> Iterator[Guarded]:
    with World(7) as world:
        manifest, _ = deploy(world, name, PROJECT)
        Content.of(world)
        enforce(world)
        yield Guarded(world, manifest)
