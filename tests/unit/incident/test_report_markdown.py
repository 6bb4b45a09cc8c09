import re
from collections.abc import Callable
from dataclasses import replace

from incident.documents.pages import markdown
from incident.documents.report import Report, Told, ZoneReport


def test_markdown_has_the_headings_and_tables_of_the_page(report: Report) -> None:
    text = markdown(report)
    assert text.startswith("# Drill report: test\n\nA region is lost.\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Zone we1", "Zone sa1"]
    assert "**BLOCKED**" in text
    assert "| 2026-03-03 09:06:30 UTC (06:06:30 local) | ana | ana approved plan abc. | abc |" in (
        text
    )


def test_every_table_of_markdown_is_one(report: Report) -> None:
    blocks = [block for block in markdown(report).split("\n\n") if block.startswith("|")]
    assert len(blocks) > 8
    for block in blocks:
        head, rule, *rows = block.splitlines()
        assert rows
        assert set(rule) <= set("| -")
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in (head, rule, *rows)} == {
            head.count("|")
        }


def test_what_comes_from_data_marks_nothing_up(
    zone_report: Callable[..., ZoneReport], report: Report
) -> None:
    nasty = "# <b>no</b> | *no* [no](javascript:no)\n\nno & `no`"
    (told,) = zone_report().refused
    zone = zone_report(refused=(Told(told.at, nasty),))
    text = markdown(replace(report, zones=(zone,)))
    safe = r"\# \<b\>no\</b\> \| \*no\* \[no\](javascript:no) no \& \`no\`"
    assert f"(06:06:40 local) | {safe} |\n" in text


def test_markdown_tells_what_the_picture_shows(report: Report) -> None:
    assert "Critical path: close-home, restore-orders." in markdown(report)
