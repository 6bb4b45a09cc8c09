"""Recovery points: taken, copied, kept long enough, missed aloud, and hard to delete.

How many are kept is decided nightly by `backup`; what a program can get wrong is the frame: copies,
schedules, lifecycles that delete too early, and alarms that would not notice a gap.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

from continuity import backup_metrics, naming
from policy.declared import Declared
from policy.documents import texts
from policy.rule import ResourceRule, StackRule, Wrong
from policy.stack import ALARM, BUCKET, INSTANCE, VAULT, Resource, Stack

_COPIES = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
_PLAN = "aws:backup/plan:Plan"
_SCHEDULE = "aws:scheduler/schedule:Schedule"
_VAULT_POLICY = "aws:backup/vaultPolicy:VaultPolicy"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_DAILY = timedelta(hours=24)
_DUTIES = ("capture", "prune", "verify")
"""What `backup.handler` does at night; each site has a schedule for each, on or off by its role."""
_DELETIONS = {"backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"}


def _copied(stack: Stack) -> Iterator[Wrong]:
    for primary in (one for one in stack.of(INSTANCE) if not one.is_replica):
        copies = [
            copy
            for copy in stack.of(_COPIES)
            if _is_source(primary, copy) and copy.region != primary.region
        ]
        if not copies:
            yield Wrong(
                "has its backups in its own region only, against what a replica copies at once; "
                "declare an InstanceAutomatedBackupsReplication in the other site.",
                primary,
            )
        yield from _kept_as_long(copies, primary)


def _is_source(primary: Resource, copy: Resource) -> bool:
    named = copy.text("sourceDbInstanceArn").rpartition(":")[2]
    by_name = bool(named) and named == primary.text("identifier")
    return by_name or primary.urn in copy.references.get("sourceDbInstanceArn", ())


def _kept_as_long(copies: list[Resource], primary: Resource) -> Iterator[Wrong]:
    days = primary.get("backupRetentionPeriod")
    for copy in copies:
        kept = copy.get("retentionPeriod")
        if isinstance(days, int) and isinstance(kept, int) and kept < days:
            yield Wrong(
                f"keeps {primary.name}'s backups for {kept} days, its own region for {days}; "
                f"set retention_period to {days}.",
                copy,
            )


def _scheduled(stack: Stack) -> Iterator[Wrong]:
    """In one site alone a point of today would be missed whenever that region is lost."""
    for site, region in stack.declared.regions.items():
        here = [one for one in stack.of(_SCHEDULE) if one.region == region]
        missing = [duty for duty in _DUTIES if duty not in map(_duty, here)]
        if missing:
            yield Wrong(f"No schedule in {site} runs {', '.join(missing)}; declare it there.")
    enabled = {_duty(one) for one in stack.of(_SCHEDULE) if one.get("state") in (None, "ENABLED")}
    for duty in (duty for duty in _DUTIES if duty not in enabled):
        yield Wrong(f"{duty} is switched off in both sites; enable its schedule in one.")


def _duty(schedule: Resource) -> str:
    for target in schedule.rows("target"):
        text = target.get("input")
        if isinstance(text, str) and text:
            return str(json.loads(text).get("duty", ""))
    return ""


def _watched(stack: Stack) -> Iterator[Wrong]:
    allowed = max(stack.declared.rpo, _DAILY).total_seconds()
    for site, region in stack.declared.regions.items():
        alarms = [one for one in stack.of(ALARM) if one.region == region]
        for database in stack.declared.databases:
            ages = [one for one in alarms if _measures_age_of(one, database)]
            if not ages:
                yield Wrong(
                    f"Nothing in {site} notices that the points of {database} grow old; "
                    f"declare an alarm on {backup_metrics.AGE} there."
                )
            for one in ages:
                threshold = one.get("threshold")
                if isinstance(threshold, int | float) and threshold > allowed:
                    yield Wrong(
                        f"lets points of {database} grow {threshold:.0f} s old, the objective "
                        f"{allowed:.0f} s; lower its threshold.",
                        one,
                    )


def _measures_age_of(alarm: Resource, database: str) -> bool:
    dimensions = alarm.get("dimensions")
    series = dimensions.get(backup_metrics.SERIES) if isinstance(dimensions, dict) else None
    return alarm.text("metricName") == backup_metrics.AGE and series == database


def _speaks(alarm: Resource, _: Declared) -> Iterator[str]:
    if alarm.get("alarmActions") is None or alarm.get("actionsEnabled") is False:
        yield "would ring where nobody hears it; give it the topic of its site as an action."


def _reaches_back(stack: Stack) -> Iterator[Wrong]:
    reach = stack.declared.retention.reach_days
    for bucket in (one for one in stack.of(BUCKET) if naming.TAG_BACKUP in one.tags):
        lifecycles = stack.belonging(_LIFECYCLE, "bucket", bucket)
        for days in (days for one in lifecycles for days in _version_days(one)):
            if days < reach:
                yield Wrong(
                    f"gives up replaced versions after {days} days, the retention reaches back "
                    f"{reach}; raise versions_days of the zone's files.",
                    bucket,
                )


def _version_days(lifecycle: Resource) -> Iterator[int]:
    for rule in lifecycle.rows("rules"):
        expiration = rule.get("noncurrentVersionExpiration")
        days = expiration.get("noncurrentDays") if isinstance(expiration, dict) else None
        if isinstance(days, int):
            yield days


def _plan_keeps(plan: Resource, declared: Declared) -> Iterator[str]:
    """What the standby holds comes from the other site, which copies its own points over."""
    reach = declared.retention.reach_days
    serves = plan.region == declared.regions[declared.active]
    for rule in plan.rows("rules"):
        name = rule.get("ruleName")
        copies = [row for row in rule.get("copyActions") or [] if isinstance(row, dict)]
        if serves and not copies:
            yield f"copies no point of {name}; add a copy action to the other site's vault."
        for kept in (rule, *copies):
            days = (kept.get("lifecycle") or {}).get("deleteAfter")
            if isinstance(days, int) and days < reach:
                yield (
                    f"deletes points of {name} after {days} days, the retention reaches back "
                    f"{reach}; leave deleting to the rotation."
                )


def _vault_guarded(stack: Stack) -> Iterator[Wrong]:
    for vault in stack.of(VAULT):
        if vault.get("forceDestroy"):
            yield Wrong("takes its points along when it is deleted; unset force_destroy.", vault)
        named = stack.belonging(_VAULT_POLICY, "backupVaultName", vault)
        if all(one.is_known("policy") for one in named) and not any(map(_denies, named)):
            yield Wrong(
                "lets whoever may delete points delete held ones too; give it a policy that "
                "denies that to everybody but the rotation.",
                vault,
            )


def _denies(policy: Resource) -> bool:
    return any(
        one.get("Effect") == "Deny" and set(texts(one.get("Action"))) >= _DELETIONS
        for one in policy.statements()
    )


RULES = (
    StackRule(
        "points-copied",
        "The backups of every primary are copied to the other region, and kept there as long.",
        _copied,
    ),
    StackRule(
        "points-scheduled",
        "Both sites have the nightly schedules, and each duty is done by one at least.",
        _scheduled,
    ),
    StackRule(
        "points-meet-rpo",
        "Both sites notice when the newest recovery point of a database is older than its RPO.",
        _watched,
    ),
    StackRule(
        "points-reach-back",
        "Nothing expires before the retention of the zone gives it up.",
        _reaches_back,
    ),
    ResourceRule(
        "plan-copies-and-keeps",
        "Points of files are copied to the other site, and no lifecycle deletes them early.",
        (_PLAN,),
        _plan_keeps,
    ),
    StackRule(
        "vault-guarded",
        "Only the rotation deletes points of a vault, and nobody deletes held ones.",
        _vault_guarded,
    ),
    ResourceRule("alarm-heard", "Every alarm tells somebody.", (ALARM,), _speaks),
)
