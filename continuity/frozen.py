"""The frozen rule: while a run is open on a zone, nobody changes what the zone declares. Pure.

`holdfast preview` and the policy pack refuse by it. Whether a run is open stands in the healthy
site's journal; where nobody could look, that is said and nothing is refused.
"""

from dataclasses import dataclass

from continuity.errors import Refusal


@dataclass(frozen=True)
class Standing:
    """What is known of a zone's runs: the open one, or why nobody could look."""

    zone: str
    open_run: str = ""
    unseen: str = ""

    @property
    def note(self) -> str:
        """Return what a reader of a preview must know; empty where all is well."""
        if self.open_run:
            return f"{self.open_run} is open: the stack of {self.zone} is frozen until it ends."
        if self.unseen:
            return (
                f"Nobody could look whether a failover of {self.zone} is open ({self.unseen}). "
                f"Look before you deploy: holdfast failover status {self.zone}."
            )
        return ""


def refusal(standing: Standing, changes: int) -> Refusal | None:
    """Return why a stack with so many changes may not be deployed now; None where it may."""
    if not standing.open_run or not changes:
        return None
    zone = standing.zone
    return Refusal(
        f"{standing.open_run} is open, and {changes} resources of {zone} would change under it.",
        f"Wait for its end and reconcile: holdfast reconcile {zone}.",
    )
