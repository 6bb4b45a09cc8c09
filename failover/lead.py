"""One person's `start` or `resume`: drive a run to its end, or say why there is none to drive.

The CLI calls `lead`. A driver that finds another one at work looks on until it knows: a lease
that moves has a driver, one that stands still is taken over by the engine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from continuity.errors import HeldByAnother, HoldfastError, InvalidInput, Problem, Refusal
from continuity.journal import Entry
from continuity.manifest import Manifest
from failover import decisions
from failover.declarations import (
    check_in_time,
    declare_corrupted,
    declare_order,
    declare_since,
)
from failover.engine import Engine
from failover.options import Options
from failover.progress import Progress, State
from failover.surroundings import Surroundings


@dataclass(frozen=True)
class Consent:
    """A person's word that one database may lose data, and why."""

    database: str
    reason: str


@dataclass(frozen=True)
class Driver:
    """Who leads. `owner` is unique to this process, `person` is the caller's ARN."""

    owner: str
    person: str
    consents: tuple[Consent, ...] = ()
    stay: bool = False
    """Keep watching a healthy zone, behind another driver, and the site that a run has left."""


def check_consents(manifest: Manifest, consents: Sequence[Consent]) -> None:
    """Raise InvalidInput for a database that the zone does not have."""
    known = [database.name for database in manifest.databases]
    unknown = [one.database for one in consents if one.database not in known]
    if unknown:
        message = f"{manifest.zone} has {', '.join(known)}"
        problems = [
            Problem("--accept-data-loss", f"there is no {one!r}; {message}") for one in unknown
        ]
        raise InvalidInput("The consent", problems)


def lead(
    around: Surroundings, driver: Driver, options: Options, watch: Callable[[Progress], None]
) -> Progress:
    """Tick until the run is over; return the last word.

    Raises:
        HeldByAnother: another driver is at work (`stay` watches behind it instead).
        Refusal: there is nothing to recover (`stay` watches instead), or not again so soon.
    """
    return _Lead(around, driver, options, watch).run()


class _Lead:
    def __init__(
        self,
        around: Surroundings,
        driver: Driver,
        options: Options,
        watch: Callable[[Progress], None],
    ) -> None:
        self._around = around
        self._driver = driver
        self._watch = watch
        self._options = options
        self._engine = Engine(around, driver.owner, options)
        self._unsaid = [
            *(partial(declare_since, around, one) for one in (options.since,) if one),
            *(partial(declare_corrupted, around, one) for one in options.declared),
            *(partial(declare_order, around, one) for one in (options.move,) if one),
            *(partial(_consent, around, driver.person, one) for one in driver.consents),
        ]
        self._told: list[str] = []
        self._led = False
        self._rival: tuple[str, int] | None = None

    def run(self) -> Progress:
        clock = self._around.clock
        self._check_in_time()
        while True:
            progress = self._engine.tick()
            self._watch(progress)
            if progress.state is State.WATCHING:
                if self._led and not self._driver.stay:
                    return progress
                self._judge_idleness(progress)
            elif progress.state is State.ABORTED or (progress.state.over and not self._driver.stay):
                return self._end(progress)
            else:
                self._led = True
                self._say()
            if progress.wait > 0:
                clock.sleep(progress.wait)

    def _end(self, progress: Progress) -> Progress:
        """Tell the end of a run that we saw from one that was over before we came."""
        if self._led or self._rival is not None:
            return progress
        run = decisions.current(self._around)
        name = "" if run is None else run.name
        raise Refusal(progress.sentence, f"Start again with --acknowledge {name} if it must be.")

    def _judge_idleness(self, progress: Progress) -> None:
        """Refuse where there is nothing to drive; wait where it is not known yet."""
        try:
            lease = self._around.memory.read_lease()
        except HoldfastError:
            return
        zone = self._around.manifest.zone
        if lease is None or not lease.owner or lease.owner == self._driver.owner:
            if not self._driver.stay:
                raise Refusal(
                    f"There is nothing to recover in {zone}: {progress.sentence}",
                    "Start with --watch to wait for the day.",
                )
            return
        self._say()
        seen = (lease.owner, lease.version)
        if self._rival is not None and seen != self._rival and not self._driver.stay:
            drives = f"{lease.owner} drives {lease.run} of {zone} and renews its lease."
            raise HeldByAnother(
                " ".join([drives, *self._told, *self._after()]),
                f"Let it, and follow it with `holdfast failover status {zone}`; "
                "--watch takes over should it stop.",
            )
        self._rival = seen

    def _say(self) -> None:
        """Journal what a person said beforehand, as soon as there is a run to say it to.

        Whoever drives reads it at the next tick, this driver or another one.

        Raises:
            Refusal: the open run cannot take it any more.
        """
        self._check_in_time()
        for say in tuple(self._unsaid):
            try:
                entry = say()
            except HoldfastError:
                return
            self._unsaid.remove(say)
            self._told.append(f"It is told: {entry.sentence.rstrip('.')}.")

    def _after(self) -> list[str]:
        """Say what follows from what the driver at work was told."""
        if self._unsaid:
            return ["It was not told everything: say it again in a minute."]
        if not self._options.declared and self._options.move is None:
            return []
        return ["It looks at this at its next tick; where the plan changes, it is approved anew."]

    def _check_in_time(self) -> None:
        """Refuse a word that an open run cannot take any more, before anything is done.

        Raises:
            Refusal: what the word is about was begun; the sentence says how to lift it.
        """
        if not self._options.declared or not self._unsaid:
            return
        try:
            run = decisions.current(self._around)
        except HoldfastError:
            return
        if run is None or run.end is not None:
            return
        for one in self._options.declared:
            check_in_time(self._around, run, one)


def _consent(around: Surroundings, person: str, consent: Consent) -> Entry:
    return decisions.consent(around, person, consent.database, consent.reason)
