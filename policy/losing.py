"""What must not go: databases, vaults, keys, and the buckets and file systems with the only copy.

Offline the operations are known, and a plan that would end one of these is refused by name.
Pulumi's engine tells policies neither old state nor operation; there the option `protect` does the
refusing, and the rule that everything of these kinds carries it.
"""

from collections.abc import Iterator

from continuity import naming
from continuity.planned import ENDING
from policy.declared import Declared
from policy.rule import ResourceRule, StackRule, Wrong
from policy.stack import BUCKET, FILE_SYSTEM, INSTANCE, KEY, VAULT, Operation, Resource, Stack

_KEPT = {
    INSTANCE: "the data of a database",
    VAULT: "every recovery point in it",
    KEY: "everything that was encrypted with it",
    FILE_SYSTEM: "the files in it",
}


def _protected(resource: Resource, _: Declared) -> Iterator[str]:
    if not resource.protected:
        yield (
            f"may be replaced or deleted by a run of Pulumi, and {_KEPT[resource.type]} with it; "
            "give it the option protect."
        )


def _bucket_kept(bucket: Resource, _: Declared) -> Iterator[str]:
    """Of buckets, those that carry the tag of daily backups hold what nothing else holds."""
    if naming.TAG_BACKUP not in bucket.tags:
        return
    if not bucket.protected:
        yield "holds files and may be deleted by a run of Pulumi; give it the option protect."
    if bucket.get("forceDestroy"):
        yield "would be emptied in order to be deleted; set force_destroy to False."


def _nothing_lost(stack: Stack) -> Iterator[Wrong]:
    for operation in stack.operations:
        if operation.type in _KEPT and operation.kind in ENDING:
            yield _wrong(
                operation,
                f"would be {operation.kind}d{_because(operation)}, and with it "
                f"{_KEPT[operation.type]}. Declare it as it was; what a failover changed is the "
                "zone's role data.",
            )


def _serving_kept(stack: Stack) -> Iterator[Wrong]:
    """Dropped but left in AWS is right for what a failover replaced, wrong for what serves."""
    region = stack.declared.regions[stack.declared.active]
    for operation in stack.operations:
        earlier = operation.earlier
        if operation.kind != "retain" or earlier is None or earlier.type != INSTANCE:
            continue
        if earlier.region == region and not _declared_there(stack, earlier):
            yield _wrong(
                operation,
                "serves the zone and would be dropped from the program: nothing would watch, back "
                "up or move it. Declare it, or make the other site the active one first.",
            )


def _declared_there(stack: Stack, earlier: Resource) -> bool:
    return any(
        (one.database, one.region) == (earlier.database, earlier.region)
        for one in stack.of(INSTANCE)
    )


def _wrong(operation: Operation, sentence: str) -> Wrong:
    about = operation.earlier or Resource(operation.type, operation.name, operation.urn, {})
    return Wrong(sentence, about)


def _because(operation: Operation) -> str:
    return f" because of {', '.join(operation.replacing)}" if operation.replacing else ""


RULES = (
    ResourceRule(
        "kept-is-protected",
        "No run of Pulumi replaces or deletes a database, a vault, a key or a file system.",
        tuple(_KEPT),
        _protected,
    ),
    ResourceRule(
        "files-are-protected",
        "No run of Pulumi deletes or empties a bucket of files.",
        (BUCKET,),
        _bucket_kept,
    ),
    StackRule(
        "nothing-kept-is-lost",
        "No plan replaces or deletes a database, a vault, a key or a file system.",
        _nothing_lost,
    ),
    StackRule(
        "serving-stays-declared", "No plan drops the instance that serves a zone.", _serving_kept
    ),
)
