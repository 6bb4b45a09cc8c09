"""Readiness beside a served simulation: by its time, of its AWS, in a process of its own."""

import json
from typing import Any

Simulator = Any  # the fixture's class lives in conftest


def test_a_served_zone_is_looked_at_by_its_own_time(simulator: Simulator) -> None:
    code, out, err = simulator.run("check", "sa1", "--format", "json")
    assert code == 0, out + err
    found = json.loads(out)
    assert found["at"].startswith("2026-03-03T")
    names = [one["name"] for one in found["findings"]]
    assert names == ["drill-missing", *["proof-missing"] * 3]
    assert {one["name"] for one in found["databases"]} == {"accounts", "orders", "catalogue"}
