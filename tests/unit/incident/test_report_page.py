import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from incident.documents.pages import html
from incident.documents.report import Report, Told, ZoneReport

Page = Any  # the parser lives in conftest
NASTY = "<script>alert(1)</script> & \"quoted\" <img src=x onerror='y'>"


@pytest.fixture
def read(page: type[Page]) -> Callable[[Report], Page]:
    return lambda report: page(html(report))


def test_a_page_is_whole_and_says_its_language(report: Report, read: Callable[..., Page]) -> None:
    found = read(report)
    assert html(report).lstrip().startswith("<!doctype html>")
    assert found.of("html") == [{"lang": "en"}]
    assert found.texts["title"][0] == "Drill report: test"
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in found.of(
        "meta"
    )


def test_headings_come_in_order_and_none_is_left_out(
    report: Report, read: Callable[..., Page]
) -> None:
    levels = [int(tag[1]) for tag, _ in read(report).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) == 2
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_ids_are_unique_and_everything_that_is_referred_to_exists(
    report: Report, read: Callable[..., Page]
) -> None:
    tags = read(report).tags
    counted = Counter(one["id"] for _, one in tags if "id" in one)
    assert [name for name, count in counted.items() if count > 1] == []
    named = {name for _, one in tags for name in (one.get("aria-labelledby") or "").split()}
    named |= {one["href"][1:] for tag, one in tags if tag == "a" and one["href"]}
    assert named
    assert named <= set(counted)


def test_nothing_is_loaded_and_nothing_runs(report: Report, read: Callable[..., Page]) -> None:
    found = read(report)
    assert not {tag for tag, _ in found.tags} & {"script", "img", "iframe", "object", "use"}
    assert [one["href"] for one in found.of("link")] == ["data:,"]
    assert all(one["href"].startswith("#") for one in found.of("a"))
    assert not [name for _, one in found.tags for name in one if name.startswith("on")]
    assert not re.search(r"url\(|@import|https?:", html(report))


def test_every_table_has_a_caption_and_says_what_its_headers_head(
    report: Report, read: Callable[..., Page]
) -> None:
    found = read(report)
    tables = len(found.of("table"))
    assert tables == found.inside["table", "caption"] == found.inside["table", "thead"] > 8
    assert all(text.strip() for text in found.texts["caption"])
    assert {one["scope"] for one in found.of("th")} == {"col", "row"}
    assert all(one["data-head"] for one in found.of("td"))


def test_every_row_has_a_cell_for_each_head(report: Report) -> None:
    for table in re.findall(r"<table.*?</table>", html(report), re.DOTALL):
        head, *rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        assert rows
        assert {len(re.findall(r"<t[hd] ", row)) for row in rows} == {
            len(re.findall(r"<th ", head))
        }


def test_the_picture_has_a_text_alternative(report: Report, read: Callable[..., Page]) -> None:
    found = read(report)
    (picture,) = found.of("svg")
    assert picture["role"] == "img"
    title, told = (picture["aria-labelledby"] or "").split()
    assert (found.of("title")[1]["id"], found.of("desc")[0]["id"]) == (title, told)
    assert "Critical path: close-home, restore-orders." in found.texts["desc"][0]


def test_whatever_comes_from_data_is_escaped(
    zone_report: Callable[..., ZoneReport], report: Report, read: Callable[..., Page]
) -> None:
    entry = replace(zone_report().journal[0], sentence=NASTY)
    nasty = zone_report(
        heading=NASTY, refused=(Told(entry.at, NASTY),), facts=((NASTY, NASTY),), journal=(entry,)
    )
    found = read(replace(report, title=NASTY, lead=NASTY, truth=(NASTY,), zones=(nasty,)))
    assert not found.of("script")
    assert not found.of("img")
    assert found.texts["h1"] == [NASTY]
    assert found.texts["td"].count(NASTY) == 3


def test_moments_are_told_in_utc_and_in_the_time_of_the_zone(report: Report) -> None:
    assert "2026-03-03 09:06:40 UTC (06:06:40 local)" in html(report)
    assert "2026-03-03 11:35:00 UTC" in html(report)


def test_every_part_of_the_story_is_there(report: Report, read: Callable[..., Page]) -> None:
    found = read(report)
    assert found.texts["h3"][:8] == [
        "Timeline",
        "Databases",
        "What was refused, and why",
        "Retries and fallbacks",
        "What people approved and decided",
        "Invariants",
        "Calls to AWS",
        "Evidence",
    ]
    cells = found.texts["td"] + found.texts["th"]
    for told in ("MISSED", "open", "It is failed.", "abc", "30", "does not take writes", "20 min"):
        assert told in cells
    counted = "32 calls in all, 1 of them with an error or without an answer"
    assert counted in found.texts["caption"]
    sentences = found.texts["p"]
    assert "Nothing was refused." in sentences
    assert "The journal does not count calls." in sentences
    assert "Nothing was begun, so that there is no course of events." in sentences
    assert "Two primaries took writes." in found.texts["li"]
    assert found.texts["span"] == ["BLOCKED", "RECOVERED"]


def _luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`: WCAG 2.2, "relative luminance"."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_and_bars_contrast_with_what_is_behind_them(report: Report) -> None:
    themes = re.findall(r":root \{(.*?)\}", html(report), re.DOTALL)
    assert len(themes) == 2
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        for text in ("text", "muted", "good", "bad"):
            assert _contrast(colours[text], colours["page"]) >= 4.5, text
            assert _contrast(colours[text], colours["panel"]) >= 4.5, text
        for bar in ("outage", "loss", "phase", "step", "critical", "failed"):
            assert _contrast(colours[bar], colours["panel"]) >= 3, bar
