"""What is wrong, in an operator's words: a closed list, and the rule that picks from it.

`failover.engine` calls `diagnose` while a zone is watched; `failover.decide` maps the diagnosis
to a recovery. Detection does not always lead to recovery. Pure.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from continuity.journal import Entry, EntryKind
from failover.observation import Observation
from failover.options import Options
from failover.run import Run


class Diagnosis(StrEnum):
    """Everything that this engine can really tell apart."""

    HEALTHY = "healthy"  # clients are served
    PLATFORM_SILENT = "platform silent"  # clients are not served, but the region's API answers
    REGION_SUSPECTED = "region suspected"  # both signals fail, not yet long enough
    REGION_LOST = "region lost"  # both signals failed long enough, we see the standby well
    BLIND = "blind"  # nothing answers us, not even the standby's region: we may be cut off


@dataclass(frozen=True)
class Finding:
    """A diagnosis, the sentence that explains it, and since when both signals have failed."""

    diagnosis: Diagnosis
    sentence: str
    since: datetime | None = None


def diagnose(seen: Observation, options: Options) -> Finding:
    """Judge by two independent signals; one alone never means that a region is lost.

    The signals are the platform's answer to an outside client, and the answer of the serving
    region's API. A reading that failed for want of sight counts as not answering.
    """
    region = seen.manifest.serving_site.region
    if seen.serving.value:
        return Finding(Diagnosis.HEALTHY, _healthy(seen))
    if seen.serving_region.value:
        return Finding(
            Diagnosis.PLATFORM_SILENT,
            f"Clients of {seen.manifest.zone} are not served, but {region} answers: "
            "this is not a region loss and needs people.",
        )
    if not seen.standby_region.value:
        return Finding(
            Diagnosis.BLIND,
            f"Neither {region} nor {seen.manifest.standby_site.region} answers: "
            "we may be the ones who are cut off.",
        )
    return _lost(seen, options)


def _healthy(seen: Observation) -> str:
    sentence = f"{seen.manifest.zone} is served from {seen.manifest.serving_site.region}."
    if seen.standby_region.value:
        return sentence
    standby = seen.manifest.standby_site.region
    return f"{sentence} {standby} does not answer us: it could not take over now."


def _lost(seen: Observation, options: Options) -> Finding:
    region = seen.manifest.serving_site.region
    streak = failing_streak(seen.run)
    since = streak[0].at if streak else seen.now
    lasted = (seen.now - since).total_seconds()
    readings = len(streak) + 1
    told = f"{readings} failing reading{'s' * (readings > 1)} over {lasted:.0f} s"
    if readings < options.readings or lasted < options.confirm_s:
        return Finding(
            Diagnosis.REGION_SUSPECTED,
            f"{region} answers neither clients nor its API: {told}; "
            f"{options.readings} over {options.confirm_s:.0f} s make it certain.",
            since,
        )
    return Finding(
        Diagnosis.REGION_LOST,
        f"{region} is lost: neither clients nor its API got an answer, {told}.",
        since,
    )


def failing_streak(run: Run) -> tuple[Entry, ...]:
    """Return the newest unbroken row of journaled readings at which both signals failed."""
    streak: list[Entry] = []
    for entry in reversed(run.of(EntryKind.SUSPECTED)):
        if not entry.data["both"]:
            break
        streak.append(entry)
    return tuple(reversed(streak))


def worth_noting(run: Run, diagnosis: Diagnosis, readings: int) -> bool:
    """Say whether a failing reading tells the journal something that it does not know.

    The first one does, a change does, and as many as certainty needs; an outage of hours must
    not fill the journal.
    """
    noted = run.of(EntryKind.SUSPECTED)
    both = diagnosis in (Diagnosis.REGION_SUSPECTED, Diagnosis.REGION_LOST)
    if not noted or bool(noted[-1].data["both"]) is not both:
        return True
    return both and len(failing_streak(run)) < readings
