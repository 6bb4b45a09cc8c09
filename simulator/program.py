"""Runs a Pulumi program without the CLI: the real `__main__.py`, against the simulated world.

`simulator.deployment` and `simulator.preview` call `run_program`; tests of single components call
`run_inline`. Everything runs on the calling thread in a reproducible order.
"""

import asyncio
import contextlib
import contextvars
import gc
import itertools
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import mocks, resource, settings
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.stack import run_in_stack

from continuity.errors import HoldfastError, PermanentError
from simulator import guard
from simulator.changes import Change
from simulator.modules import program_modules
from simulator.monitor import Monitor
from simulator.project import encoded, project, stack_config
from simulator.resources.invokes import invokes
from simulator.resources.table import HANDLERS
from simulator.state import Resource, StackState
from simulator.updating import StackUpdate
from simulator.values import Properties


@dataclass(frozen=True)
class Outcome:
    """What a run registered, exported and changed, and the state for the next run.

    After a preview `state` is the one before, and `refusals` are the sentences with which a real
    run would stop at protected resources.
    """

    resources: tuple[Resource, ...]
    exports: Properties
    changes: tuple[Change, ...]
    state: StackState
    refusals: tuple[str, ...] = ()

    def of(self, type_token: str) -> tuple[Resource, ...]:
        """Return the resources of a type, `aws:rds/instance:Instance`."""
        return tuple(resource for resource in self.resources if resource.type == type_token)

    def named(self, name: str) -> Resource:
        """Return the only resource of a name; `KeyError` if there is none or several."""
        found = [resource for resource in self.resources if resource.name == name]
        if len(found) != 1:
            raise KeyError(f"{len(found)} resources are named {name!r}")
        return found[0]


class ProgramFailed(PermanentError):
    """The program did not run to its end. `state` is what exists nevertheless."""

    def __init__(self, errors: tuple[str, ...], state: StackState) -> None:
        self.errors = errors
        self.state = state
        super().__init__("The Pulumi program failed:\n" + "\n".join(f"  {line}" for line in errors))


def run_program(
    project_dir: Path,
    stack: str,
    *,
    state: StackState | None = None,
    preview: bool = False,
    config: Mapping[str, object] | None = None,
) -> Outcome:
    """Run a project's program for a stack; `config` overrides keys of the stack's file.

    Raises:
        InvalidInput: the stack is unknown, or the program refuses its config.
        ProgramFailed: a resource or the program itself failed; names every error.
    """
    found = project(project_dir)
    values = {**stack_config(project_dir, stack), **(config or {})}

    def program() -> None:
        try:
            runpy.run_path(str(found.main), run_name="__main__")
        except SystemExit as error:
            raise PermanentError(f"The program left with sys.exit({error.code}).") from error

    with (
        program_modules(found.main),
        contextlib.chdir(found.main),
        contextlib.redirect_stdout(sys.stderr),  # our own stdout may be JSON
        guard.loopback_only(),
    ):
        run = _Run(found.name, stack, values, state or StackState(), preview)
        return run.outcome(program)


def run_inline(
    program: Callable[[], None],
    *,
    stack: str = "test",
    config: Mapping[str, object] | None = None,
    state: StackState | None = None,
    preview: bool = False,
) -> Outcome:
    """Run a function as the program of a stack of the project `holdfast`."""
    return _Run("holdfast", stack, config or {}, state or StackState(), preview).outcome(program)


@dataclass(frozen=True)
class _Run:
    project: str
    stack: str
    config: Mapping[str, object]
    before: StackState
    preview: bool

    def outcome(self, program: Callable[[], None]) -> Outcome:
        update = StackUpdate(self.before, HANDLERS, preview=self.preview)
        monitor = Monitor(update, invokes(f"{self.stack}:{self.before.serial}"))
        try:
            # Pulumi's settings live in context variables: a copy keeps runs apart.
            contextvars.copy_context().run(self._loop, program, monitor)
            update.finish()
        except HoldfastError as error:
            if monitor.failures or isinstance(error, PermanentError):
                raise _failed(monitor, error) from error
            raise
        except Exception as error:
            raise _failed(monitor, error) from error
        return Outcome(
            resources=tuple(update.resources.values()),
            exports=monitor.exports,
            changes=tuple(update.changes),
            state=self.before if self.preview else update.state,
            refusals=tuple(update.refusals),
        )

    def _loop(self, program: Callable[[], None], monitor: Monitor) -> None:
        settings.reset_options(project=self.project, stack=self.stack, preview=self.preview)
        settings.configure(self._settings(monitor))
        pulumi.runtime.set_all_config(encoded(self.config))
        loop = asyncio.new_event_loop()
        loop.set_default_executor(_Inline())
        unseen: list[dict[str, Any]] = []
        loop.set_exception_handler(lambda _, context: unseen.append(context))
        asyncio.set_event_loop(loop)
        try:
            with _numbered_resources(), _unlocated_resources(), collecting_nothing():
                loop.run_until_complete(run_in_stack(program))
        finally:
            _wind_up(loop)
        for context in unseen:
            if isinstance(context.get("exception"), Exception):
                raise context["exception"]

    def _settings(self, monitor: Monitor) -> mocks.MockSettings:
        info = monitor.GetDeploymentInfo(empty_pb2.Empty())  # type: ignore[no-untyped-call]
        return mocks.MockSettings(  # type: ignore[no-untyped-call]
            monitor=monitor,
            monitor_features=set(info.supportedFeatures),
            engine=mocks.MockEngine(None),
            project=self.project,
            stack=self.stack,
            dry_run=self.preview,
            organization="organization",
            callbacks=None,
        )


class _Inline(ThreadPoolExecutor):
    """Runs each call at once on the calling thread: the order of calls is the program's.

    The SDK sends its requests through the loop's executor, which must be of this class.
    """

    def submit(
        self, function: Callable[..., Any], /, *args: object, **kwargs: object
    ) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever awaits the future raises it
            future.set_exception(error)
        return future


@contextlib.contextmanager
def _numbered_resources() -> Iterator[None]:
    """Give resources hashes in the order of their making.

    The SDK walks sets of resources, and a hash from the address in memory would make the order of
    registration, and with it every generated id, differ from run to run.
    """
    numbers = itertools.count()

    def number(resource: pulumi.Resource) -> int:
        found: int = resource.__dict__.setdefault("_number", next(numbers))
        return found

    with mock.patch.object(pulumi.Resource, "__hash__", number):
        yield


@contextlib.contextmanager
def _unlocated_resources() -> Iterator[None]:
    """Let the SDK not find out which line asked for a resource.

    An engine shows it, here nobody reads it, and looking took a sixth of a run's time.
    """
    with mock.patch.object(resource, "_get_stack_trace", source_pb2.StackTrace):
        yield


@contextlib.contextmanager
def collecting_nothing() -> Iterator[None]:
    """Let the garbage collector rest during a run.

    What a run makes stays; looking at it again and again took a third of a deployment's time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _wind_up(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what a failed program left behind, so that nothing outlives the run."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    asyncio.set_event_loop(None)
    loop.close()


def _failed(monitor: Monitor, error: Exception) -> ProgramFailed:
    errors = tuple(str(failure) for failure in monitor.failures)
    own = str(error) if isinstance(error, PermanentError) else f"{type(error).__name__}: {error}"
    return ProgramFailed(errors or (own,), monitor.update.state)
