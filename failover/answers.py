"""ONE table: what follows from each diagnosis, what may begin on its own, what a person must do.

`failover.decide` acts by it, `docs/guide/diagnoses.md` says the same to operators and a test
keeps the two equal. A recovery moves the zone, or mends it in place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from continuity.manifest import Manifest
from failover.case import Case
from failover.diagnose import Diagnosis
from failover.graceful import planned_move, take_back
from failover.in_place import redeploy, restart
from failover.plan import Plan
from failover.region_loss import region_loss


@dataclass(frozen=True)
class Recovery:
    """How to recover. `in_place` says that the zone stays in the site that serves it."""

    name: str
    build: Callable[[Manifest, Case, float], Plan]
    in_place: bool = False


MOVE = Recovery("move the zone to the standby site", region_loss)
SWITCH = Recovery("move the zone with nothing lost, or not at all", planned_move)
TAKE_BACK = Recovery("give the zone back to its clients where it is", take_back, in_place=True)
REDEPLOY = Recovery("deploy the last known good release in place", redeploy, in_place=True)
RESTART = Recovery("ask for the tasks again in place", restart, in_place=True)


@dataclass(frozen=True)
class Answer:
    """What follows from one diagnosis.

    `alone` says whether the engine may begin the recovery by itself; what cannot be undone waits
    for approval all the same. `orderable` says whether a person may have the zone moved. `needs`
    is what a person must do, `meaning` is the paragraph for operators.
    """

    recovery: Recovery | None
    alone: bool
    needs: str
    meaning: str
    orderable: bool = False


ANSWERS: Mapping[Diagnosis, Answer] = {
    Diagnosis.HEALTHY: Answer(
        None, alone=False, needs="nothing",
        meaning="Clients are served by the site that should serve them, and no database gives "
        "cause for doubt.",
    ),
    Diagnosis.REGION_SUSPECTED: Answer(
        None, alone=False, needs="nothing yet",
        meaning="Neither clients nor the API of the serving region get an answer, but not for "
        "long enough. The recovery time counts from the first such reading.",
    ),
    Diagnosis.REGION_LOST: Answer(
        MOVE, alone=True, needs="approval of the plan before the first promotion",
        meaning="Neither clients nor the API of the serving region got an answer for long enough, "
        "while we see the standby's region well. Clients are shown the holding page at once.",
    ),
    Diagnosis.DATABASE_SUSPECTED: Answer(
        None, alone=False, needs="a look at the database, or the order to move the zone",
        meaning="Clients cannot write to a database, or RDS says that its primary is unfit. Either "
        "it is one signal alone, or both have not agreed for the three minutes that a Multi-AZ "
        "change-over may take.",
        orderable=True,
    ),
    Diagnosis.DATABASE_LOST: Answer(
        MOVE, alone=True, needs="approval of the plan before the first promotion",
        meaning="Clients' writes fail and RDS says why: the primary has failed, is stopped, gone "
        "or kept unavailable, for longer than a change-over to its other zone takes. The whole "
        "zone moves, because its databases belong together.",
    ),
    Diagnosis.DATABASE_CORRUPTED: Answer(
        MOVE, alone=False,
        needs="the declaration, with the last good moment; approval of the plan",
        meaning="A person says that a database holds wrong data since a moment; no probe sees "
        "that. It is restored to that moment and never from its replica, which holds the same "
        "wrong data. The other databases promote theirs.",
    ),
    Diagnosis.HOSTING_DOWN: Answer(
        RESTART, alone=True, needs="nothing; if it stays down, the order to move the zone",
        meaning="Clients are not served, the region answers, and ECS runs no task of the platform "
        "although the zone wants some. The floor of automatic scaling and the count are set "
        "again, and a new deployment begins in the same site.",
        orderable=True,
    ),
    Diagnosis.BAD_RELEASE: Answer(
        REDEPLOY, alone=True, needs="nothing; if it does not help, the order to move the zone",
        meaning="Clients are not served, the region answers, and ECS says that the tasks of the "
        "newest release fail. The last known good release is deployed in the same site, before "
        "any region is left. Where none is known, a person must deploy one.",
        orderable=True,
    ),
    Diagnosis.PLATFORM_SILENT: Answer(
        None, alone=False, needs="a look at the platform, or the order to move the zone",
        meaning="Clients are not served, but the region answers and neither its databases nor ECS "
        "explain it, or not yet for long enough. The cause may be a load balancer, a "
        "certificate, a name; or a run that was ended had closed the site, and clients are left on "
        "the holding page.",
        orderable=True,
    ),
    Diagnosis.REPLICATION_BROKEN: Answer(
        None, alone=False, needs="repair of the replica",
        meaning="The zone is served, but a replica does not follow, follows too late, or nobody "
        "can say how late. A promotion would lose more than was promised.",
    ),
    Diagnosis.BACKUPS_STALE: Answer(
        None, alone=False, needs="a look at the backups",
        meaning="The zone is served, but a database's newest usable recovery point in the standby "
        "region is older than the objective, or there is none.",
    ),
    Diagnosis.AWAY_NOT_READY: Answer(
        None, alone=False, needs="repair of the standby site; `holdfast check` says what",
        meaning="The zone is served, but the other site could not take over: no task runs there, "
        "or a latch is thrown already.",
    ),
    Diagnosis.BLIND: Answer(
        None, alone=False, needs="another place to look from",
        meaning="Neither region answers us: we may be the ones who are cut off, so nothing is "
        "begun.",
    ),
    Diagnosis.PLANNED_MOVE: Answer(
        SWITCH, alone=False,
        needs="the order, `holdfast failover start ZONE --planned --reason TEXT`; approval of the "
        "plan before anything is closed",
        meaning="The zone is well, and a person has it moved to the other site: to fail back, or "
        "for work on a region. Clients see the holding page until every replica is proven to hold "
        "all that was written. Where that cannot be proven the zone is given back as it was.",
    ),
}  # fmt: skip
