"""What `holdfast backup restore` says to people: from what, how long, what becomes of names."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from cli.columns import Row, columns
from continuity.wording import seconds_text

if TYPE_CHECKING:
    from backup.restore_plan import RestorePlan
    from backup.restore_run import Progress
    from cloud.recovery_points import NewInstance

LAZY = (
    "is read from S3 on first touch: the instance takes queries at once, and the first to each "
    "block are slow"
)


def plan_text(plan: "RestorePlan") -> str:
    """Return the plan: the verdict first, then every setting and every step."""
    return "\n".join([*_head(plan), *_settings(plan), *_passed(plan), *_names(plan), _hint(plan)])


def done_text(plan: "RestorePlan", done: "Progress") -> str:
    """Return what a restore achieved, and what is left to people."""
    one, took = plan.restoration, done.elapsed_s
    name = plan.swap.current if plan.swap else one.identifier
    met = "within" if took <= plan.rto.total_seconds() else "later than"
    holds = f"{name} holds {plan.asked.database.name} as of {_moment(one.source.moment)}"
    lines = [
        f"{plan.zone}: {holds}, after {seconds_text(took)} ({met} the recovery time)",
        f"  its storage {LAZY}",
    ]
    if plan.swap is None:
        lines.append(f"  nothing else was touched; --swap lets {one.identifier} take the name")
    else:
        lines += [f"  to do: {one}" for one in plan.swap.afterwards]
    return "\n".join(lines) + "\n"


def _head(plan: "RestorePlan") -> Iterator[str]:
    one, source = plan.restoration, plan.restoration.source
    begun = f", begun at {_moment(plan.begun_at)}" if plan.begun_at else ""
    begun = ", which is there already" if plan.there else begun
    yield f"{plan.zone}: {plan.asked.database.name} as {one.identifier} in {one.region}{begun}"
    yield from columns(_facts(plan))
    if source.moment < plan.at - plan.rpo:
        yield f"  the data is older than the zone's objective by {_over(plan)}"


def _facts(plan: "RestorePlan") -> list[Row]:
    source, expected = plan.restoration.source, plan.lengths.restore
    late = "" if plan.in_time else "NOT "
    size = source.storage.size_gb or plan.asked.database.storage_gb
    rto, rpo = (seconds_text(one.total_seconds()) for one in (plan.rto, plan.rpo))
    takes = f"about {seconds_text(plan.total_s)}, {late}within {rto}: {expected.source}"
    return [
        ("from", f"{source.label} ({source.kind}): {plan.why}"),
        ("data", f"{seconds_text(plan.age.total_seconds())} old (objective {rpo}), {size} GB"),
        ("takes", takes if plan.total_s else "no time: all of it is done"),
        ("storage", LAZY),
        ("hold", f"{plan.hold}: nothing of the zone is deleted until it is done"),
    ]


def _settings(plan: "RestorePlan") -> Iterator[str]:
    yield ""
    yield from columns([("given explicitly", ""), *stated(plan.restoration.wanted)])


def stated(wanted: "NewInstance") -> list[tuple[str, str]]:
    """Return every setting that a restore names, by the name that people know it under."""
    from cloud.recovery_points import LOGS

    storage = wanted.storage
    return [
        ("class", wanted.instance_class),
        ("Multi-AZ", _yes(wanted.multi_az)),
        ("subnet group", wanted.subnet_group),
        ("security groups", ", ".join(wanted.security_groups)),
        ("parameter group", wanted.parameter_group),
        ("port", str(wanted.port)),
        ("storage", storage.kind or "as RDS chooses"),
        ("backups", f"{wanted.retention_days} days, {wanted.backup_window} UTC"),
        ("deletion protection", _yes(wanted.protected)),
        ("public access", "no"),
        ("logs", ", ".join(LOGS.get(wanted.engine, ())) or "none"),
        ("tags", ", ".join(f"{key}={value}" for key, value in sorted(wanted.tags.items()))),
    ]


def _passed(plan: "RestorePlan") -> Iterator[str]:
    if plan.passed:
        yield ""
        rows: list[Row] = [("not taken", "of", "because")]
        rows += [(one.name, _moment(one.moment), one.why) for one in plan.passed]
        yield from columns(rows)


def _names(plan: "RestorePlan") -> Iterator[str]:
    swap = plan.swap
    if swap is None:
        return
    yield ""
    away = seconds_text(swap.outage_s)
    yield f"then it takes the name {swap.current}; the database is away for about {away}:"
    yield from (f"  {number}. {step}" for number, step in enumerate(swap.steps, 1))
    if swap.loses:
        since = _moment(plan.restoration.source.moment)
        yield f"  LOST: what was written since {since} stays behind in {swap.aside}"
    yield from (f"  afterwards: {one}" for one in swap.afterwards)


def _hint(plan: "RestorePlan") -> str:
    if plan.swap is not None and plan.swap.loses:
        name = plan.asked.database.name
        return f"nothing was done: --apply --accept-data-loss {name} --reason TEXT does it\n"
    return "nothing was done: --apply does it\n"


def _over(plan: "RestorePlan") -> str:
    return seconds_text((plan.age - plan.rpo).total_seconds())


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "-"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
