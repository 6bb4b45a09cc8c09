"""Verification as it is asked for: by the schedule within Lambda's time, by a person to its end.

`backup.nightly` and `cli` call it. Both tick `backup.verify` until nothing is left to do or no time
is; what is left then lies in the controller table, and the next call goes on with it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from backup import declared, recovered, verify
from backup.evidence import Evidence, Verdict
from backup.evidence_known import Known
from backup.evidence_store import read as read_evidence
from backup.files_shared_trials import SharedFiles
from backup.files_trials import Files
from backup.outcome import Done
from backup.points import Kind, Series
from backup.restore_times import RestoreTimes
from backup.verify import Tick, Work
from backup.verify_databases import Databases
from backup.verify_patience import since
from backup.verify_rules import EVERY, seed_of
from backup.verify_subject import Asked, Stage, Subject, Trial
from cloud.door import Cloud
from cloud.permitted import permissions_of, permitted
from continuity.manifest import Manifest
from continuity.permissions import READ_PROOFS
from continuity.zone import SiteName

POLL_S = 60.0
LONGEST_POLL_S = 900.0
AHEAD, OVERDUE = 0.75, 0.1
"""While nothing is expected for long, three quarters of that are waited, a quarter of an hour at
most: what comes early is seen in time. What is late is looked at after each tenth more of its time:
so exactly is it measured."""
SPARE_S = 90.0
"""Nothing is begun later than this before the time is up: a tick is some dozens of calls."""

LAST_BEGIN = timedelta(minutes=90)
"""Before the window ends. Assumption: a trial that begins then is cleared away within 75 minutes,
when the prune comes; what was not tried leads in the next week."""

SCHEDULE = "schedule"

Told = Callable[[str], None]


@permitted(READ_PROOFS)
def work_of(cloud: Cloud, manifest: Manifest, site: SiteName, by: str) -> Work:
    """Return what can be tried in a site; durations measured there say how long it may take.

    Raises:
        HoldfastError: the controller table cannot be read.
    """
    place, evidence_known = manifest.sites[site], Known()
    found = evidence_known.of(cloud.at(place.region), place.lease_table, declared.every(manifest))
    known = RestoreTimes.of(one for each in found.values() for one in each)
    subjects: dict[Kind, Subject] = {
        Kind.DATABASE: Databases(cloud, manifest, site, known),
        Kind.FILES: Files(cloud, manifest, site, known),
    }
    shared = SharedFiles(cloud, manifest, site, known)
    return Work(cloud, manifest, site, subjects, shared, by, evidence_known)


@permitted(READ_PROOFS)
def times(cloud: Cloud, manifest: Manifest, site: SiteName) -> RestoreTimes:
    """Return how long restores took in a site."""
    found = evidence(cloud, manifest, site)
    return RestoreTimes.of(one for each in found.values() for one in each)


@permitted(READ_PROOFS)
def evidence(
    cloud: Cloud, manifest: Manifest, site: SiteName
) -> dict[Series, tuple[Evidence, ...]]:
    """Return the evidence of every declared database, bucket and shared file system in one site."""
    place = manifest.sites[site]
    door = cloud.at(place.region)
    return dict(read_evidence(door, place.lease_table, declared.every(manifest)))


def run(work: Work, asked: Asked | None, until: float, told: Told) -> Tick:
    """Tick until everything that was asked for is tried and cleared away, or until a moment.

    `until` is on the monotonic clock. What comes back has the trials that are left.
    """
    told_all: list[str] = [
        f"{name} was left behind by a verification that died: deleted"
        for name in verify.clear_strays(work)
    ]
    ended: list[Evidence] = []
    troubles: list[Done] = []
    for sentence in told_all:
        told(sentence)
    first = True
    while True:
        tick = verify.tick(work, asked, first=first)
        first = False
        ended += tick.ended
        troubles += tick.troubles
        told_all += tick.told
        for sentence in tick.told:
            told(sentence)
        pause_s = pause(tick, work.now)
        late = work.cloud.clock.monotonic() + pause_s >= until
        if late or not tick.running:
            return Tick(tick.running, tuple(ended), tuple(told_all), tuple(troubles))
        work.cloud.clock.sleep(pause_s)


def pause(found: Tick, now: datetime) -> float:
    """Return for how many seconds nothing has to be looked at, nor begun."""
    if any(one.stage is not Stage.RESTORING for one in found.running):
        return POLL_S
    waits = (_wait_s(one, now) for one in found.running)
    return min(LONGEST_POLL_S, max(POLL_S, min(waits, default=0.0)))


def _wait_s(trial: Trial, now: datetime) -> float:
    spent_s = (now - since(trial)).total_seconds()
    return max(AHEAD * (trial.expected_s - spent_s), OVERDUE * spent_s)


@permitted(
    *dict.fromkeys(
        one
        for verb in (
            verify.tick,
            recovered.open_run,
            Databases.begin,
            Databases.look,
            Databases.check,
            Databases.clear,
            Databases.strays,
            Files.begin,
            Files.look,
            Files.check,
            Files.clear,
            Files.strays,
            SharedFiles.begin,
            SharedFiles.look,
            SharedFiles.check,
            SharedFiles.clear,
            SharedFiles.strays,
        )
        for one in permissions_of(verb)
    )
)
def duty(cloud: Cloud, manifest: Manifest) -> tuple[Done, ...]:
    """Do what the schedule asks: try what is due in the site that stands by, for as long as may be.

    Nothing is begun outside the window, nor while a failover has not ended: that needs the room.
    """
    work = work_of(cloud, manifest, manifest.standby, SCHEDULE)
    failing_over = recovered.open_run(cloud, manifest) != ""  # None: nobody can say
    asked = None if failing_over else weekly(work)
    found = run(work, asked, cloud.until - SPARE_S, lambda _: None)
    return (*(outcome(one) for one in found.ended), *found.troubles)


def weekly(work: Work) -> Asked | None:
    """Return what the week asks for; nothing outside the window, and nothing late in it.

    What is being tried cannot be deleted: a trial should be over when the night is pruned.
    """
    window = work.manifest.window
    if not (window.contains(work.now) and window.contains(work.now + LAST_BEGIN)):
        return None
    seed = seed_of(work.manifest, work.now)
    return Asked(work.place.region, seed, work.now - EVERY)


def by_hand(work: Work, series: frozenset[str] = frozenset(), point: str = "") -> Asked:
    """Return what a person asks for: what was tried within the last half day is not tried again."""
    since = work.now if point else work.now - timedelta(hours=12)
    seed = seed_of(work.manifest, work.now)
    return Asked(work.place.region, seed, since, series=series, point=point)


def outcome(found: Evidence) -> Done:
    """Return a trial's end as an outcome."""
    told = f": {found.why}" if found.why else ""
    sentence = f"{found.verdict} ({found.role} of {found.series}){told}"
    return Done(found.point, found.region, found.verdict is Verdict.PROVEN, sentence)
