"""What operators read about diagnoses is what the engine's table says."""

import re
from pathlib import Path

from failover.answers import ANSWERS
from failover.diagnose import Diagnosis

PAGE = (Path(__file__).parents[2] / "docs/guide/diagnoses.md").read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """Return each section of the page by its heading, on one line."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:]
    return {
        name: " ".join(text.split()) for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_the_page_has_the_sections_of_the_table_and_no_other() -> None:
    assert list(sections()) == [str(one) for one in ANSWERS]
    assert set(ANSWERS) == set(Diagnosis)


def test_each_section_says_what_its_row_says() -> None:
    for name, answer in ANSWERS.items():
        recovery = "none" if answer.recovery is None else answer.recovery.name
        alone = "yes" if answer.alone else "no"
        assert sections()[name] == (
            f"{answer.meaning} - Recovery: {recovery} - May begin alone: {alone} "
            f"- Needs from a person: {answer.needs}"
        )
