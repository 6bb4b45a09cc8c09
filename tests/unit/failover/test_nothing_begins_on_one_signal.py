"""Properties of the rules over any picture: nothing is begun on one signal, or on none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from continuity.journal import Entry, EntryKind
from continuity.outside import Written
from failover.answers import ANSWERS
from failover.decide import Act, decide
from failover.diagnose import Diagnosis, diagnose
from failover.observation import Deployment, Instance, Observation, Reading, Service
from failover.options import Options
from failover.run import Run
from failover.signals import LASTING, suspicion

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
NAMES = ("billing", "orders")
SILENT = Reading[object](NOW, None, "no answer")


def reading(values: st.SearchStrategy) -> st.SearchStrategy[Reading]:
    """Return what was read, mostly; or what could not be read, or was not asked."""
    found = st.builds(Reading, st.just(NOW), values, st.none())
    return st.one_of(found, found, found, st.just(SILENT), st.just(Reading()))


statuses = st.sampled_from(["available", "modifying", "rebooting", *sorted(LASTING)])
instances = st.none() | st.builds(
    Instance,
    statuses,
    st.none(),
    st.just(7),
    st.just("w"),
    st.booleans(),
    st.just("g"),
    st.booleans(),
)
writes = st.builds(Written, st.booleans(), st.none(), st.just("refused"))
deployments = st.builds(
    Deployment,
    st.sampled_from(["td", "f:1", "f:2"]),
    st.booleans(),
    st.sampled_from(["COMPLETED", "FAILED", "IN_PROGRESS"]),
    st.integers(0, 4),
    st.integers(0, 4),
)
services = st.builds(
    Service,
    st.integers(0, 4),
    st.integers(0, 4),
    st.just(2),
    st.lists(deployments, max_size=2).map(tuple),
)
pasts = st.lists(
    st.fixed_dictionaries(
        {
            "both": st.booleans(),
            "databases": st.sampled_from(["", "orders", "billing,orders"]),
            "cause": st.sampled_from(["", "hosting down", "bad release"]),
        }
    ),
    max_size=4,
)


@st.composite
def pictures(draw: st.DrawFn, manifest: Manifest) -> Observation:
    """Return any picture of a zone, with any row of earlier readings a long time ago."""
    noted = tuple(
        Entry(number + 1, NOW - timedelta(hours=1), EntryKind.SUSPECTED, "Seen.", None, past)
        for number, past in enumerate(draw(pasts))
    )
    names = {f"we1-{name}-home-1": instances for name in NAMES}
    return Observation(
        now=NOW,
        manifest=manifest,
        run=Run("we1-0001", noted),
        serving=draw(reading(st.booleans())),
        serving_region=draw(reading(st.booleans())),
        standby_region=draw(reading(st.just(value=True))),
        serving_instances=draw(reading(st.fixed_dictionaries({}, optional=names))),
        writes=draw(reading(st.dictionaries(st.sampled_from(NAMES), writes))),
        serving_hosting=draw(reading(services)),
        releases=draw(reading(st.lists(st.sampled_from(["f:1", "f:2"]), max_size=2).map(tuple))),
    )


any_picture = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@any_picture
@given(data=st.data())
def test_whatever_is_begun_rests_on_two_signals(
    data: st.DataObject, manifest_of: Callable[..., Manifest]
) -> None:
    seen = data.draw(pictures(manifest_of()))
    finding = diagnose(seen, Options())
    if not isinstance(decide(finding, seen.manifest, Options(), seen.run), Act):
        return
    suspected = suspicion(seen)
    assert suspected.region or suspected.databases or suspected.cause
    assert seen.standby_region.value or not suspected.region
    if finding.diagnosis is Diagnosis.DATABASE_LOST:
        assert seen.serving_instances.value is not None
        assert seen.writes.value is not None or seen.serving.value is False
    if finding.diagnosis in (Diagnosis.HOSTING_DOWN, Diagnosis.BAD_RELEASE):
        assert seen.serving.value is False
        assert seen.serving_hosting.value is not None


@any_picture
@given(data=st.data())
def test_the_first_reading_begins_nothing(
    data: st.DataObject, manifest_of: Callable[..., Manifest]
) -> None:
    seen = replace(data.draw(pictures(manifest_of())), run=Run(""))
    finding = diagnose(seen, Options())
    assert not isinstance(decide(finding, seen.manifest, Options(), seen.run), Act)


@any_picture
@given(data=st.data())
def test_a_reading_that_goes_missing_never_leads_to_an_act(
    data: st.DataObject, manifest_of: Callable[..., Manifest]
) -> None:
    seen = data.draw(pictures(manifest_of()))
    missing = data.draw(
        st.sampled_from(["serving_instances", "writes", "serving_hosting", "releases"])
    )
    less = replace(seen, **{missing: SILENT})
    before = decide(diagnose(seen, Options()), seen.manifest, Options(), seen.run)
    after = decide(diagnose(less, Options()), less.manifest, Options(), less.run)
    if isinstance(after, Act) and not isinstance(before, Act):
        # Only a weaker explanation may take the place of a stronger one that needs a person.
        assert diagnose(less, Options()).diagnosis in (
            Diagnosis.HOSTING_DOWN,
            Diagnosis.BAD_RELEASE,
        )


def test_what_needs_no_recovery_may_not_begin_alone() -> None:
    assert not [one for one, answer in ANSWERS.items() if answer.alone and answer.recovery is None]
