"""One incident from a call to its end, and who writes at once, unheard, or without the right.

All share one deployed zone; a record of another zone's name lies beside its own and knows nothing
of it.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

from cli import incident_options
from cli.failover_said import since_of
from cli.main import main
from cli.zone_session import ZoneSession
from cloud import incidents as store
from cloud.aws_time import AwsTime
from cloud.clients import Reach
from cloud.failures import Conflict, Denied
from cloud.permitted import permissions_of
from continuity.errors import HoldfastError
from continuity.incidents import DELIVERY, INCIDENT, Kind
from continuity.permissions import READ_MANIFEST, READ_PROOFS, WHO_AM_I
from failover.aws_record import AwsRecord
from failover.find_manifest import Found
from failover.progress import State
from failover.recorder import Begun
from incident.book import Book
from incident.declare import Report, Words, declare
from incident.draft import Draft
from incident.messages.internal_names import named
from simulator.faults import Fault, FaultKind

Office = Any  # the fixture's class lives in conftest
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(incident_options, "opened", lambda *_: session(office))

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(["incident", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def session(office: Office) -> ZoneSession:
    found = Found(office.manifest, "at hand")
    arn, channels = office.voice.actor, office.channels
    return ZoneSession(office.around(), found, arn, office.cloud, channels)


def answered(run: Run, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - parsed JSON
    changing = arguments[0] not in ("list", "show")
    found, out, err = run(*arguments, "--format", "json", *(["--yes"] if changing else []))
    assert found == code, (out, err)
    return json.loads(out)


def call(number: str) -> tuple[str, ...]:
    words = ("--reported-by", "customer", "--channel", "phone", "--reference", number)
    return ("declare", "sa1", "--title", "Nobody can sign in", "--affected", "platform", *words)


def alarm(office: Office, state: str = "ALARM") -> str:
    return json.dumps(
        {
            "AlarmName": "sa1-home-platform-unhealthy",
            "NewStateValue": state,
            "StateChangeTime": office.world.clock.now().isoformat(),
        }
    )


def check_whole_story(shown: Any, began: str) -> None:  # noqa: ANN401 - parsed JSON
    """Hold what `show` says of the recovered incident against what happened to it."""
    found = shown["incident"]
    assert (found["severity"], found["state"]) == ("SEV1", "monitoring")
    assert found["runs"] == [{"run": "sa1-0001", "site": "away"}]
    assert found["roles"] == {"commander": "Ana"}
    hits = {one["function"]: one for one in found["impact"]}
    assert hits["platform uptime"]["since"] == began
    assert set(hits) == {"platform uptime", "data integrity and access", "incident monitoring"}
    assert all(one["until"] for one in found["impact"])
    times = found["durations"]
    assert 0 < times["detected_s"] <= times["acknowledged_s"] < times["contained_s"]
    assert times["contained_s"] < times["recovered_s"]
    kinds = [(line["source"], line["kind"]) for line in shown["timeline"]]
    assert {("person", "declared"), ("alarm", "reported"), ("run", "reported")} <= set(kinds)
    assert {("run", "suspected"), ("person", "approved"), ("run", "finished")} <= set(kinds)
    assert [line["at"] for line in shown["timeline"]] == sorted(
        line["at"] for line in shown["timeline"]
    )


def check_messages(office: Office, run: Run) -> None:
    """Hold what each channel was told, by commands and by the failover, against what happened."""
    told = {name: [one.moment for one in box.got.values()] for name, box in office.inboxes.items()}
    run_s = ["identified", "holding page", "recovering", "monitoring"]
    assert told["status_page"] == ["investigating", "investigating", *run_s]
    assert [one for one in told["slack"] if one != "note"] == [
        "investigating",
        "acknowledged",
        *run_s,
    ]
    assert told["pagerduty"] == ["page", "acknowledged"]
    assert all(box.heard == list(box.got) for box in office.inboxes.values()), "nothing twice"
    for one in office.inboxes["status_page"].got.values():
        assert named(f"{one.title} {one.text}", office.manifest) == ()
    code, out, _ = run("deliver", "sa1")
    assert (code, out) == (0, "Nothing is owed.\n")
    assert answered(run, "deliver", "sa1") == {"zone": "sa1", "messages": [], "trouble": None}
    assert "in text only" in run("deliver", "sa1", "--watch", "--format", "json", "--yes")[1]
    kinds = [line["kind"] for line in answered(run, "show", "sa1")["timeline"]]
    assert kinds.count("message delivered") == sum(map(len, told.values()))
    assert kinds.count("message not delivered") == 1


def test_from_a_call_to_the_end_of_the_failover(
    office: Office,
    run: Run,
    tmp_path: Any,  # noqa: ANN401 - a Path
) -> None:
    assert run("show", "sa1")[0] == 5
    office.world.clock.sleep(60)
    began = office.world.clock.now().isoformat()
    office.world.clock.sleep(60)
    first = answered(run, *call("T-1"), "--since", began)
    assert first["incident"]["id"] == "sa1-away-0001"
    assert (first["incident"]["severity"], first["incident"]["began_at"]) == ("SEV2", began)
    assert [(one["channel"], one["moment"], one["why"]) for one in first["messages"]] == [
        ("slack", "investigating", None),
        ("status_page", "investigating", None),
        ("pagerduty", "page", None),
    ]
    assert answered(run, *call("T-1"))["written"] == []
    assert answered(run, *call("T-2"))["incident"]["id"] == "sa1-away-0001"

    message = tmp_path / "alarm.json"
    message.write_text(alarm(office), "utf-8")
    assert len(answered(run, "declare", "sa1", "--alarm", str(message))["written"]) == 1
    assert answered(run, "declare", "sa1", "--alarm", str(message))["written"] == []
    message.write_text(alarm(office, "OK"), "utf-8")
    assert "is OK: nothing is declared" in run("declare", "sa1", "--alarm", str(message))[2]

    assert answered(run, "acknowledge", "sa1")["written"] == ["ana is at it."]
    assert answered(run, "acknowledge", "sa1")["written"] == []
    answered(run, "update", "sa1", "--role", "commander=Ana", "--note", "The region is silent.")
    refused = run("update", "sa1", "--public", "We lost sa-east-1 and the orders instance.")
    assert "this text has orders, sa-east-1." in refused[2]
    told = ("update", "sa1", "--public", "You cannot sign in. We are on it.")
    assert "Told status_page: investigating: Service interruption" in run(*told)[1]
    office.inboxes["status_page"].down = 1
    assert "only what was watched" in run("close", "sa1", "--reason", "x")[2]

    since = since_of(session(office), "incident", None)
    assert since is not None
    assert (since.moment.isoformat(), since.reason) == (began, "sa1-away-0001 began then")
    office.sign_in("failover")
    assert office.fail_over().state is State.RECOVERED
    office.sign_in("incident")

    check_whole_story(answered(run, "show", "sa1"), began)
    check_messages(office, run)
    assert "hit: platform uptime (platform) since" in run("show", "sa1")[1]

    assert "nobody has reviewed it" in run("close", "sa1", "--reason", "x")[2]
    check_review(run, tmp_path)
    assert run("close", "sa1", "--reason", "Recovered in away.")[0] == 0
    assert answered(run, "review", "sa1", "sa1-away-0001", "--done", "1")["improvements"][0][
        "done_at"
    ]
    assert run("close", "sa1", "sa1-away-0001", "--reason", "again")[1].endswith(
        "Nothing is new: it stands there already.\n"
    )
    assert run("update", "sa1", "sa1-away-0001", "--note", "x")[0] == 5
    assert answered(run, *call("T-1"))["written"] == [], "a call that was told before is old"
    again = answered(run, *call("T-3"))
    assert again["incident"]["id"] == "sa1-away-0002"
    listed = answered(run, "list", "sa1")
    assert [one["state"] for one in listed["incidents"]] == ["declared", "closed"]
    assert "home" in listed["unread"], "the log of the lost region is named"
    assert "sa1-away-0002" in run("list", "sa1")[1]


def check_review(run: Run, folder: Path) -> None:
    """Review what happened: refused while it says nothing, then held, and written as a page."""
    assert "no cause is stated; it says neither" in run("review", "sa1", "--held")[2]
    said = ("--cause", "The region was lost.", "--improve", "operations:2026-12-01:Alarm earlier")
    page = folder / "review.md"
    found = answered(run, "review", "sa1", *said, "--held", "--report", str(page))
    assert (found["reviewed"], found["causes"]) == (True, ["The region was lost."])
    assert [one["what"] for one in found["improvements"]] == ["Alarm earlier"]
    assert answered(run, "review", "sa1", *said, "--held") == found
    text = page.read_text("utf-8")
    for heading in ("Summary", "Impact", "Run sa1-0001", "Causes", "Improvements", "Timeline"):
        assert f"# {heading}" in text
    assert "It ended as recovered. The recovery time was" in text
    assert "1 attempts failed" in text, "the status page was down once"
    assert "steps took no longer than the plan said" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("declare", "sa1"), "--title: is needed, or --alarm"),
        (("declare", "sa1", "--alarm", "-", "--title", "x"), "no other word goes with it"),
        ((*call("T"), "--affected", "orders9"), "services are platform, files, monitoring"),
        ((*call("T"), "--severity", "SEV9"), "not one of SEV1, SEV2, SEV3, SEV4"),
        (("update", "sa1"), "what is new?"),
        (("update", "sa1", "--role", "boss=Ana"), "roles are commander"),
        (("update", "sa1", "--note", "x", "--since", "09:00"), "dates what --affected names"),
        (("close", "sa1", "--reason", "x", "--format", "json"), "--yes"),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert said in f"{out}{err}"


def test_who_watches_looks_again_each_minute_until_stopped(
    office: Office, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    def sleep(_: object, seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise typer.Abort

    monkeypatch.setattr(AwsTime, "sleep", sleep)
    office.inboxes["slack"].down = 0
    code, _, err = run("deliver", "sa1", "--watch")
    assert (code, "Stopped" in err) == (1, True)
    assert len(waited) == 3
    assert all(1 <= one <= 60 for one in waited)


def rule_of(office: Office, text: str) -> Any:  # noqa: ANN401 - a rule
    report = Report(office.voice, "slow", text, key=f"test:{text}")
    return lambda known: declare(report, known, office.book().functions)


def test_two_who_write_at_once_lose_nothing(office: Office) -> None:
    book = office.book("sa7")
    met: list[str] = []

    def rule(known: Any) -> Any:  # noqa: ANN401 - incidents
        if not met:
            met.append("another one writes first")
            assert office.book("sa7").write(rule_of(office, "b")).written
        return rule_of(office, "a")(known)

    assert len(book.write(rule).written) == 1
    log = book.read().logs[office.manifest.standby]
    assert [(one.number, one.text) for one in log] == [(1, "b"), (2, "a")]
    door = office.cloud.at(office.manifest.standby_site.region)
    table = office.manifest.standby_site.incident_table
    store.append(door, table, "sa7", log)
    with pytest.raises(Conflict):
        store.append(door, table, "sa7", [replace(log[-1], text="other")])


@pytest.mark.parametrize("kind", [FaultKind.LOST_REPLY, FaultKind.READ_TIMEOUT])
def test_a_note_is_written_once_although_nobody_answers(office: Office, kind: FaultKind) -> None:
    book, region = office.book(f"sa8{kind}"), office.manifest.standby_site.region
    book.write(rule_of(office, "first"))
    operation = "TransactWriteItems"
    lost = Fault(kind, 0, region=region, service="dynamodb", operation=operation, times=1)
    office.world.faults.schedule([lost], origin=office.world.clock.monotonic())
    noted = Draft(office.voice, Kind.NOTED, "We look into it.")
    found = book.write(lambda known: Words(known[0], (noted,)))
    log = book.read().logs[office.manifest.standby]
    assert [one.text for one in log] == ["first", "We look into it."]
    assert found.incident.entries == log


def test_the_incident_role_writes_the_record_and_no_journal(office: Office) -> None:
    declared = {
        one for method in (Book.read, Book.write, Book.timeline) for one in permissions_of(method)
    }
    assert declared | {WHO_AM_I, READ_MANIFEST, READ_PROOFS, *DELIVERY} == set(INCIDENT)
    site = office.manifest.standby_site
    with pytest.raises(Denied):
        office.cloud.at(site.region).change(
            "dynamodb",
            "PutItem",
            TableName=site.journal_table,
            Item={"run": {"S": "sa1-0001"}, "sequence": {"N": "999"}},
        )


def test_a_record_that_does_not_answer_costs_a_run_seconds(office: Office) -> None:
    region = office.manifest.standby_site.region
    silent = Fault(FaultKind.READ_TIMEOUT, 0, region=region, service="dynamodb", times=1)
    office.world.faults.schedule([silent], origin=office.world.clock.monotonic())
    now = office.world.clock.now()
    begun = Begun("sa1-0009", "region lost", (), now, now, "It is lost.")
    began = office.world.clock.monotonic()
    with pytest.raises(HoldfastError):
        AwsRecord(replace(office.manifest, zone="sa9"), office.cloud).tell(begun, ())
    longest = Reach.IMPAIRED.connect_s + Reach.IMPAIRED.read_s
    assert office.world.clock.monotonic() - began <= longest
