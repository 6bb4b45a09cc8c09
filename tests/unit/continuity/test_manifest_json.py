"""The manifest travels as text: it comes back equal, and nothing wrong comes back at all."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity import channels
from continuity.errors import InvalidInput
from continuity.manifest import Database, Hosting, Latch, Manifest, Member, Site, Traffic
from continuity.manifest_json import digest, dump, load
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind

COUNTS = st.integers(0, 10**6)
SPANS = st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds))
TEXTS = st.text(max_size=12)
POSITIVE = st.integers(1, 10**6)
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
SITES = st.builds(
    Site,
    region=TEXTS,
    incarnation=POSITIVE,
    key_arn=TEXTS,
    hosting=st.builds(
        Hosting, serving_minimum=COUNTS, serving_desired=COUNTS, serving_maximum=COUNTS
    ),
    latch=st.builds(Latch, TEXTS, TEXTS, TEXTS),
)
MEMBERS = st.builds(Member)
DATABASES = st.builds(
    Database,
    priority=POSITIVE,
    port=st.integers(1, 65535),
    storage_gb=POSITIVE,
    backup_retention_days=st.integers(0, 35),
    members=st.fixed_dictionaries(dict.fromkeys(SiteName, MEMBERS)),
)
MANIFESTS = st.builds(
    Manifest,
    zone=st.just("we1"),
    kind=st.sampled_from(ZoneKind),
    account=st.text("0123456789", min_size=12, max_size=12),
    active=st.sampled_from(SiteName),
    approvers=POSITIVE,
    objectives=st.builds(Objectives, SPANS, SPANS),
    retention=st.builds(Retention, COUNTS, COUNTS, COUNTS),
    window=st.builds(MaintenanceWindow, CLOCKS, CLOCKS, st.sampled_from(["Europe/Lisbon", "UTC"])),
    traffic=st.builds(Traffic, TEXTS, TEXTS, POSITIVE, POSITIVE, POSITIVE),
    sites=st.fixed_dictionaries(dict.fromkeys(SiteName, SITES)),
    databases=st.lists(DATABASES, max_size=3).map(tuple),
    version=st.just(1),
)


@given(MANIFESTS)
def test_every_manifest_comes_back_equal(made: Manifest) -> None:
    assert load(dump(made), "we1") == made


def test_equal_manifests_are_equal_text_and_others_are_not(manifest: Manifest) -> None:
    assert dump(manifest) == dump(replace(manifest, databases=manifest.databases))
    assert digest(manifest) != digest(replace(manifest, active=SiteName.AWAY))
    assert json.loads(dump(manifest))["digest"] == digest(manifest)


def test_a_second_trip_changes_no_byte(manifest: Manifest) -> None:
    assert dump(load(dump(manifest), "we1")) == dump(manifest)


def test_roles_follow_from_one_word(manifest: Manifest) -> None:
    assert manifest.serving_site.region == "eu-west-1"
    assert manifest.standby_site.region == "eu-central-1"
    swapped = replace(manifest, active=SiteName.AWAY)
    assert swapped.serving_site == manifest.standby_site
    assert swapped.standby is SiteName.HOME


def test_clients_are_drained_after_the_checkers_agree_and_a_ttl(manifest: Manifest) -> None:
    assert manifest.traffic.drain_s == 90


def sealed(body: dict[str, Any]) -> str:
    """Write any body with the digest that belongs to it, as an attacker or a bug could."""
    body.pop("digest", None)
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return json.dumps(
        {**body, "digest": "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()}
    )


def set_at(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Change one place of a body, `databases.0.port`."""

    def change(body: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        at: Any = body
        for part in parents:
            at = at[int(part) if part.isdigit() else part]
        at[last] = value

    return change


def drop(path: str) -> Callable[[dict[str, Any]], None]:
    """Take one key away."""

    def change(body: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        at: Any = body
        for part in parents:
            at = at[int(part) if part.isdigit() else part]
        del at[last]

    return change


def problems(text: str, zone: str = "we1") -> dict[str, str]:
    with pytest.raises(InvalidInput) as raised:
        load(text, zone)
    assert raised.value.subject == f"The recovery manifest of {zone}"
    return {problem.path: problem.message for problem in raised.value.problems}


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (drop("account"), "account", "is required"),
        (drop("sites"), "sites", "is required"),
        (drop("sites.away"), "sites.away", "is required"),
        (drop("sites.home.latch.bucket"), "sites.home.latch.bucket", "is required"),
        (drop("databases"), "databases", "is required"),
        (drop("databases.1.members.away"), "databases[1].members.away", "is required"),
        (set_at("surprise", 1), "surprise", "unknown key; valid here:"),
        (set_at("sites.third", {}), "sites.third", "unknown key; valid here: away, home"),
        (set_at("sites.home.vpc", "x"), "sites.home.vpc", "unknown key"),
        (set_at("traffic.color", "x"), "traffic.color", "unknown key"),
        (set_at("databases.0.members.home.x", 1), "databases[0].members.home.x", "unknown key"),
        (set_at("account", "12345"), "account", "does not have the form"),
        (set_at("account", 123456789012), "account", "expected text, found a whole number"),
        (set_at("kind", "hobby"), "kind", "is not one of production, service"),
        (set_at("active", "both"), "active", "is not one of home, away"),
        (set_at("approvers", 0), "approvers", "is not within 1 to"),
        (set_at("approvers", True), "approvers", "expected a whole number, found true or false"),
        (set_at("objectives.rto_s", 0), "objectives.rto_s", "is not within 1 to"),
        (set_at("objectives.rto_s", 2**63 - 1), "objectives.rto_s", "is not within 1 to"),
        (set_at("objectives.rpo_s", 2**63 - 1), "objectives.rpo_s", "is not within 1 to"),
        (set_at("objectives.rpo_s", 1.5), "objectives.rpo_s", "expected a whole number"),
        (set_at("retention.daily", -1), "retention.daily", "is not within 0 to"),
        (set_at("window.start", "24:00"), "window.start", "does not have the form"),
        (set_at("window.end", None), "window.end", "is required"),
        (set_at("window.timezone", "Europe/Atlantis"), "window.timezone", "no IANA time zone"),
        (set_at("window.timezone", "../etc/passwd"), "window.timezone", "no IANA time zone"),
        (set_at("window.timezone", ""), "window.timezone", "no IANA time zone"),
        (set_at("traffic.ttl_s", "60"), "traffic.ttl_s", "expected a whole number, found text"),
        (set_at("sites", []), "sites", "expected a table of keys, found a list"),
        (set_at("sites.away", "x"), "sites.away", "expected a table of keys, found text"),
        (set_at("databases", {}), "databases", "expected a list, found a table of keys"),
        (set_at("databases", ["x"]), "databases[0]", "expected a table of keys, found text"),
        (set_at("databases.0.port", 65536), "databases[0].port", "is not within 1 to 65535"),
        (
            set_at("databases.0.backup_retention_days", 36),
            "databases[0].backup_retention_days",
            "is not within 0 to 35",
        ),
        (
            set_at("databases.1.members.home.multi_az", "yes"),
            "databases[1].members.home.multi_az",
            "expected true or false, found text",
        ),
        (set_at("version", 2), "version", "this holdfast reads 1"),
    ],
)
def test_each_wrong_field_is_named_with_its_place(
    manifest: Manifest, change: Callable[[dict[str, Any]], None], path: str, message: str
) -> None:
    body = json.loads(dump(manifest))
    change(body)
    found = problems(sealed(body))
    assert list(found) == [path] or path in {"sites", "sites.away", "databases[0]"}
    assert message in found[path]


def test_all_problems_are_told_at_once_in_order_of_place(manifest: Manifest) -> None:
    body = json.loads(dump(manifest))
    for path, value in (("kind", "hobby"), ("account", "1"), ("databases.1.port", 0)):
        set_at(path, value)(body)
    assert list(problems(sealed(body))) == ["account", "databases[1].port", "kind"]


def test_a_manifest_that_was_altered_does_not_match_its_digest(manifest: Manifest) -> None:
    body = json.loads(dump(manifest))
    body["approvers"] = 1
    found = problems(json.dumps(body))
    assert list(found) == ["digest"]
    assert "take the other site's" in found["digest"]


def test_a_manifest_without_digest_is_refused(manifest: Manifest) -> None:
    body = json.loads(dump(manifest))
    del body["digest"]
    assert "digest" in problems(json.dumps(body))


def test_another_zones_manifest_is_refused_by_both_names(manifest: Manifest) -> None:
    assert "belongs to zone 'we1', not 'sa1'" in problems(dump(manifest), "sa1")["zone"]


@pytest.mark.parametrize("text", ["", "nonsense", "{", "[" * 100_000, "null", "[]", '"we1"', "1"])
def test_text_that_is_no_object_is_refused(text: str) -> None:
    assert "(top level)" in problems(text)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_no_json_at_all_makes_the_reader_stumble(value: object) -> None:
    assert problems(json.dumps(value))
    assert problems(json.dumps({"zone": value, "sites": value, "databases": value}))


@given(st.data())
def test_one_field_of_any_other_value_is_read_or_refused_but_never_stumbled_over(
    data: st.DataObject,
) -> None:
    made = data.draw(MANIFESTS)
    body = json.loads(dump(made))
    key = data.draw(st.sampled_from(sorted(body)))
    body[key] = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just({})
    )
    try:
        again = load(sealed(body), "we1")
    except InvalidInput as error:
        assert error.problems  # noqa: PT017 - either way out is right
    else:
        assert isinstance(again, Manifest)


def test_channels_are_carried_in_the_words_of_the_zones_file(manifest: Manifest) -> None:
    told = channels.Channels(
        slack=channels.Slack(("SEV1",), "C0123456789"),
        status_page=channels.StatusPage(("SEV1",), "kctbh9vrtdwd", ("8kbf7d35c070",)),
        email=channels.Email(("SEV1",), "status", ("a@example.com",), "b@example.com"),
        pagerduty=channels.Pagerduty(("SEV1", "SEV2"), "https://events.eu.pagerduty.com"),
        webhook=channels.Webhook(("SEV1",), "http://127.0.0.1:8080/webhook"),
        jira=channels.Jira(
            ("SEV1",),
            "https://x.atlassian.net",
            "a@example.com",
            "OPS",
            "Bug",
            {"resolved": "Done"},
        ),
        escalation=(channels.Turn("first on call", 10), channels.Turn("second on call", 15)),
        updates={"SEV1": 30},
        zone_name="Western Europe 1",
    )
    made = replace(manifest, channels=told)
    assert load(dump(made), "we1") == made
    assert told.used == tuple(channels.Service)
    assert [one for one in told.keeping_secrets if one is channels.Service.EMAIL] == []
