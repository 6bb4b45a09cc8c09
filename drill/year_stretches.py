"""A year, played on as many processor cores as there are: stretches of it side by side.

`cli.year_command` calls it. A zone that has run for long looks the same at the end of every stretch
as one that begins with that past; so the stretches of a year without faults can be played at once,
and what each one leaves is held against what the next one began with. A year with faults is played
in one piece: their consequences reach on.
"""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from continuity.errors import HoldfastError, InvalidInput, PermanentError, Refusal
from drill.moments import passed_on
from drill.progress import Watch
from drill.year import Played
from drill.year_story import YearStory
from drill.year_verdict import YearVerdict, judge

SHORTEST_DAYS = 60
"""Deploying a zone takes as long as some weeks of nights: a shorter stretch is not worth it."""


def run(story: YearStory, watch: Watch, *, project: Path) -> YearVerdict:
    """Play a year and judge it.

    Raises:
        InvalidInput: the story does not fit the zone, or the zone's program is wrong.
    """
    parts = list(stretches(story, os.cpu_count() or 1))
    if len(parts) == 1:
        return judge(story, [_one(parts[0], project, watch)])
    context = multiprocessing.get_context("forkserver")
    with passed_on(context, watch) as put, ProcessPoolExecutor(len(parts), context) as pool:
        started = [pool.submit(_one, part, project, put) for part in parts]
        return judge(story, [future.result() for future in started])


def stretches(story: YearStory, cores: int) -> Iterator[YearStory]:
    """Yield the stretches of a year in order, about equally long."""
    count = 1 if story.faults else max(1, min(cores, story.days // SHORTEST_DAYS))
    begins = [story.days * index // count for index in range(count + 1)]
    for begin, end in pairwise(begins):
        yield replace(story, first=story.first + timedelta(days=begin), days=end - begin)


def _one(story: YearStory, project: Path, watch: Watch) -> Played:
    """Play one stretch, in whichever process; only errors that travel leave it."""
    from drill.year import play

    try:
        return play(story, watch, project=project)
    except (InvalidInput, Refusal):
        raise
    except HoldfastError as error:
        raise PermanentError(f"{story.zone}: {error}") from error
