"""The documentation is held to the code: links resolve, decisions are numbered without gaps."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")


def _pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_link_between_pages_resolves() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in _pages()
        for target in LINK.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("0*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_file_named_in_the_documentation_exists() -> None:
    named = re.compile(
        r"`((?:continuity|cloud|stacks|backup|failover|incident|maintenance|simulator|drill|cli|policy|reconcile)/[\w/]+\.\w+)`"
    )
    missing = [
        f"{page.relative_to(ROOT)}: {name}"
        for page in _pages()
        for name in named.findall(page.read_text())
        if not (ROOT / name).exists()
    ]
    assert missing == []
