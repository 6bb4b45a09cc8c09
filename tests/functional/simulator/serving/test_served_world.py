"""A served zone over real sockets, in this process; `functional/processes` has boto3 against it."""

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from cloud.outside import HttpsOutside
from cloud.system_clock import SystemClock
from continuity import naming
from continuity.agreement import Live
from continuity.errors import PermanentError, Refusal, TemporaryError
from continuity.outside import Served
from drill.single_fault import read_fault
from drill.telling import IN_DRILLS
from incident.channels.http import Request
from reconcile.engine import EngineStack
from reconcile.remote_engine import RemoteEngine
from simulator import backstage
from simulator.remote_clock import RemoteClock
from simulator.serving.control import ROLES_OF_PEOPLE
from simulator.serving.server import serving

PROJECT = Path(__file__).parents[4]
ZONE = "ops"

Endpoint = Any  # the class lives in conftest


@pytest.fixture
def outside(served: Endpoint) -> HttpsOutside:
    return HttpsOutside(gateway=f"{served.address}/_simulator/internet")


def test_aws_answers_and_the_call_is_in_the_worlds_log(served: Endpoint) -> None:
    region = served.manifest.standby_site.region
    status, body = served.aws("rds", region, "Action=DescribeDBInstances&Version=2014-10-31")
    assert status == 200
    for database in served.manifest.databases:
        assert database.members[served.manifest.standby].identifier.encode() in body
    assert served.hosted.world.calls.counts()["rds.DescribeDBInstances"] >= 1


def test_an_error_of_aws_travels_as_one(served: Endpoint) -> None:
    call = "Action=PromoteReadReplica&Version=2014-10-31&DBInstanceIdentifier=nobody"
    status, body = served.aws("rds", served.manifest.standby_site.region, call)
    assert status == 404
    assert b"<Code>DBInstanceNotFound" in body


def test_a_request_that_is_nobodys_is_told_so(served: Endpoint) -> None:
    status, body = served.raw("GET", "/", None, {})
    assert status == 400
    assert b"is not signed" in body


def test_clients_of_the_zone_are_served(served: Endpoint, outside: HttpsOutside) -> None:
    name = served.manifest.traffic.name
    home = served.manifest.serving_site.hosting
    database = served.manifest.databases[0].name
    assert outside.served_by(name) is Served.HOME
    assert outside.answers(home.load_balancer, name)
    assert not outside.answers(home.holding_page, name)
    assert outside.served_by("somebody.example.com") is Served.NOBODY
    written = outside.write(home.load_balancer, name, database)
    assert written.ok
    assert written.newest_before is not None
    assert not outside.write(home.load_balancer, name, "no-such-database").ok
    away = served.manifest.standby_site.hosting.load_balancer
    assert "answered 503" in outside.write(away, name, database).reason


def test_the_truth_of_a_healthy_zone_is_told(served: Endpoint) -> None:
    status, told = served.ask(f"zones/{ZONE}")
    assert status == 200
    assert (told["served_by"], told["recovered"], told["violations"]) == ("home", True, [])
    assert {row["lost_rows"] for row in told["databases"]} == {0}


def test_the_manifest_is_told_as_it_was_exported(served: Endpoint) -> None:
    status, told = served.ask(f"zones/{ZONE}/manifest")
    assert (status, told["zone"]) == (200, ZONE)
    assert told["digest"].startswith("sha256:")


def test_time_passes_at_the_worlds_speed_and_may_be_set_forward(served: Endpoint) -> None:
    host, _, port = served.address.partition(":")
    clock = RemoteClock(host, int(port), SystemClock())
    before = clock.monotonic()
    clock.sleep(10.0)
    assert clock.monotonic() - before >= 10.0
    status, then = served.ask("advance", {"seconds": 600})
    assert status == 200
    clock.sleep(5.0)
    assert clock.monotonic() >= then["monotonic_s"]
    assert clock.now() >= datetime.fromisoformat(then["now"])


def test_a_clock_without_a_simulator_says_how_to_get_one(served: Endpoint) -> None:
    del served
    with pytest.raises(TemporaryError, match="holdfast simulator"):
        RemoteClock("127.0.0.1", 1, SystemClock())


def test_people_sign_in_under_their_own_names(served: Endpoint) -> None:
    signed = [served.ask("people", {"zone": ZONE, "name": name})[1] for name in ("one", "other")]
    assert set(signed[0]) == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
    assert signed[0]["AWS_ACCESS_KEY_ID"] != signed[1]["AWS_ACCESS_KEY_ID"]


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("advance", {"seconds": -1}, "seconds: a number from 0"),
        ("advance", ["seconds"], "seconds: a number from 0"),
        ("faults", {"zone": "we9", "fault": {}}, "zone: one of ops"),
        ("faults", {"zone": ZONE, "fault": {"kind": "fire"}}, "fault.kind"),
        ("faults", {"zone": ZONE, "fault": "fire"}, "fault"),
        (
            "faults",
            {"zone": ZONE, "fault": {"kind": "replica-broken", "database": "x"}},
            "fault.database: ops has",
        ),
        ("people", {"zone": ZONE}, "name: whose session"),
    ],
)
def test_a_wrong_wish_is_one_sentence(
    served: Endpoint, path: str, body: object, sentence: str
) -> None:
    status, told = served.ask(path, body)
    assert status == 400
    assert sentence in told["error"]


def test_what_is_not_there_is_not_found(served: Endpoint) -> None:
    assert served.ask("zones/we9")[0] == 404
    assert served.ask(f"zones/{ZONE}/weather")[0] == 404
    assert served.ask("nothing")[0] == 404


def test_a_page_of_the_internet_cannot_steer_the_world(served: Endpoint) -> None:
    assert served.ask("clock", Host="evil.example.com")[0] == 403
    simple = {"Content-Type": "text/plain"}
    status, body = served.raw("POST", "/_simulator/advance", '{"seconds": 60}', simple)
    assert status == 400
    assert b"application/json" in body


def test_a_throttled_call_is_refused_and_then_a_lost_region_answers_nobody(
    served: Endpoint, outside: HttpsOutside
) -> None:
    region = served.manifest.serving_site.region
    describe = "Action=DescribeDBInstances&Version=2014-10-31"
    throttle = {"kind": "throttle", "site": "home", "service": "rds", "for": 3600, "times": 1}
    assert served.ask("faults", {"zone": ZONE, "fault": throttle})[0] == 200
    status, body = served.aws("rds", region, describe)
    assert status == 400
    assert b"<Code>Throttling</Code>" in body
    assert served.aws("rds", region, describe)[0] == 200

    lost = {"kind": "region-lost", "site": "home", "for": 60}
    assert served.ask("faults", {"zone": ZONE, "fault": lost})[0] == 200
    with pytest.raises(ConnectionResetError):
        served.aws("rds", region, describe)
    assert outside.served_by(served.manifest.traffic.name) is Served.NOBODY
    served.ask("advance", {"seconds": 120})
    assert served.aws("rds", region, describe)[0] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "", "localhost", "192.168.1.1"])  # noqa: S104 - what must be refused
def test_nothing_is_bound_where_others_could_reach_it(served: Endpoint, host: str) -> None:
    with (
        pytest.raises(Refusal, match="does not listen"),
        serving(served.hosted, read_fault, host, 0),
    ):
        pass


def test_people_take_the_roles_that_people_have(served: Endpoint) -> None:
    status, signed = served.ask("people", {"zone": ZONE, "name": "ana", "role": "retire"})
    assert status == 200
    assert set(signed) == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
    status, told = served.ask("people", {"zone": ZONE, "name": "ana", "role": "backup"})
    assert (status, told["error"].partition(",")[0]) == (400, "role: one of failover")


def test_people_are_offered_every_role_that_the_program_lets_people_take(served: Endpoint) -> None:
    with served.hosted.clock.turn():
        roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    trusts = {
        role.name.removeprefix(f"holdfast-{ZONE}-"): json.loads(role.assume_role_policy_document)
        for role in roles
        if role.name.startswith(f"holdfast-{ZONE}-")
    }
    people = {name for name, said in trusts.items() if "AWS" in said["Statement"][0]["Principal"]}
    assert people == set(ROLES_OF_PEOPLE)


def test_the_zones_engine_previews_and_deploys_as_the_cli_would(
    served: Endpoint, outside: HttpsOutside
) -> None:
    host, _, port = served.address.partition(":")
    stack = EngineStack(RemoteEngine(host, int(port), ZONE), PROJECT, ZONE)
    before = served.manifest
    live = Live(before.serving_site.region, frozenset(), frozenset())
    assert stack.prove(live) == ()
    up = ["up", "--stack", ZONE, "--yes", "--skip-preview"]
    status, told = served.ask("pulumi", {"zone": ZONE, "arguments": up})
    assert (status, told["code"], told["stderr"]) == (200, 0, "")
    assert served.manifest == before
    assert served.manifest is not before
    assert outside.served_by(before.traffic.name) is Served.HOME
    assert served.ask(f"zones/{ZONE}")[1]["violations"] == []


def test_what_an_engine_refuses_comes_back_as_the_clis_error(served: Endpoint) -> None:
    host, _, port = served.address.partition(":")
    stack = EngineStack(RemoteEngine(host, int(port), ZONE), PROJECT, "we1")
    live = Live("", frozenset(), frozenset())
    with pytest.raises(PermanentError, match=r"pulumi preview failed.*no stack named 'we1'"):
        stack.prove(live)
    status, told = served.ask("pulumi", {"zone": ZONE, "arguments": "up"})
    assert (status, told["error"].partition(":")[0]) == (400, "arguments")


def newest(served: Endpoint, region: str) -> set[str]:
    """Return the manual snapshots that a region has, by name."""
    call = "Action=DescribeDBSnapshots&Version=2014-10-31&SnapshotType=manual"
    _, body = served.aws("rds", region, call)
    return set(re.findall(r"<DBSnapshotIdentifier>([^<]+)<", body.decode()))


def test_a_night_brings_points_into_both_regions_and_nothing_breaks(served: Endpoint) -> None:
    wanted = {f"{ZONE}-{one.name}-2026-03-04" for one in served.manifest.databases}
    regions = [site.region for site in served.manifest.sites.values()]
    for _ in range(8):
        if all(wanted <= newest(served, region) for region in regions):
            break
        assert served.ask("advance", {"seconds": 1800})[0] == 200
    assert all(wanted <= newest(served, region) for region in regions)
    _, told = served.ask(f"zones/{ZONE}/runs")
    assert {f"{ZONE}-home-backup-capture", f"{ZONE}-away-backup-capture"} <= {
        row["name"] for row in told if row["fate"] == "ran"
    }
    assert not [row for row in served.ask(f"zones/{ZONE}")[1]["violations"] if "invariant 6" in row]


def test_a_schedule_made_beside_it_fires_and_what_nobody_can_run_is_said_once(
    served: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    region, world = served.manifest.standby_site.region, served.hosted.world
    role = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/holdfast-{ZONE}-away-backup-schedule"
    with served.hosted.clock.turn(), world.instantly():
        function = backstage.client("lambda", region).create_function(
            FunctionName="odd",
            Runtime="python3.13",
            Role=role,
            Handler="nobody.knows",
            Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
        )["FunctionArn"]
        backstage.client("iam", region).put_role_policy(
            RoleName=role.rpartition("/")[2],
            PolicyName="odd",
            PolicyDocument=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function}
                    ],
                }
            ),
        )
        backstage.client("scheduler", region).create_schedule(
            Name=f"{ZONE}-odd",
            ScheduleExpression="rate(1 minute)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": function, "RoleArn": role},
        )
    served.ask("advance", {"seconds": 300})
    mine = [row for row in served.ask(f"zones/{ZONE}/runs")[1] if row["name"] == f"{ZONE}-odd"]
    assert {row["fate"] for row in mine} == {"ran"}
    assert 4 <= len(mine) <= 5
    assert len([row for row in caplog.records if "nobody.knows" in row.getMessage()]) == 1
    with served.hosted.clock.turn():
        backstage.client("scheduler", region).delete_schedule(Name=f"{ZONE}-odd")
    served.ask("advance", {"seconds": 300})
    after = [row for row in served.ask(f"zones/{ZONE}/runs")[1] if row["name"] == f"{ZONE}-odd"]
    assert len(after) <= len(mine) + 1


def test_what_a_zone_tells_is_seen_within_the_world_only(served: Endpoint) -> None:
    people, home = served.hosted.people, served.manifest.serving_site.region
    channels = replace(IN_DRILLS, webhook=None)
    secret = naming.channel_secret(ZONE, "slack")
    with served.hosted.clock.turn(), served.hosted.world.instantly():
        backstage.client("secretsmanager", home).create_secret(Name=secret)
        people.meet(replace(served.manifest, channels=channels))
        found = backstage.client("secretsmanager", home).get_secret_value(SecretId=secret)
        token = found["SecretString"]
        said = json.dumps({"channel": "C0123456789", "text": "A zone is ill."}).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        url = "https://slack.com/api/chat.postMessage"
        reply = people.wire(ZONE).send(Request("POST", url, headers, said))
        people.meet(served.manifest)
    assert json.loads(reply.body)["ok"] is True
    _, told = served.ask(f"zones/{ZONE}/told")
    assert [row["text"] for row in told if row["service"] == "slack"] == ["A zone is ill."]
