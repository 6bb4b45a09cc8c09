"""What stands against a planned move beyond the engine's own looks: `failover.whole`.

`holdfast failover plan` shows it, `start --planned` asks it before the order is given.
"""

import sys
from typing import TYPE_CHECKING

from continuity.errors import HoldfastError, Refusal

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession

_SHOWN = 3


def against(session: "ZoneSession") -> tuple[str, ...]:
    """Return what stands against a planned move now; tell what could not be read."""
    from failover import decisions, whole

    manifest = session.around.manifest
    try:
        last = decisions.current(session.around)
    except HoldfastError as error:
        return (f"Lease and journal cannot be read, so no run can begin: {error}",)
    found = whole.look(session.cloud, manifest, last)
    if found.unread:
        told = "; ".join(found.unread[:_SHOWN])
        sys.stderr.write(
            f"holdfast: {len(found.unread)} things could not be looked at, among them {told}. "
            f"Run `holdfast check {manifest.zone}` in the readiness role.\n"
        )
    return found.objections


def demand_whole(session: "ZoneSession") -> None:
    """Raise Refusal where anything stands against a planned move."""
    zone, found = session.around.manifest.zone, against(session)
    if found:
        told = " ".join(found[:_SHOWN])
        more = len(found) - _SHOWN
        rest = f" And {more} more." if more > 0 else ""
        raise Refusal(
            f"{zone} is not moved as planned: {told}{rest}",
            f"`holdfast failover plan {zone} --diagnosis 'planned move'` lists all of it; mend it "
            "first.",
        )
