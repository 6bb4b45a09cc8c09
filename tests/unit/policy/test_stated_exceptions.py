import pytest

from continuity.errors import InvalidInput
from policy import excuses
from policy.excuses import StatedException, excused, read
from policy.judge import stated_exceptions
from policy.rule import Finding, Level

RULES = ("sites-equal-databases", "roles-complete")
SMALL = Finding("sites-equal-databases", Level.MANDATORY, "t1-orders-away-1", "urn", "is smaller.")
ROLES = Finding("roles-complete", Level.MANDATORY, "", "", "There is no role.")
STATED = StatedException("t1", "sites-equal-databases", "t1-orders-away-1", "Until May.")
TEXT = """
[[exception]]
zone = "t1"
rule = "sites-equal-databases"
resource = "t1-orders-away-1"
reason = "Until May."
"""


def test_an_exception_is_read_with_its_reason() -> None:
    assert read(TEXT, RULES) == (STATED,)


def test_those_that_stand_beside_the_rules_are_sound() -> None:
    assert stated_exceptions() == ()


def test_an_excused_breach_is_still_told_and_stops_nothing() -> None:
    first, second = excused("t1", [SMALL, ROLES], [STATED])
    assert not first.is_mandatory
    assert str(first) == "t1-orders-away-1: is smaller. Excused: Until May."
    assert second == ROLES
    assert second.is_mandatory


def test_an_exception_of_another_zone_excuses_nothing_here() -> None:
    assert list(excused("t2", [SMALL], [STATED])) == [SMALL]


def test_an_exception_that_excuses_nothing_is_told() -> None:
    [unused] = excused("t1", [], [STATED])
    assert (unused.rule, unused.is_mandatory) == (excuses.UNUSED, False)
    assert "take it out of policy/exceptions.toml" in unused.sentence


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (TEXT.replace("sites-equal-databases", "nothing"), "there is no rule 'nothing'"),
        (TEXT.replace("Until May.", ""), "exception[0].reason"),
        (TEXT + 'until = "May"', "exception[0].until"),
        ("[[exception", "is not TOML"),
        ("other = 1", "other"),
    ],
)
def test_an_exception_that_says_too_little_is_refused(broken: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(broken, RULES)
    assert said in str(caught.value)
