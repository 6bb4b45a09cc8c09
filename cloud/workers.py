"""Threads as `continuity.clock.Workers`, for real runs; the simulator brings virtual ones."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class ThreadWorkers:
    """At most `width` threads at a time; they live only while `run` does."""

    def __init__(self, width: int = 8) -> None:
        self.width = width

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """Run all tasks concurrently and return their results in the order of the tasks.

        Every task is finished when this returns. The first error in task order is raised then.
        """
        if not tasks:
            return []
        with ThreadPoolExecutor(min(self.width, len(tasks))) as pool:
            futures = [pool.submit(task) for task in tasks]
        return [future.result() for future in futures]
