"""The verdict for programs: the stable object that `holdfast drill --format json` prints.

Equal verdicts give equal text: the order of keys is fixed and seconds have one decimal.
"""

from dataclasses import asdict

from drill.verdict import DatabaseVerdict, Measure, Verdict


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return the verdict as JSON types; with `messages` where the drill had channels."""
    read = [{**asdict(one), "at": one.at.isoformat()} for one in verdict.facts.read]
    return {
        **_agreed(verdict),
        **({"messages": read} if read else {}),
    }


def _agreed(verdict: Verdict) -> dict[str, object]:
    """Return the fields that are always there."""
    return {
        "scenario": verdict.scenario,
        "zone": verdict.zone,
        "outcome": str(verdict.outcome),
        "rto": _measure(verdict.rto),
        "rpo": _measure(verdict.rpo),
        "floor_s": _seconds(verdict.floor_s),
        "phases": [
            {"name": phase.name, "seconds": _seconds(phase.seconds)} for phase in verdict.phases
        ],
        "databases": [_database(database) for database in verdict.databases],
        "violations": list(verdict.violations),
        "api_calls": dict(verdict.api_calls),
        "journal": [entry.as_json() for entry in verdict.journal],
    }


def _measure(measure: Measure) -> dict[str, object]:
    return {
        "objective_s": _seconds(measure.objective_s),
        "measured_s": _seconds(measure.measured_s),
        "met": measure.met,
    }


def _database(database: DatabaseVerdict) -> dict[str, object]:
    claimed = database.claimed_loss_s
    return {
        "name": database.name,
        "source": database.source,
        "data_loss_s": _seconds(database.data_loss_s),
        "claimed_loss_s": None if claimed is None else _seconds(claimed),
    }


def _seconds(value: float) -> float:
    return round(value, 1)
