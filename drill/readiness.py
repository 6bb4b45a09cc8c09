"""A check without an account: deploys a zone into a simulated world, and looks at it.

`cli.check_command` calls it for `--simulated`. The looks and rules are the real ones, on real boto3
clients; what they find is what a zone looks like on the day after `pulumi up` and a release.
"""

from pathlib import Path

from cloud.door import Cloud
from continuity import naming
from failover.readiness import look
from failover.readiness.judge import Readiness, judge
from simulator import release
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
from simulator.rights.judge import enforce
from simulator.world import World

WIDTH = 8
"""Calls side by side, as many as the command line allows itself."""

SETTLE_S = 900.0
"""How long the world runs first: RDS publishes lag every minute, backups reach S3 every five."""


def check_simulated(zone: str, project: Path, seed: int) -> Readiness:
    """Return the readiness of a zone that was just deployed. The same seed, the same answer.

    Raises:
        InvalidInput: the zone is unknown, or the program refuses its settings.
    """
    with World(seed) as world:
        manifest, _ = deploy(world, zone, project)
        release.push(world, manifest)
        Content.of(world)  # the replicas begin to receive, and their lag to be published
        enforce(world)
        sign_in(world, naming.role(zone, "readiness"), "check", manifest.standby_site.region)
        world.clock.sleep(SETTLE_S)
        cloud = Cloud(world.clock, VirtualWorkers(world.clock, WIDTH), seed=seed)
        return judge(look.take(cloud, manifest))
