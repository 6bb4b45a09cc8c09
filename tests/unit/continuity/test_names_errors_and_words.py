"""Names that two rooms must agree on, errors as people read them, and the small words."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity import grants, incidents, naming, permissions
from continuity.errors import (
    HoldfastError,
    InvalidInput,
    PermanentError,
    Problem,
    Refusal,
    TemporaryError,
)
from continuity.file_grants import READ_SHARED
from continuity.journal import Entry, EntryKind
from continuity.permissions import Permission
from continuity.zone import SiteName

ZONE = st.from_regex(r"[a-z][a-z0-9]{0,7}", fullmatch=True)
DATABASE = st.from_regex(r"[a-z](-?[a-z0-9]){0,20}", fullmatch=True)
SITE = st.sampled_from(SiteName)
INSTANCE = st.tuples(ZONE, DATABASE, SITE, st.integers(1, 99))


@given(INSTANCE, INSTANCE)
def test_two_instances_never_share_a_name(
    one: tuple[str, str, SiteName, int], other: tuple[str, str, SiteName, int]
) -> None:
    assert (naming.instance(*one) == naming.instance(*other)) == (one == other)


@given(INSTANCE)
def test_an_instance_name_is_one_that_rds_takes(of: tuple[str, str, SiteName, int]) -> None:
    name = naming.instance(*of)
    assert re.fullmatch(r"[a-z](-?[a-z0-9]+)*", name)
    assert len(name) <= 63


@given(ZONE, SITE)
def test_bucket_names_are_ones_that_s3_takes(zone: str, site: SiteName) -> None:
    for purpose in ("latch", "manifest"):
        name = naming.bucket("123456789012", zone, site, purpose)
        assert re.fullmatch(r"[a-z0-9-]{3,63}", name)


def test_names_read_as_documented() -> None:
    home = SiteName.HOME
    assert naming.instance("we1", "orders", home, 1) == "we1-orders-home-1"
    assert naming.in_site("we1", home, "platform") == "we1-home-platform"
    assert naming.table("we1", SiteName.AWAY, "journal") == "holdfast-we1-away-journal"
    assert naming.role("we1", "failover") == "holdfast-we1-failover"
    assert naming.closed_key(home) == "closed/home"
    assert naming.open_key(home.other) == "open/away"


def test_tags_say_only_what_is_known() -> None:
    assert naming.tags("we1") == {"holdfast:zone": "we1"}
    assert naming.tags("we1", SiteName.HOME, "orders") == {
        "holdfast:zone": "we1",
        "holdfast:site": "home",
        "holdfast:database": "orders",
    }


def test_the_other_of_the_other_site_is_the_site() -> None:
    for site in SiteName:
        assert site.other is not site
        assert site.other.other is site


def test_wrong_input_lists_every_problem_with_its_place() -> None:
    error = InvalidInput("The config", [Problem("b", "is odd"), Problem("a[1].x", "is required")])
    assert str(error) == "The config cannot be used:\n  b: is odd\n  a[1].x: is required"
    assert error.subject == "The config"
    assert min(error.problems).path == "a[1].x"


def test_a_refusal_says_why_and_how_to_lift_it() -> None:
    refusal = Refusal("The zone was failed over 20 minutes ago.", "Acknowledge it first.")
    assert str(refusal) == "The zone was failed over 20 minutes ago. Acknowledge it first."
    assert (refusal.reason, refusal.lift) == (
        "The zone was failed over 20 minutes ago.",
        "Acknowledge it first.",
    )


@pytest.mark.parametrize("delay", [5.0, 60.0])
def test_a_temporary_error_says_when_to_try_again(delay: float) -> None:
    error = TemporaryError("RDS is busy.") if delay == 5 else TemporaryError("RDS is busy.", delay)
    assert (str(error), error.delay) == ("RDS is busy.", delay)


def test_everything_we_say_is_caught_by_one_name_and_the_kinds_are_apart() -> None:
    kinds = (InvalidInput, Refusal, PermanentError, TemporaryError)
    for kind in kinds:
        assert issubclass(kind, HoldfastError)
        assert not any(issubclass(kind, other) for other in kinds if other is not kind)


def test_an_entry_is_plain_json() -> None:
    at = datetime(2026, 3, 3, 9, tzinfo=UTC)
    entry = Entry(3, at, EntryKind.MEASURED, "Lag is 4 s.", "measure:orders", {"lag_s": 4.0})
    assert json.loads(json.dumps(entry.as_json())) == {
        "sequence": 3,
        "at": "2026-03-03T09:00:00+00:00",
        "kind": "measured",
        "step": "measure:orders",
        "sentence": "Lag is 4 s.",
        "data": {"lag_s": 4.0},
    }


ROLES = {
    name: value
    for room in (grants, incidents)
    for name, value in vars(room).items()
    if isinstance(value, tuple)
}


@pytest.mark.parametrize("role", ROLES)
def test_no_permission_is_a_wildcard_or_granted_twice(role: str) -> None:
    granted = ROLES[role]
    assert len(set(granted)) == len(granted)
    for permission in granted:
        assert re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", permission.action)


def test_every_permission_that_has_a_name_is_granted_to_a_role() -> None:
    named = {value for value in vars(permissions).values() if isinstance(value, Permission)}
    granted = {permission for role in ROLES.values() for permission in role}
    assert named == granted | set(READ_SHARED)
