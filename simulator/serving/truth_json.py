"""What is true of a hosted zone, as JSON: the control interface tells it."""

from simulator.outages import Outage
from simulator.serving.hosted import HostedZone
from simulator.truth import DatabaseReport


def as_json(zone: HostedZone) -> dict[str, object]:
    """Return outages, losses and broken promises up to now; moments in ISO 8601."""
    report = zone.truth.report()
    return {
        "zone": zone.manifest.zone,
        "at": report.at.isoformat(),
        "served_by": str(report.served_by),
        "recovered": report.recovered,
        "outage_s": report.outage_s,
        "outages": [_outage(one) for one in report.outages],
        "databases": [_database(one) for one in report.databases],
        "violations": [str(one) for one in zone.violations],
    }


def _outage(outage: Outage) -> dict[str, object]:
    end = outage.ended
    return {"began": outage.began.isoformat(), "ended": end.isoformat() if end else None}


def _database(report: DatabaseReport) -> dict[str, object]:
    return {
        "name": report.name,
        "writable": sorted(report.writable),
        "acknowledged": report.acknowledged,
        "outage_s": report.outage_s,
        "lost_rows": report.lost.rows,
        "data_loss_s": report.lost.seconds,
    }
