"""Rules over a whole stack, on plain properties; the real zones break each in functional tests."""

import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from continuity.errors import InvalidInput
from policy import declared as settings
from policy import frozen
from policy.declared import Declared
from policy.judge import NAMES
from policy.rules import RULES
from policy.stack import UNKNOWN, Resource

Judged = Callable[..., list[str]]

INSTANCE, COPIES = (
    "aws:rds/instance:Instance",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
)
BUCKET, POLICY = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy"
ARN = "arn:aws:rds:eu-west-1:123456789012:db:t1-orders-home-1"


def resource(kind: str, name: str, *sources: str, **properties: object) -> Resource:
    """Make one; each of `sources` is a property and the URN that it was computed from."""
    references = {text.partition("=")[0]: (text.partition("=")[2],) for text in sources}
    return Resource(kind, name, f"urn:{name}", properties, True, references)


TAGS = {"holdfast:database": "orders"}
PRIMARY = resource(
    INSTANCE, "home", region="eu-west-1", identifier="t1-orders-home-1", tags=TAGS, iops=UNKNOWN
)


def replica(*sources: str, **properties: object) -> Resource:
    told = {"region": "eu-central-1", "tags": TAGS, **properties}
    return resource(INSTANCE, "away", *sources, **told)


def test_a_replica_is_known_by_what_it_was_computed_from(judged: Judged) -> None:
    follows = replica("replicateSourceDb=urn:home", replicateSourceDb=UNKNOWN)
    assert judged("database-replicated", PRIMARY, follows) == []


def test_a_replica_is_known_by_its_sources_name(judged: Judged) -> None:
    assert judged("database-replicated", PRIMARY, replica(replicateSourceDb=ARN)) == []


def test_a_replica_in_the_same_region_does_not_count(judged: Judged) -> None:
    beside = replica(region="eu-west-1", replicateSourceDb=ARN)
    [sentence] = judged("database-replicated", PRIMARY, beside)
    assert sentence.startswith("home: has no replica in another region")


def test_copies_of_backups_count_in_the_other_region_only(judged: Judged) -> None:
    there = resource(COPIES, "copy", region="eu-central-1", sourceDbInstanceArn=ARN)
    here = resource(COPIES, "copy", region="eu-west-1", sourceDbInstanceArn=ARN)
    assert judged("points-copied", PRIMARY, there) == []
    assert len(judged("points-copied", PRIMARY, here)) == 1


def test_what_is_not_known_in_one_site_is_not_compared(judged: Judged) -> None:
    assert judged("sites-equal-databases", PRIMARY, replica(replicateSourceDb=ARN, iops=3000)) == []


def test_another_version_in_the_other_site_is_told_with_both(judged: Judged) -> None:
    old = replica(replicateSourceDb=ARN, engineVersion="15.15")
    [sentence] = judged("sites-equal-databases", PRIMARY, old)
    assert "has engine version 15.15, home has None" in sentence


def test_a_policy_belongs_to_the_bucket_that_it_names_or_was_computed_from(judged: Judged) -> None:
    bucket = resource(BUCKET, "files", bucket="files", region="eu-west-1")
    by_source = resource(POLICY, "one", "bucket=urn:files", bucket=UNKNOWN, policy=UNKNOWN)
    by_name = resource(POLICY, "two", bucket="files", region="eu-west-1", policy=UNKNOWN)
    elsewhere = resource(POLICY, "two", bucket="files", region="eu-west-2", policy=UNKNOWN)
    assert judged("buckets-over-tls", bucket, by_source) == []
    assert judged("buckets-over-tls", bucket, by_name) == []
    assert len(judged("buckets-over-tls", bucket, elsewhere)) == 1


def test_every_rule_has_a_name_of_its_own_and_says_what_must_be_so() -> None:
    assert [name for name, count in Counter(NAMES).items() if count > 1] == []
    assert frozen.RULE in NAMES
    assert [rule.name for rule in RULES if not rule.says.endswith(".")] == []


def test_no_module_of_the_pack_stands_in_the_way_of_pythons_own() -> None:
    """Pulumi puts the pack's folder in front of the modules' path."""
    folder = Path(settings.__file__).parent
    names = {path.stem for path in folder.glob("*.py")} - {"__init__", "__main__"}
    assert names & sys.stdlib_module_names == set()


def test_settings_are_read_as_far_as_rules_need_them(declared: Declared) -> None:
    value = {
        "kind": "production",
        "active": "home",
        "objectives": {"rto": "12h", "rpo": "24h"},
        "retention": {"daily": 5, "weekly": 4, "monthly": 3},
        "sites": {"home": {"region": "eu-west-1"}, "away": {"region": "eu-central-1"}},
        "witness": {"region": "eu-north-1"},
        "databases": [{"name": "orders", "backup_days": 14}],
        "hosting": {"anything": "else"},
    }
    assert settings.read("t1", value) == declared
    assert declared.rpo == timedelta(days=1)


def test_settings_that_rules_cannot_do_without_are_demanded() -> None:
    with pytest.raises(InvalidInput, match="witness"):
        settings.read("t1", {"kind": "production"})
