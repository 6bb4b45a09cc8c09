import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.plan.cron_words import cron_words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("cron(0 0,2,4 * * ? *)", "00:00, 02:00 and 04:00 every day"),
        ("cron(45 5 * * ? *)", "05:45 every day"),
        ("cron(30 23 ? * * *)", "23:30 every day"),
        ("cron(0 6 ? * SUN#1 *)", "06:00 on the first Sunday of the month"),
        (
            "cron(11/15 0,1,2 ? * SUN,MON *)",
            "every 15 minutes from 00:11 to 02:56 on Sunday and Monday",
        ),
    ],
)
def test_schedules_are_told_in_words(expression: str, words: str) -> None:
    assert cron_words(expression) == words


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 day)",
        "cron(0 6 1 * ? *)",
        "cron(11/15 23,0 ? * SUN *)",
        "cron(0 6 ? * L *)",
        "cron(5/0 6 ? * * *)",
        "cron(0 6-8 ? * SUN *)",
        "cron(0 6 ? * XYZ#1 *)",
    ],
)
def test_what_has_another_form_is_repeated_and_never_guessed(expression: str) -> None:
    assert cron_words(expression) == expression


FIELDS = r"cron\([0-9/,*?-]{1,4} [0-9,-]{1,5} [*?] \* ([*?]|[A-Z]{3}(#[0-9])?(,[A-Z]{3})?) \*\)"


@settings(max_examples=50)
@given(st.from_regex(FIELDS, fullmatch=True))
def test_no_schedule_is_too_strange_to_be_told(expression: str) -> None:
    assert cron_words(expression)
