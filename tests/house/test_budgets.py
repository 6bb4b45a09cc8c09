"""Sizes: what a reader can take in at once. The numbers are the developers' own."""

from statistics import median
from typing import Any

SourceFiles = list[Any]


def test_no_file_of_the_program_is_longer_than_350_lines(sources: SourceFiles) -> None:
    assert [(file.name, file.lines) for file in sources if file.lines > 350] == []


def test_half_of_the_files_have_at_most_130_lines(sources: SourceFiles) -> None:
    assert median(file.lines for file in sources) <= 130


def test_no_function_is_longer_than_40_lines(sources: SourceFiles) -> None:
    assert [one for file in sources for one in file.functions() if one[1] > 40] == []


def test_half_of_the_functions_have_at_most_10_lines(sources: SourceFiles) -> None:
    assert median(lines for file in sources for _, lines in file.functions()) <= 10


def test_no_file_of_tests_is_longer_than_450_lines(tests: SourceFiles) -> None:
    assert [(file.name, file.lines) for file in tests if file.lines > 450] == []


def test_no_function_of_tests_is_longer_than_80_lines(tests: SourceFiles) -> None:
    assert [one for file in tests for one in file.functions() if one[1] > 80] == []


def test_the_program_that_pulumi_runs_is_shorter_than_60_lines(sources: SourceFiles) -> None:
    assert [file.lines for file in sources if file.name == "__main__.py"] < [60]
