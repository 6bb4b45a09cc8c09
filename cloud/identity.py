"""Who AWS thinks we are, asked in the region that still answers."""

from dataclasses import dataclass

from cloud.door import Door
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
