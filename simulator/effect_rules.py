"""Invariants that are judged at the instant of an effect, with the world as it is then.

Each rule takes the scene and the call that has just changed something, and yields one sentence
per violation. `RULES` says which operations concern which rule; the numbers are DESIGN's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from continuity.journal import EntryKind
from simulator.call_log import Call
from simulator.records import LEASE, Record, is_held
from simulator.restore_rules import RESTORES, clean, consented_restore
from simulator.scene import Scene, instance_named

Rule = Callable[[Scene, Call], Iterator[str]]

PROMOTE = "rds.PromoteReadReplica"
LATCH = "s3.PutObject"
LIFTED = "s3.DeleteObject"
CHANGING = frozenset(
    {
        PROMOTE,
        "rds.ModifyDBInstance",
        "rds.RebootDBInstance",
        "rds.DeleteDBInstance",
        "rds.StopDBInstance",
    }
)
DELETING = frozenset({"rds.DeleteDBSnapshot", "rds.DeleteDBInstanceAutomatedBackup"})
JOURNALING = frozenset(
    {"dynamodb.PutItem", "dynamodb.UpdateItem", "dynamodb.DeleteItem", "dynamodb.BatchWriteItem"}
)
_WITHOUT = EntryKind.OPENED_WITHOUT
IRREVERSIBLE = frozenset({PROMOTE, "rds.DeleteDBInstance"})


@dataclass(frozen=True)
class EffectRule:
    """One rule, its number, and the calls that it looks at (`rds.PromoteReadReplica`)."""

    invariant: int
    calls: frozenset[str]
    judge: Rule


def consented(scene: Scene, call: Call) -> Iterator[str]:
    """2: what a promotion may lose is known and within the RPO, or a person accepted it."""
    database = scene.database(call)
    if database is None or scene.effects[_effect(call)] > 1:
        return
    promotion = scene.content.promotion(call.region, str(call.parameters["DBInstanceIdentifier"]))
    provable = promotion.provable_s if promotion else 0.0
    rpo = scene.manifest.objectives.rpo.total_seconds()
    if provable is not None and provable <= rpo:
        return
    consents = _of_kind(scene, EntryKind.CONSENTED)
    if not any(record.data.get("database") == database.name for record in consents):
        found = "unknown lag" if provable is None else f"{provable:.0f} s behind"
        yield f"{database.name} was promoted with {found} and without consent (RPO {rpo:.0f} s)"


def open_on_writable(scene: Scene, call: Call) -> Iterator[str]:
    """3: a site is opened only when every database is writable there, or a person opens without."""
    if scene.latch(call) != scene.standby.latch.open_key:
        return
    site = scene.manifest.standby
    without = {record.data.get("database") for record in _of_kind(scene, _WITHOUT)}
    for database in scene.manifest.databases:
        reason = scene.platform.refusal(site, database)
        if reason and database.name not in without:
            yield f"{site} was opened although {database.name} cannot be written there: {reason}"


def opened_for_good(scene: Scene, call: Call) -> Iterator[str]:
    """11: a site is opened only when its own latch does not lead clients back when it is lost."""
    latch = scene.standby.latch
    if scene.latch(call) == latch.open_key and scene.warranted(latch.bucket):
        yield f"{scene.manifest.standby} was opened while its latch warrants the site that was left"


def led_back_as_stated(scene: Scene, call: Call) -> Iterator[str]:
    """11: a closing object goes only where a run says so, and before anything cannot be undone."""
    if scene.latch(call) is None:
        return
    if not leads_back(scene, call):
        yield f"{call.parameters['Key']} was taken away although no run could lead clients back"


def leads_back(scene: Scene, call: Call) -> bool:
    """Say whether this takes the closing object away as a run has stated, in time."""
    begun = _of_kind(scene, EntryKind.INTENT)
    stated = any(one.step == f"reopen-{scene.manifest.active}" for one in begun)
    closing = call.name == LIFTED and scene.latch(call) == scene.standby.latch.closed_key
    return closing and stated and not _promoted(scene)


def _promoted(scene: Scene) -> bool:
    """Say whether anything was promoted where clients would be led away from."""
    return any(effect[:2] == (PROMOTE, scene.standby.region) for effect in scene.effects)


def warrant_lost_for_good(scene: Scene, call: Call) -> Iterator[str]:
    """11: what a run revokes nobody gives back while it is under way or over."""
    bucket = scene.warrant(call)
    if bucket is not None and scene.warranted(bucket):
        yield f"the warrant in {bucket} was given back to the site that was left"


def revoked_with_approval(scene: Scene, call: Call) -> Iterator[str]:
    """10: a warrant is the last way back; it goes with the approval of the plan."""
    if scene.warrant(call) is not None and not _approved(scene):
        yield "a warrant was revoked without an approval of the plan"


def once(scene: Scene, call: Call) -> Iterator[str]:
    """4: a replica is promoted once, a latch is moved once."""
    named = scene.database(call) if call.name == PROMOTE else scene.latch(call)
    if named is None:
        return
    done = scene.effects[_effect(call)]
    if call.name == LATCH:  # what was taken away in between is moved anew
        done -= scene.effects[LIFTED, call.region, str(call.parameters.get("Key"))]
    if done > 1:
        yield f"{call.name} of {_effect(call)[-1]} took effect {done} times"


def held(scene: Scene, call: Call) -> Iterator[str]:
    """6: holds are on before any changing step; what was left long ago may be retired without."""
    database = scene.database(call)
    if database is not None and not is_held(scene.standby) and not scene.is_left(call):
        yield f"{call.name} changed {database.name} while no hold was on"


def kept(scene: Scene, call: Call) -> Iterator[str]:
    """6: no recovery point is deleted under a hold."""
    regions = {site.region for site in scene.manifest.sites.values()}
    if call.region in regions and is_held(scene.standby):
        yield f"{call.name} deleted a recovery point while a hold was on"


def backups_kept(scene: Scene, call: Call) -> Iterator[str]:
    """6: nor are all automated backups, which a retention of zero deletes."""
    database = scene.database(call)
    if database is not None and call.parameters.get("BackupRetentionPeriod") == 0:
        yield f"{call.name} deleted the automated backups of {database.name}"


def fenced(scene: Scene, call: Call) -> Iterator[str]:
    """8: the journal is written in one transaction with a check of the lease, never beside it."""
    if call.region == scene.standby.region and scene.standby.journal_table in _tables(call):
        yield f"{call.name} wrote to the journal without checking the lease"


def fenced_together(scene: Scene, call: Call) -> Iterator[str]:
    """8: likewise, where there is a transaction: it must check or write the lease itself."""
    items = call.parameters.get("TransactItems")
    if call.region != scene.standby.region or not isinstance(items, list):
        return
    parts = [part for item in items for part in item.values()]
    journal = any(part.get("TableName") == scene.standby.journal_table for part in parts)
    if journal and not any(_checks_lease(scene, part) for part in parts):
        yield f"{call.name} wrote to the journal without checking the lease"


def approved(scene: Scene, call: Call) -> Iterator[str]:
    """10: nothing irreversible without an approval of exactly the newest plan."""
    database = scene.database(call)
    if database is not None and not _approved(scene):
        yield f"{call.name} of {database.name} without an approval of the plan"


def _approved(scene: Scene) -> bool:
    plans = _of_kind(scene, EntryKind.PLANNED)
    wanted = plans[-1].data.get("hash") if plans else None
    approvals = _of_kind(scene, EntryKind.APPROVED)
    return wanted is not None and any(one.data.get("hash") == wanted for one in approvals)


def nothing_after_abort(scene: Scene, call: Call) -> Iterator[str]:
    """10: an aborted run changes nothing any more."""
    concerned = scene.database(call) is not None or scene.latch(call) is not None
    if concerned and _of_kind(scene, EntryKind.ABORTED):
        yield f"{call.name} after the run was aborted"


RULES = (
    EffectRule(2, frozenset({PROMOTE}), consented),
    EffectRule(2, RESTORES, consented_restore),
    EffectRule(3, frozenset({LATCH}), open_on_writable),
    EffectRule(11, frozenset({LATCH}), opened_for_good),
    EffectRule(11, frozenset({LATCH}), warrant_lost_for_good),
    EffectRule(11, frozenset({LIFTED}), led_back_as_stated),
    EffectRule(10, frozenset({LATCH}), revoked_with_approval),
    EffectRule(4, frozenset({PROMOTE, LATCH}), once),
    EffectRule(6, CHANGING | RESTORES, held),
    EffectRule(6, DELETING, kept),
    EffectRule(6, frozenset({"rds.ModifyDBInstance"}), backups_kept),
    EffectRule(8, JOURNALING, fenced),
    EffectRule(8, frozenset({"dynamodb.TransactWriteItems"}), fenced_together),
    EffectRule(10, IRREVERSIBLE, approved),
    EffectRule(10, CHANGING | RESTORES | {LATCH}, nothing_after_abort),
    EffectRule(13, frozenset({LATCH}), clean),
)


def judge(scene: Scene, call: Call) -> Iterator[tuple[int, str]]:
    """Count an effect and yield every violation, with the number of its invariant."""
    scene.effects[_effect(call)] += 1
    for rule in RULES:
        if call.name in rule.calls:
            for sentence in rule.judge(scene, call):
                yield rule.invariant, sentence


def _effect(call: Call) -> tuple[str, ...]:
    """Return what tells one effect from another: the call, the region and what it names."""
    named = instance_named(call) or call.parameters.get("Key")
    return call.name, call.region, str(named)


def _of_kind(scene: Scene, kind: EntryKind) -> list[Record]:
    return [record for record in scene.journal.newest_run() if record.kind == kind]


def _tables(call: Call) -> set[str]:
    """Return the tables that a single or a batch write names."""
    batch = call.parameters.get("RequestItems")
    return {str(call.parameters.get("TableName")), *(batch if isinstance(batch, dict) else ())}


def _checks_lease(scene: Scene, part: dict[str, object]) -> bool:
    key = part.get("Key") or part.get("Item")
    name = key.get("name") if isinstance(key, dict) else None
    held_here = part.get("TableName") == scene.standby.lease_table
    return held_here and name == {"S": LEASE} and bool(part.get("ConditionExpression"))
