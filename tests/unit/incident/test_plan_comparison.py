from incident.plan.comparison import SHOWN, Difference, differences

PLAN = "# Plan\n\nLead.\n\n## Scope\n\nOne zone.\n\n## Roles\n\nTwo people.\n"


def test_equal_documents_differ_in_nothing() -> None:
    assert differences(PLAN, PLAN) == ()


def test_a_chapter_that_differs_is_named_with_its_lines() -> None:
    now = PLAN.replace("Two people", "Three people")
    lines = ("-Two people.", "+Three people.")
    assert differences(PLAN, now) == (Difference("Roles", "differs", lines),)


def test_what_stands_before_the_first_chapter_counts() -> None:
    (found,) = differences(PLAN, PLAN.replace("Lead.", "Other."))
    assert found.chapter == "(before the first chapter)"


def test_a_chapter_that_is_missing_and_one_too_many_are_named() -> None:
    now = PLAN.replace("## Roles", "## People")
    assert [(one.chapter, one.what) for one in differences(PLAN, now)] == [
        ("People", "is missing"),
        ("Roles", "is not part of the plan any more"),
    ]


def test_another_order_of_chapters_is_a_difference() -> None:
    old = "# P\n\n## A\n\nx\n\n## B\n\nx\n\n## C\n\n"
    new = "# P\n\n## B\n\nx\n\n## A\n\nx\n\n## C\n\n"
    assert differences(old, new) == (Difference("the order of chapters", "differs"),)


def test_of_a_long_difference_the_rest_is_counted() -> None:
    now = PLAN.replace("One zone.", "\n".join(f"line {number}" for number in range(40)))
    (found,) = differences(PLAN, now)
    assert len(found.lines) == SHOWN + 1
    assert found.lines[-1] == f"and {41 - SHOWN} lines more"
