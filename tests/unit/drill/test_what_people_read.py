"""What people read in a drill: judged by their eyes, whatever the record says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from continuity.manifest import Manifest
from drill.telling import IN_DRILLS, misread, speaking, untold
from simulator.channels.seen import Seen

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)


def page(text: str) -> Seen:
    return Seen(AT, "status_page", "update", "inc1", text, "identified")


def test_what_is_said_twice_or_names_what_is_ours_is_a_violation(manifest: Manifest) -> None:
    good = [page("We are on it."), page("It works."), replace(page("On it."), service="slack")]
    assert misread(good, manifest) == ()
    twice = [page("We are on it."), page("We are on it.")]
    assert misread(twice, manifest) == ("status_page said 2 times: We are on it.",)
    named = f"{manifest.databases[0].name} in {manifest.serving_site.region} is lost."
    [found] = misread([page(named)], manifest)
    assert found.startswith("customers read ")
    assert manifest.serving_site.region in found
    assert misread([replace(page(named), service="slack")], manifest) == ()


@pytest.mark.parametrize(
    ("read", "fits"),
    [
        (["We know it.", "It\nworks."], True),
        (["We know it."], False),
        (["It works.", "We know it."], False),
        (["We know it.", "We know it.", "It works."], False),
    ],
)
def test_customers_read_all_that_was_expected_in_order_and_nothing_else(
    read: list[str], *, fits: bool
) -> None:
    seen = [page(text) for text in read]
    assert (untold(seen, ["know", "It works"]) == ()) is fits
    assert untold(seen, ()) == ()


def test_a_zone_without_channels_is_drilled_with_some(manifest: Manifest) -> None:
    assert speaking(manifest).channels == IN_DRILLS
    own = replace(manifest, channels=replace(IN_DRILLS, jira=None))
    assert speaking(own) == own
