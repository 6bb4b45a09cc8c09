"""The committed plans are those of today's zones, values and diagnoses.

`make check` makes each plan anew and compares all of it, which runs every zone's program; here
stands what can be told at once.
"""

import hashlib
import json
from pathlib import Path

import pytest

from failover.answers import ANSWERS
from simulator.project import project, stack_config

ROOT = Path(__file__).parents[2]
PLANS = {path.stem: path.read_text("utf-8") for path in (ROOT / "docs/plan").glob("*.md")}
AGAIN = "holdfast plan-document --write"


def test_every_zone_has_a_plan_and_every_plan_has_a_zone() -> None:
    assert set(PLANS) == set(project(ROOT).stack_names), AGAIN


@pytest.mark.parametrize("zone", sorted(PLANS))
def test_a_plan_is_made_from_the_values_of_the_zones_file(zone: str) -> None:
    values = stack_config(ROOT, zone)["holdfast:zone"]
    said = json.dumps(values, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(said.encode()).hexdigest() in PLANS[zone], AGAIN


@pytest.mark.parametrize("zone", sorted(PLANS))
def test_a_plan_has_a_procedure_for_each_diagnosis(zone: str) -> None:
    _, _, told = PLANS[zone].partition("\n## Recovery procedures\n")
    headings = [f"### {str(one).capitalize()}\n" for one in ANSWERS]
    assert [one for one in headings if one not in told] == [], AGAIN
