"""The sites' names never change, which of them serves is data: everything works the other way too.

The program is the real one, with one word of its stack file swapped, as after a failover.
"""

from pathlib import Path

import pytest

from continuity.zone import SiteName
from drill.run import run
from drill.scenario import read
from drill.verdict import Verdict

PROJECT = Path(__file__).resolve().parents[3]

LOST_ON_THE_WAY = """
name = "home-again"
title = "The away site serves, is left as planned, and is lost on the way"

[expect]
outcome = "recovered"
max_data_loss = "10s"

[[person]]
at = "0s"
does = "order-planned-move"
reason = "home is rebuilt"

[[fault]]
at = "{at}"
kind = "region-lost"
site = "away"
"""


@pytest.fixture
def swapped(tmp_path: Path) -> Path:
    """Return a project whose zone is served by its away site."""
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    text = (PROJECT / "stacks" / "Pulumi.ops.yaml").read_text("utf-8")
    assert text.count("active: home") == 1
    text = text.replace("active: home", "active: away")
    (stacks / "Pulumi.ops.yaml").write_text(text)
    (tmp_path / "Pulumi.yaml").write_text(
        f"name: holdfast\nmain: {PROJECT}\nstackConfigDir: stacks\n"
    )
    return tmp_path


def play(project: Path, at: str) -> Verdict:
    return run(read(LOST_ON_THE_WAY.format(at=at), "it"), "ops", 1, lambda _: None, project=project)


@pytest.mark.parametrize(("at", "told"), [("12m", "with nothing lost"), ("3m", "is recovered")])
def test_a_zone_moves_home_as_planned_and_when_its_away_site_is_lost(
    swapped: Path, at: str, told: str
) -> None:
    verdict = play(swapped, at)
    assert (verdict.unmet, verdict.violations) == ((), ())
    assert verdict.facts.manifest.active is SiteName.AWAY
    assert told in verdict.journal[-1].sentence or any(
        told in entry.sentence for entry in verdict.journal
    )
    assert all(one.writable for one in verdict.databases)
