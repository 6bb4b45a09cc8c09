"""What an incident was: how bad, how long, what it hit, and one timeline of all who wrote."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.critical_functions import CriticalFunction, usual
from continuity.errors import InvalidInput
from continuity.incidents import IncidentEntry, Kind, Source
from continuity.journal import Entry, EntryKind
from continuity.zone import SiteName
from failover.diagnose import Diagnosis
from incident import alarm_message
from incident.measures import durations, impact
from incident.record import Affected, incidents
from incident.severity import EFFECTS, Severity, suggested
from incident.timeline import Line, joined, of_run

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def row(number: int, minutes: float, kind: Kind, **data: str) -> IncidentEntry:
    at = after(minutes)
    return IncidentEntry(number, "we1-away-0001", at, Source.PERSON, "ana", kind, "said", data)


FIRST = row(
    1,
    5,
    Kind.DECLARED,
    title="orders are gone",
    severity="SEV1",
    services="orders",
    since=NOW.isoformat(),
)


def test_times_count_from_when_it_began_and_the_last_recovery_counts() -> None:
    [found] = incidents(
        [
            FIRST,
            row(2, 7, Kind.ACKNOWLEDGED),
            row(3, 8, Kind.AFFECTED, services="platform"),
            row(4, 10, Kind.MOVED, state="recovering"),
            row(5, 20, Kind.MOVED, state="monitoring"),
            row(6, 25, Kind.MOVED, state="recovering"),
            row(7, 26, Kind.AFFECTED, services="orders"),
        ]
    )
    times = durations(found)
    assert (times.detected_s, times.acknowledged_s, times.contained_s) == (300, 420, 600)
    assert times.recovered_s is None
    assert found.affected == (
        Affected("orders", NOW, after(20)),
        Affected("platform", after(8), after(20)),
        Affected("orders", after(26), None),
    )
    hits = {one.function: one for one in impact(found, usual(["orders"]))}
    assert set(hits) == {CriticalFunction.PLATFORM_UPTIME, CriticalFunction.DATA}
    assert (hits[CriticalFunction.DATA].since, hits[CriticalFunction.DATA].until) == (NOW, None)
    assert hits[CriticalFunction.PLATFORM_UPTIME].until == after(20)

    [over] = incidents([*found.entries, row(8, 40, Kind.MOVED, state="monitoring")])
    assert durations(over).recovered_s == 2400
    assert over.hit_now == frozenset()


def test_what_clients_have_again_one_by_one_is_hit_no_longer() -> None:
    [found] = incidents(
        [
            FIRST,
            row(2, 6, Kind.REPORTED, services="orders,files", since=after(-5).isoformat()),
            row(3, 9, Kind.RESTORED, services="orders"),
        ]
    )
    assert found.began_at == after(-5)
    assert found.hit_now == {"files"}
    assert found.affected[0] == Affected("orders", after(-5), after(9))


def test_every_diagnosis_says_what_it_takes_from_clients() -> None:
    assert set(EFFECTS) == {str(one) for one in Diagnosis}
    everything = EFFECTS["region lost"].hits(["orders"], [])
    assert everything == ("platform", "files", "monitoring", "orders")
    assert EFFECTS["primary database lost"].hits(["orders", "users"], ["users"]) == ("users",)
    assert EFFECTS["hosting down"].hits(["orders"], []) == ("platform",)
    assert EFFECTS["backups stale"].hits(["orders"], ["orders"]) == ()


@pytest.mark.parametrize(
    ("functions", "certain", "anything", "severity"),
    [
        ([CriticalFunction.DATA], True, True, Severity.SEV1),
        ([CriticalFunction.PLATFORM_UPTIME], False, True, Severity.SEV2),
        ([CriticalFunction.MONITORING], True, True, Severity.SEV2),
        ([], True, True, Severity.SEV3),
        ([], False, False, Severity.SEV4),
    ],
)
def test_the_severity_follows_from_functions_and_certainty(
    functions: list[CriticalFunction], certain: bool, anything: bool, severity: Severity
) -> None:
    assert suggested(functions, certain=certain, anything=anything) is severity
    assert severity.meaning


LINES = st.lists(
    st.builds(
        lambda minutes, actor: Line(after(minutes), "person", actor, "noted", "said"),
        st.integers(0, 5),
        st.sampled_from("abcdef"),
    ),
    max_size=8,
)


@given(st.lists(LINES, max_size=4))
def test_a_joined_timeline_keeps_every_line_and_the_order_of_each_source(
    sources: list[list[Line]],
) -> None:
    marked = [
        [Line(one.at, str(index), one.actor, one.kind, str(n)) for n, one in enumerate(lines)]
        for index, lines in enumerate(sources)
    ]
    found = joined(*marked)
    for index, lines in enumerate(marked):
        assert [one for one in found if one.source == str(index)] == lines
    if all([one.at for one in lines] == sorted(one.at for one in lines) for lines in marked):
        assert [one.at for one in found] == sorted(one.at for one in found)


def test_a_journals_people_keep_their_names_and_its_steps_their_run() -> None:
    done = Entry(1, NOW, EntryKind.DONE, "Promoted.", "promote-orders", {"lag_s": 2})
    approved = Entry(2, NOW, EntryKind.APPROVED, "Ana approves.", None, {"by": "ana"})
    first, second = of_run("we1-0001", [done, approved])
    assert (first.source, first.actor, first.kind) == ("run", "we1-0001", "done")
    assert first.data == {"lag_s": 2, "run": "we1-0001", "step": "promote-orders"}
    assert (second.source, second.actor) == ("person", "ana")
    assert second.as_json()["at"] == "2026-03-03T09:00:00+00:00"


ALARM = {
    "AlarmName": "we1-home-platform-unhealthy",
    "AlarmArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:we1-home-platform-unhealthy",
    "NewStateValue": "ALARM",
    "NewStateReason": "Threshold Crossed",
    "StateChangeTime": "2026-03-03T09:00:00.000+0000",
    "Trigger": {"MetricName": "UnHealthyHostCount"},
}


@pytest.mark.parametrize(
    "message",
    [
        ALARM,
        {"Type": "Notification", "MessageId": "1", "Message": json.dumps(ALARM)},
        {"Records": [{"Sns": {"MessageId": "2", "Message": json.dumps(ALARM)}}]},
    ],
    ids=["the message", "in an envelope", "in an event"],
)
def test_an_alarm_is_the_same_however_it_was_delivered(message: dict[str, object]) -> None:
    alarm = alarm_message.read(json.dumps(message))
    assert alarm.key == f"alarm:{ALARM['AlarmArn']}@2026-03-03T09:00:00+00:00"
    report = alarm_message.report(alarm, "we1", SiteName.HOME)
    assert (report.since, report.services) == (NOW, ("platform",))
    assert "Threshold Crossed" in report.text
    assert alarm_message.report(alarm, "we1", SiteName.AWAY).services == ()
    with pytest.raises(InvalidInput, match="is no alarm of we2"):
        alarm_message.report(alarm, "we2", SiteName.HOME)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("no json", "(top level)"),
        ("[]", "(top level)"),
        ('{"AlarmName": "x", "NewStateValue": "ALARM"}', "StateChangeTime"),
        ('{"AlarmName": "x", "NewStateValue": "OK", "StateChangeTime": "soon"}', "StateChange"),
        ('{"AlarmName": "x", "NewStateValue": "OK", "StateChangeTime": "2026-03-03T09:00"}', "off"),
        ('{"Records": []}', "Records"),
        ('{"Message": "{}"}', "Message.AlarmName"),
    ],
)
def test_what_is_no_alarm_is_refused_with_its_path(text: str, path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        alarm_message.read(text)
    assert path in str(caught.value)
