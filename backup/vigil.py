"""What people are told of a hold: every day while one is on, and what goes before it does.

`backup.nightly` runs `tell` last, `backup.automatic` and `holdfast backup release` `publish` the
plan. Messages go to the topic of the site that stands by, where points are given up, else to the
other's; the numbers are metrics, which `stacks.hold_alarms` watches.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from backup import recovered
from backup.burden import FORECAST_DAYS, Burden, burden
from backup.hold_rules import HoldState, Standing
from backup.keep import PrunePlan, Terms
from backup.outcome import Done
from backup.points import Catalogue
from cloud import alerts, measures
from cloud.door import Cloud
from cloud.measures import Number
from cloud.permitted import permitted
from continuity import backup_metrics
from continuity.errors import HoldfastError, Refusal
from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_RDS_QUOTAS,
    OPEN_WITH_KEY,
    PUT_METRICS,
    SEAL_WITH_KEY,
    TELL_PEOPLE,
)

_SHOWN = 50  # points of a plan in one message; SNS takes 256 KB, people less


@permitted(DESCRIBE_RDS_QUOTAS, PUT_METRICS, TELL_PEOPLE, SEAL_WITH_KEY, OPEN_WITH_KEY)
def tell(
    cloud: Cloud, manifest: Manifest, catalogue: Catalogue, held: Standing
) -> tuple[Done, ...]:
    """Write the hold's numbers down, and send a message unless the zone is normal. Never raises."""
    now = cloud.clock.now()
    terms, state = Terms.of(manifest, capped=False), held.state(now)
    cost = burden(catalogue, held, terms, recovered.room(cloud, manifest))
    door = cloud.at(manifest.standby_site.region)
    calm = state is HoldState.NORMAL
    try:
        measures.put(door, backup_metrics.NAMESPACE, numbers(manifest.zone, cost, calm=calm))
        if calm:
            return ()
        subject = f"{manifest.zone} is {state}: {held.why(now)}"
        send(cloud, manifest, subject, message(manifest, held, cost, state))
    except HoldfastError as error:
        return (Done("alert", door.region, well=False, sentence=f"nobody was told: {error}"),)
    return (Done("alert", door.region, well=True, sentence=f"told: {subject}"),)


@permitted(TELL_PEOPLE, SEAL_WITH_KEY, OPEN_WITH_KEY)
def publish(cloud: Cloud, manifest: Manifest, names: Sequence[str], plan: PrunePlan) -> None:
    """Tell people what the prunes after a release would delete, before it is made.

    Raises:
        Refusal: the zone has no topic.
        HoldfastError: no topic takes the message.
    """
    subject = f"{manifest.zone}: {', '.join(names)} is about to be released"
    veto = f"To keep everything: holdfast backup hold {manifest.zone} NAME --reason TEXT"
    send(cloud, manifest, subject, "\n".join([*plan_text(plan), veto]))


@permitted(TELL_PEOPLE, SEAL_WITH_KEY, OPEN_WITH_KEY)
def send(cloud: Cloud, manifest: Manifest, subject: str, text: str) -> None:
    """Send a message to the standby's topic, or to the other one if that takes none.

    Raises:
        Refusal: the zone has no topic.
        HoldfastError: no topic takes it.
    """
    sites = (manifest.standby_site, manifest.serving_site)
    topics = [(one.region, one.safekeeping.alerts) for one in sites if one.safekeeping.alerts]
    failure: HoldfastError = Refusal(
        f"The manifest of {manifest.zone} names no topic to tell people.", "Deploy the zone anew."
    )
    for region, topic in topics:
        try:
            alerts.tell(cloud.at(region), topic, subject, text)
        except HoldfastError as error:
            failure = error
        else:
            return
    raise failure


def message(manifest: Manifest, held: Standing, cost: Burden, state: HoldState) -> str:
    """Return the day's message: why, what it costs, how it ends."""
    zone = manifest.zone
    lines = [
        f"{one.identifier} since {one.since:%Y-%m-%d %H:%M} UTC: {one.reason}" for one in held.holds
    ]
    lines += [f"The holds in {one} cannot be read." for one in held.unreadable]
    lines += told(cost)
    lines += [
        f"Raised until it is over: {one.name} (was {one.was or 'off'})" for one in held.raised
    ]
    if state is HoldState.RELEASING and cost.after is not None:
        lines += [
            f"Nothing is deleted before {held.grace_ends:%Y-%m-%d %H:%M} UTC.",
            *plan_text(cost.after),
        ]
    else:
        lines.append(f"What its release waits for: holdfast backup release {zone} HOLD")
    return "\n".join(lines)


def told(cost: Burden) -> Iterator[str]:
    """Yield the costs of a hold as sentences."""
    days = cost.age / timedelta(days=1)
    yield (
        f"Held for {days:.1f} days: {cost.kept} points ({cost.kept_gb} GB at most) are kept only "
        f"for that; {cost.gb_per_day:.0f} GB a day are added, so {cost.forecast_gb:.0f} GB in "
        f"{FORECAST_DAYS} days."
    )
    for region, left in cost.room.items():
        yield f"{region}: {room_text(left)}"


def room_text(days: float | None) -> str:
    """Say for how long a region has room for snapshots."""
    if days is None:
        return "nobody knows for how long there is room for snapshots"
    if days == float("inf"):
        return "room for snapshots without an end"
    short = " - ask AWS for more (quota ManualSnapshots)" if days < backup_metrics.FEW_DAYS else ""
    return f"room for {days:.0f} days of snapshots while nothing is deleted{short}"


def plan_text(plan: PrunePlan) -> Iterator[str]:
    """Yield what the prunes after a hold would delete, as things are now."""
    goes = [one for one in plan.decisions if not one.kept]
    end = ":" if goes else "."
    yield f"{len(goes)} points would go then, {len(plan.decisions) - len(goes)} stay{end}"
    for one in goes[:_SHOWN]:
        yield f"  {one.point}: {one.reason}"
    if len(goes) > _SHOWN:
        yield f"  and {len(goes) - _SHOWN} more: holdfast backup prune {plan.zone}"


def numbers(zone: str, cost: Burden, *, calm: bool) -> tuple[Number, ...]:
    """Return the night's numbers.

    Where all is calm as much goes as comes: room for the first days of a hold does not run out.
    """
    days = cost.room_days
    if days is not None and days >= backup_metrics.CALM_DAYS and calm:
        days = backup_metrics.MANY_DAYS
    values = {
        backup_metrics.HOLD_AGE_HOURS: cost.age / timedelta(hours=1),
        backup_metrics.HELD_GIGABYTES: float(cost.kept_gb),
    }
    if days is not None:
        values[backup_metrics.SNAPSHOT_ROOM_DAYS] = min(days, backup_metrics.MANY_DAYS)
    whose = {backup_metrics.ZONE: zone}
    return tuple(Number(name, value, "None", whose) for name, value in values.items())
