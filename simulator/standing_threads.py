"""Threads that take one task after the other, so that a year does not begin one for each.

`simulator.clock` begins its tasks on them. A thread that is done waits for the next task, of
whichever world; it keeps nothing of the one before.
"""

import os
import threading
from collections.abc import Callable

Task = Callable[[], object]

_waiting: "list[_Standing]" = []


class _Standing(threading.Thread):
    """One thread. What leaves a task as more than an `Exception` ends it, as any thread."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="task of a world")
        self._task: Task | None = None
        self._given = threading.Lock()
        self._given.acquire()

    def give(self, task: Task) -> None:
        """Let it begin a task; it must be waiting for one."""
        self._task = task
        self._given.release()

    def run(self) -> None:
        """Do what is given, one after the other."""
        while True:
            self._given.acquire()
            task, self._task = self._task, None
            if task is not None:
                task()
            task = None  # the world of a task need not outlive it
            _waiting.append(self)


def begin(task: Task) -> None:
    """Begin a task on a thread of its own, and return at once."""
    try:
        thread = _waiting.pop()
    except IndexError:
        thread = _Standing()
        thread.start()
    thread.give(task)


os.register_at_fork(after_in_child=_waiting.clear)
"""A process that comes from this one has none of its threads."""
