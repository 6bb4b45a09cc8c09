"""The page of `holdfast drill year` names every fault that a year plays, and no other."""

import re
from pathlib import Path

from drill.year_story import KINDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "drill-year.md"


def test_every_fault_of_a_year_has_its_row_and_no_other_has_one() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition("| fault | what it does to the nights")[2].partition("\n\n")[0]
    firsts = [line.split("|")[1] for line in table.splitlines()[2:]]
    named = {kind for cell in firsts for kind in re.findall(r"`([a-z-]+)`", cell)}
    assert named == {str(kind) for kind in KINDS}
