"""Who AWS thinks we are, asked in the region that still answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.clients import Reach
from cloud.door import Cloud, Door
from cloud.failures import Temporary
from cloud.permitted import permitted
from continuity.permissions import WHO_AM_I


@dataclass(frozen=True)
class Identity:
    """The account and the caller."""

    account: str
    arn: str

    @property
    def role(self) -> str:
        """Return the name of the assumed role, or of the user."""
        return self.arn.split(":", 5)[-1].split("/")[1 if "/" in self.arn else 0]


@permitted(WHO_AM_I)
def who_am_i(door: Door) -> Identity:
    """Return the caller. Raises Denied if nobody is signed in."""
    reply = door.read("sts", "GetCallerIdentity")
    return Identity(reply["Account"], reply["Arn"])


@permitted(WHO_AM_I)
def who_am_i_where(cloud: Cloud, regions: Sequence[str]) -> tuple[Identity, str]:
    """Return the caller and the first of the regions that answers; each gets one short attempt.

    Raises:
        Denied: nobody is signed in.
        Temporary: none of them answers.
    """
    for region in regions[:-1]:
        try:
            return who_am_i(cloud.at(region, Reach.IMPAIRED)), region
        except Temporary:
            continue
    return who_am_i(cloud.at(regions[-1])), regions[-1]
