"""The guide's table of faults is what scenarios are written from: it holds every kind and field."""

import re
from pathlib import Path

import pytest

from drill.fault_rows import FIELDS
from simulator.fault import NEEDS_DATABASE, NEEDS_LENGTH, NEEDS_REGION, FaultKind

GUIDE = Path(__file__).resolve().parents[3] / "docs/guide/drill.md"
ROW = re.compile(r"^\| `([a-z-]+)` \| .* \|\s*([^|]*?)\s*\|$", re.MULTILINE)
PLACE = {"site", "region"}


def table() -> dict[str, set[str]]:
    """Return the fields of each kind as the guide writes them, bold ones with their stars."""
    rows = ROW.findall(GUIDE.read_text(encoding="utf-8"))
    return {
        kind: {one.strip() for one in fields.split(",") if one.strip()} for kind, fields in rows
    }


def test_every_kind_has_its_row_and_no_row_is_left_over() -> None:
    assert sorted(table()) == sorted(FaultKind) == sorted(FIELDS)


@pytest.mark.parametrize("kind", sorted(FaultKind))
def test_the_fields_of_a_kind_are_those_that_it_takes(kind: FaultKind) -> None:
    written = {field.strip("*") for field in table()[kind]}
    taken = FIELDS[kind] - PLACE | ({"site"} if PLACE & FIELDS[kind] else set())
    assert written == taken


@pytest.mark.parametrize(
    ("field", "kinds"),
    [("site", NEEDS_REGION), ("database", NEEDS_DATABASE), ("for", NEEDS_LENGTH)],
)
def test_a_field_is_bold_where_it_is_required(field: str, kinds: frozenset[FaultKind]) -> None:
    assert {kind for kind, fields in table().items() if f"**{field}**" in fields} == kinds
