"""How far a site is cut off from its own databases: what a fence closes, piece by piece.

`failover.aws` looks, `failover.vigil` and `holdfast failover fence` judge. Pure.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Barrier:
    """One site's fence. Numbers are tasks; None where there is no service, or nothing scales it.

    `desired` should run, `running` still do, and `most` is what automatic scaling may start.
    """

    admits_application: bool
    desired: int | None
    running: int | None = None
    most: int | None = None

    @property
    def closed(self) -> bool:
        """Say whether nothing of the site can begin to write: no way in, and nobody to take it.

        Tasks that still run are being stopped; what they have open ends with them.
        """
        return not self.admits_application and not self.desired and not self.most
