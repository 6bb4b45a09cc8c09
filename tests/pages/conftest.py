"""The generated pages, written once, and Debian's Chromium to open them in.

`make pages` runs what stands here; `make test` does not, so that it needs no browser.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[2] / "build/pages"
"""Pages stay there after the tests, for people to look at."""

NO_CHROMIUM = "There is no chromium here to open the pages in: apt-get install chromium."
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = 1280
"""A width in CSS pixels."""


def _beside(name: str) -> ModuleType:
    """Load a file of this directory: tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


writing = _beside("write_pages")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", writing.PAGES)


@pytest.fixture(scope="session")
def written() -> dict[str, Path]:
    """Write every page in a process of its own, as many at a time as there are cores."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_write, writing.WRITERS))
    found = {path.stem: path for path in FOLDER.glob("*.html")}
    assert sorted(found) == sorted(writing.PAGES)
    return found


def _write(name: str) -> None:
    script = Path(__file__).parent / "write_pages.py"
    subprocess.run(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, str(script), name, str(FOLDER)], check=True, timeout=300
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.exit(NO_CHROMIUM, returncode=1)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield found
        found.close()


@dataclass
class Opened:
    """A page that is open, with what it said on the console and what it asked the network for."""

    page: Page
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def ask(self, script: str) -> Any:  # noqa: ANN401 - whatever the script finds
        """Return what a script finds in the page."""
        return self.page.evaluate(script)


@pytest.fixture
def opened(browser: Browser, written: dict[str, Path]) -> Iterator[Callable[..., Opened]]:
    """Open a page of a name at a width, in a colour scheme and for a medium."""
    contexts = []

    def open_page(name: str, width: int = DESKTOP, **media: str) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.on("console", lambda message: found.said.append(message.text))
        found.page.on("pageerror", lambda error: found.said.append(str(error)))
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.emulate_media(**media)
        found.page.goto(written[name].as_uri())
        return found

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def address(written: dict[str, Path]) -> Callable[[str], str]:
    return lambda name: written[name].as_uri()
