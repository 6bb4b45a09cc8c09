"""Evidence: what was restored, when, how long it took, and what the checks found in it.

`backup.verify` writes it, `backup.evidence_store` keeps it; `cli`, readiness and the estimates of
failover plans read it. Values and pure rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from backup.points import Kind, Series
from backup.verify_patience import since
from backup.verify_subject import Result, Role, Trial

TRUSTED_FOR = timedelta(days=14)
"""How long a proof says something about today: two weekly verifications, one of which may fail."""


class Verdict(StrEnum):
    """What a trial showed."""

    PROVEN = "proven"  # it was restored, and every check was met
    REFUTED = "refuted"  # it was restored, and its content is wrong
    UNPROVEN = "unproven"  # it could not be tried: that says nothing about its content


@dataclass(frozen=True)
class Evidence:
    """One trial's outcome.

    `restore_s` counts from the request to what was restored being there, `check_s` from there to
    the answers; None where it never came to that. `region` is where it was tried.
    """

    series: Series
    point: str
    taken_at: datetime
    region: str
    role: Role
    seed: str
    by: str
    began: datetime
    ended: datetime
    verdict: Verdict
    why: str
    size_gb: int
    restore_s: float | None
    check_s: float | None
    results: tuple[Result, ...] = ()

    @property
    def key(self) -> str:
        """Return what this trial's evidence is kept under: the same on every repeat."""
        return f"{self.began:%Y-%m-%dT%H:%M:%S}Z {self.point}"


Proofs = Mapping[Series, tuple[Evidence, ...]]
"""All evidence of each series, the oldest first."""


def verdict(results: Sequence[Result]) -> tuple[Verdict, str]:
    """Return what the checks show, with the first reason."""
    wrong = [one for one in results if one.met is False]
    silent = [one for one in results if one.met is None]
    if wrong:
        return Verdict.REFUTED, "; ".join(_told(one) for one in wrong)
    if silent:
        return Verdict.UNPROVEN, "; ".join(_told(one) for one in silent)
    return Verdict.PROVEN, ""


def _told(result: Result) -> str:
    return f"{result.name}: expected {result.expected}, found {result.found}"


def of_trial(trial: Trial, now: datetime, results: Sequence[Result], why: str = "") -> Evidence:
    """Return the evidence of a trial that ends now; `why` is given where it could not be tried."""
    found, reason = (Verdict.UNPROVEN, why) if why else verdict(results)
    ready = trial.ready
    return Evidence(
        series=trial.series,
        point=trial.point,
        taken_at=trial.taken_at,
        region=trial.region,
        role=trial.role,
        seed=trial.seed,
        by=trial.by,
        began=trial.began,
        ended=now,
        verdict=found,
        why=reason,
        size_gb=trial.size_gb,
        restore_s=None if ready is None else (ready - since(trial)).total_seconds(),
        check_s=None if ready is None else (now - ready).total_seconds(),
        results=tuple(results),
    )


def proven(found: Iterable[Evidence]) -> Evidence | None:
    """Return the newest evidence that proves something, of those that are given."""
    good = [one for one in found if one.verdict is Verdict.PROVEN]
    return max(good, key=lambda one: one.ended, default=None)


def last(found: Iterable[Evidence]) -> Evidence | None:
    """Return the newest evidence, whatever it shows."""
    return max(found, key=lambda one: one.ended, default=None)


def dumped(evidence: Evidence) -> dict[str, Any]:
    """Return evidence as JSON types, keys that stay."""
    return {
        **asdict(evidence),
        "series": asdict(evidence.series),
        **{name: getattr(evidence, name).isoformat() for name in _MOMENTS},
        "results": [asdict(one) for one in evidence.results],
    }


def loaded(stored: Mapping[str, Any]) -> Evidence:
    """Return evidence from JSON types.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    series = stored["series"]
    return Evidence(
        **{
            **stored,
            "series": Series(series["zone"], series["resource"], Kind(series["kind"])),
            "role": Role(stored["role"]),
            "verdict": Verdict(stored["verdict"]),
            **{name: datetime.fromisoformat(stored[name]) for name in _MOMENTS},
            "results": tuple(Result(**one) for one in stored["results"]),
        }
    )


_MOMENTS = ("taken_at", "began", "ended")
