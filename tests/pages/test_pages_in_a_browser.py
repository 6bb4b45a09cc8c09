"""Every generated page, as somebody opens it: on a desk, on a telephone, in the dark, on paper."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

Opened = Any  # the open page lives in conftest
Open = Callable[..., Opened]

WIDTHS = {"desk": 1280, "telephone": 390}
PAPER = 680
"""What A4 leaves between margins of 15 mm, in CSS pixels."""

WIDER = """() => [...document.querySelectorAll('body *')]
    .filter(one => !one.closest('svg, thead') && one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => `${one.tagName} ${one.textContent.slice(0, 40)}`)"""
HIDDEN = """() => [...document.querySelectorAll('p, li, th, td, code, caption')]
    .filter(one => getComputedStyle(one).overflow !== 'visible')
    .filter(one => one.scrollWidth > one.clientWidth)
    .map(one => one.textContent.slice(0, 40))"""
OUTSIDE = """() => [...document.querySelectorAll('svg text')]
    .filter(one => { const box = one.getBoundingClientRect(), all = one.ownerSVGElement
        .getBoundingClientRect(); return box.right > all.right + 1 || box.left < all.left - 1; })
    .map(one => one.textContent)"""
LEVELS = "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => +one.tagName[1])"


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_a_page_opens_in_silence_and_asks_nobody(
    name: str, width: int, opened: Open, address: Callable[[str], str]
) -> None:
    found = opened(name, width)
    assert found.said == []
    assert [url for url in found.requests if not url.startswith("data:")] == [address(name)]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_nobody_has_to_scroll_sideways(name: str, width: int, opened: Open) -> None:
    found = opened(name, width)
    assert found.ask("document.documentElement.scrollWidth") <= width
    assert found.ask(WIDER) == []
    assert found.ask(HIDDEN) == []
    assert found.ask(OUTSIDE) == []


def test_headings_begin_with_one_and_leave_no_level_out(name: str, opened: Open) -> None:
    levels = opened(name).ask(LEVELS)
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_everybody_can_read_it(name: str, width: int, scheme: str, opened: Open) -> None:
    found = Axe().run(opened(name, width, color_scheme=scheme).page)
    assert found.violations_count == 0, found.generate_report()


def test_paper_takes_all_of_it(name: str, opened: Open, tmp_path: Path) -> None:
    found = opened(name, PAPER, media="print")
    assert found.ask(WIDER) == []
    assert found.ask(OUTSIDE) == []
    printed = tmp_path / "printed.pdf"
    found.page.pdf(path=printed, format="A4")
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))
    height = found.ask("document.documentElement.scrollHeight")
    assert 1 <= sheets <= 3 + height / 600
