from datetime import UTC, datetime

from cli.check_command import as_json
from cli.check_text import as_text
from failover.readiness.finding import blocks, note
from failover.readiness.judge import DatabaseState, Readiness

WHEN = datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_ready_is_two_lines() -> None:
    assert as_text(Readiness("we1", "eu-central-1", WHEN, 64, (), drilled_at=WHEN)) == (
        "we1: READY to move to eu-central-1\n"
        "64 readings at 2026-03-03 09:00:00 UTC: 0 blocking, 0 degrading, 0 to note\n"
        "last drill on record: 2026-03-03\n"
    )


def test_what_each_database_could_be_recovered_from_is_shown_and_unknown_is_not_zero() -> None:
    databases = (
        DatabaseState("orders", 2.4, 290.0, "replicated automated backups", 300.0),
        DatabaseState("catalogue", None, 90_000.0, "snapshot", 93_600.0),
        DatabaseState("messages", 0.0, None, ""),
    )
    said = as_text(Readiness("we1", "eu-central-1", WHEN, 64, (), databases))
    assert said.splitlines()[2:] == [
        "last drill on record: none",
        "",
        "  database   replica lag  real RPO of copies  newest usable copy",
        "  orders     2 s          5 min               5 min old (replicated automated backups)",
        "  catalogue  unknown      26.0 h              25.0 h old (snapshot)",
        "  messages   0 s          unknown             none",
    ]


def test_each_finding_says_how_bad_it_is_and_what_to_do() -> None:
    findings = (
        blocks("image-missing", "away", "the image is not there", "Push it again."),
        note("run-under-way", "we1-7", "ana holds the lease.", "Look at the run."),
    )
    said = as_text(Readiness("we1", "eu-central-1", WHEN, 64, findings))
    assert said.splitlines()[4:] == [
        "  how bad  about  finding",
        "  blocks   away   image-missing",
        "           the image is not there.",
        "           -> Push it again.",
        "  note     we1-7  run-under-way",
        "           ana holds the lease.",
        "           -> Look at the run.",
    ]


def test_json_has_the_same_findings() -> None:
    finding = blocks("image-missing", "away", "the image is not there", "Push it again.")
    found = as_json(Readiness("we1", "eu-central-1", WHEN, 64, (finding,)))
    assert found["counts"] == {"blocks": 1, "degrades": 0, "note": 0}
    assert found["findings"] == [
        {
            "name": "image-missing",
            "severity": "blocks",
            "subject": "away",
            "what": "the image is not there",
            "next": "Push it again.",
        }
    ]
