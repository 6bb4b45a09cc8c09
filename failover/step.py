"""What a step of a recovery is: declared data, a pure question and one idempotent act.

Each kind lives in `failover.steps`; a plan orders them, `failover.assess` asks the questions and
`failover.act` acts. Law, tested for all: `do` twice equals once; interrupted anywhere and repeated
it ends done.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from continuity.journal import EntryKind, Fact
from continuity.permissions import Permission
from continuity.zone import SiteName
from failover.estimates import Estimate
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.run import Run


@dataclass(frozen=True)
class Settled:
    """What an act itself knows to be true: the engine journals it without looking again."""

    sentence: str
    kind: EntryKind = EntryKind.DONE
    data: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Step(ABC):
    """One thing to do. `what` reads after "about to".

    `site` is the site that it touches, `identifier` the database instance that it looks at. A
    `best_effort` step that fails leaves a verdict and holds nothing up. `deadline_s` counts from
    the step's newest intent. `silent` steps only wait: they leave no intent. `poll_s` is how often
    to look while there is nothing to do. A step `instead_of` another begins only when that one
    gave up, and then settles what needs it. `refused_s` is how long AWS may refuse it for good
    before it gives up, if it then `gives_way`; None means until the deadline. `refused_looks` are
    what must be looked at to answer that. A `gated` step waits for approval although it can be
    undone.
    """

    name: str
    what: str
    needs: frozenset[str]
    site: SiteName
    estimate: Estimate
    deadline_s: float
    permissions: tuple[Permission, ...] = ()
    looks: frozenset[Look] = frozenset()
    database: str | None = None
    identifier: str | None = None
    instead_of: str | None = None
    irreversible: bool = False
    gated: bool = False
    best_effort: bool = False
    silent: bool = False
    poll_s: float = 15.0
    refused_s: float | None = None
    refused_looks: frozenset[Look] = frozenset()

    @abstractmethod
    def done(self, seen: Observation) -> bool:
        """Say whether the world is already as this step wants it. Unknown is not done."""

    @abstractmethod
    def do(self, hands: Hands, seen: Observation) -> Settled | None:
        """Act once, idempotently; None means: what came of it will be observed.

        Raises:
            HoldfastError: it did not work; the engine tries again until the deadline.
        """

    def looks_now(self, seen: Run) -> frozenset[Look]:
        """Return what must be looked at before this step is judged, at this point of a run."""
        del seen
        return self.looks

    def pause_s(self, seen: Observation) -> float | None:
        """Return how long there is nothing to do but wait; None means: act now."""
        del seen
        return None

    def hopeless(self, seen: Observation) -> str | None:
        """Return why trying on is useless; None while there is hope."""
        del seen
        return None

    def gives_way(self, seen: Observation) -> bool:
        """Say whether to give up what AWS has refused for good for `refused_s`."""
        del seen
        return True

    def refusal(self, seen: Observation) -> str | None:
        """Return why this step may not be done without a person's consent."""
        del seen
        return None

    def named(self, seen: Run) -> frozenset[str]:
        """Return the database instances that this step looks at, at this point of a run."""
        del seen
        return frozenset() if self.identifier is None else frozenset({self.identifier})

    def decides_anew(self, seen: Observation) -> bool:
        """Say whether what is done now is not what the newest intent says: another one is due."""
        del seen
        return False

    def announce(self, seen: Observation) -> str:
        """Return the sentence of an intent."""
        del seen
        return f"About to {self.what}."

    def report(self, seen: Observation) -> str:
        """Return the sentence of the entry that settles this step, once it is done."""
        del seen
        return f"Done: {self.what}."

    def facts(self, seen: Observation) -> Mapping[str, Fact]:
        """Return what the intent records beside its sentence."""
        del seen
        return {}

    def results(self, seen: Observation) -> Mapping[str, Fact]:
        """Return what the entry that settles this step records beside its sentence."""
        del seen
        return {}
