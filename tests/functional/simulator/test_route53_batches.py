"""Batches of record changes: in plain moto (`corrected=False`) and as Route 53 takes them."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.world import World

REGION = "us-east-1"


class Zone:
    """A hosted zone and short words to change it."""

    def __init__(self) -> None:
        self.api = client("route53", REGION)
        made = self.api.create_hosted_zone(Name="example.com", CallerReference="once")
        self.id = made["HostedZone"]["Id"].split("/")[-1]

    def change(self, *changes: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        batch = [{"Action": action, "ResourceRecordSet": record} for action, record in changes]
        answer: dict[str, Any] = self.api.change_resource_record_sets(
            HostedZoneId=self.id, ChangeBatch={"Changes": batch}
        )["ChangeInfo"]
        return answer

    def refusal(self, *changes: tuple[str, dict[str, Any]]) -> str:
        """Return the code and sentence of a refusal, empty where the batch is taken."""
        try:
            self.change(*changes)
        except ClientError as error:
            return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
        return ""

    def records(self) -> list[tuple[str, str | None]]:
        found = self.api.list_resource_record_sets(HostedZoneId=self.id)["ResourceRecordSets"]
        return [
            (one["Name"], one.get("SetIdentifier"))
            for one in found
            if one["Type"] not in ("NS", "SOA")
        ]


def plain(name: str, value: str = "192.0.2.1", kind: str = "A") -> dict[str, Any]:
    return {
        "Name": f"{name}.example.com",
        "Type": kind,
        "TTL": 60,
        "ResourceRecords": [{"Value": value}],
    }


def failover(name: str, role: str, check: str | None = None) -> dict[str, Any]:
    record = plain(name, kind="A") | {"SetIdentifier": role.lower(), "Failover": role}
    return record | ({"HealthCheckId": check} if check else {})


@pytest.fixture
def zone() -> Iterator[Zone]:
    with World(seed=1):
        yield Zone()


def test_a_batch_that_is_refused_changes_nothing() -> None:
    batch = ("CREATE", plain("good")), ("CREATE", plain("elsewhere") | {"Name": "a.example.org"})

    def left_behind(*, corrected: bool) -> list[tuple[str, str | None]]:
        with World(seed=1, corrected=corrected):
            zone = Zone()
            assert "not permitted in zone" in zone.refusal(*batch)
            return zone.records()

    assert left_behind(corrected=False) == [("good.example.com.", None)]
    assert left_behind(corrected=True) == []


def test_deleting_one_record_leaves_its_namesakes_in_other_names() -> None:
    first = failover("one", "SECONDARY")

    def left_after_delete(*, corrected: bool) -> list[tuple[str, str | None]]:
        with World(seed=1, corrected=corrected):
            zone = Zone()
            zone.change(("CREATE", first), ("CREATE", failover("two", "SECONDARY")))
            zone.change(("DELETE", first))
            return zone.records()

    assert left_after_delete(corrected=False) == []
    assert left_after_delete(corrected=True) == [("two.example.com.", "secondary")]


def test_what_moto_takes_although_route_53_refuses_it() -> None:
    refused = {
        "exists": ("CREATE", plain("taken", "192.0.2.9")),
        "address": ("CREATE", plain("bad", "not-an-address")),
        "clash": ("CREATE", plain("taken", "target.example.com", "CNAME")),
        "check": ("CREATE", failover("checked", "SECONDARY", "no-such-check")),
    }
    with World(seed=1, corrected=False):
        zone = Zone()
        zone.change(("CREATE", plain("taken")))
        assert {name: zone.refusal(change) for name, change in refused.items()} == dict.fromkeys(
            refused, ""
        )
    with World(seed=1):
        zone = Zone()
        zone.change(("CREATE", plain("taken")))
        said = {name: zone.refusal(change) for name, change in refused.items()}
        assert "InvalidChangeBatch: [Tried to create resource record set" in said["exists"]
        assert "but it already exists" in said["exists"]
        assert "ARRDATAIllegalIPv4Address" in said["address"]
        assert "conflicts with other records" in said["clash"]
        assert said["check"].startswith("NoSuchHealthCheck: ")
        assert zone.records() == [("taken.example.com.", None)]


def test_a_name_has_one_primary(zone: Zone) -> None:
    alias = {
        "Name": "www.example.com",
        "Type": "A",
        "SetIdentifier": "a",
        "Failover": "PRIMARY",
        "AliasTarget": {
            "HostedZoneId": zone.id,
            "DNSName": "target.example.com",
            "EvaluateTargetHealth": False,
        },
    }
    zone.change(("CREATE", plain("target")), ("CREATE", alias))

    assert "another failover PRIMARY" in zone.refusal(("CREATE", alias | {"SetIdentifier": "b"}))


def test_two_records_may_swap_their_roles_in_one_batch(zone: Zone) -> None:
    made = zone.api.create_health_check(
        CallerReference="c",
        HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "www.example.com"},
    )
    check = made["HealthCheck"]["Id"]
    first, second = failover("www", "PRIMARY", check), failover("www", "SECONDARY", check)
    zone.change(("CREATE", first), ("CREATE", second))

    zone.change(
        ("UPSERT", first | {"Failover": "SECONDARY"}), ("UPSERT", second | {"Failover": "PRIMARY"})
    )

    found = zone.api.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    roles = {one["SetIdentifier"]: one["Failover"] for one in found if "Failover" in one}
    assert roles == {"primary": "SECONDARY", "secondary": "PRIMARY"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("DELETE", plain("missing")), "but it was not found"),
        (("DELETE", plain("taken", "192.0.2.2")), "do not match the current values"),
        (("CREATE", failover("www", "PRIMARY")), "must have an associated health check"),
        (("CREATE", plain("taken") | {"SetIdentifier": "x", "Weight": 1}), "other RRSets exist"),
        (("CREATE", plain("www") | {"Failover": "SECONDARY"}), "Missing field"),
        (("CREATE", plain("www", "2001:db8::1")), "ARRDATAIllegalIPv4Address"),
        (("CREATE", plain("www", "bare", "TXT")), "enclosed in quotation marks"),
        (("CREATE", {"Name": "www.example.com", "Type": "A"}), "found none"),
        (("CREATE", plain("x") | {"Name": "badexample.com"}), "not permitted in zone"),
        (("CREATE", plain("x", "a.b", "CNAME") | {"Name": "example.com"}), "at apex"),
    ],
)
def test_route_53_says_what_is_wrong(
    zone: Zone, change: tuple[str, dict[str, Any]], sentence: str
) -> None:
    zone.change(("CREATE", plain("taken")))

    assert sentence in zone.refusal(change)


def test_an_alias_needs_a_target_that_is_there(zone: Zone) -> None:
    def alias(target: str, hosted_zone: str) -> tuple[str, dict[str, Any]]:
        return "CREATE", {
            "Name": "www.example.com",
            "Type": "A",
            "AliasTarget": {
                "HostedZoneId": hosted_zone,
                "DNSName": target,
                "EvaluateTargetHealth": False,
            },
        }

    balancer = "gone-1.eu-west-1.elb.amazonaws.com"

    assert "target was not found" in zone.refusal(alias("nothing.example.com", zone.id))
    assert "does not lie within the target zone" in zone.refusal(alias("www.example.org", zone.id))
    assert "target was not found" in zone.refusal(alias(balancer, "Z32O12XQLNTSW2"))


def test_a_change_has_its_own_id_and_takes_time() -> None:
    with World(seed=1, corrected=False):
        zone = Zone()
        first, second = zone.change(("CREATE", plain("a"))), zone.change(("CREATE", plain("b")))
        assert (first["Id"], first["Status"]) == (second["Id"], "INSYNC")
        assert zone.api.get_change(Id="/change/CNEVERMADE")["ChangeInfo"]["Status"] == "INSYNC"
    with World(seed=1) as world:
        zone = Zone()
        first, second = zone.change(("CREATE", plain("a"))), zone.change(("CREATE", plain("b")))
        assert first["Id"] != second["Id"]
        assert zone.api.get_change(Id=first["Id"])["ChangeInfo"]["Status"] == "PENDING"
        world.clock.sleep(61)
        assert zone.api.get_change(Id=first["Id"])["ChangeInfo"]["Status"] == "INSYNC"
        with pytest.raises(ClientError, match="NoSuchChange"):
            zone.api.get_change(Id="/change/CNEVERMADE")


def test_a_caller_reference_makes_one_zone() -> None:
    def zones(*, corrected: bool) -> int:
        with World(seed=1, corrected=corrected):
            zone = Zone()
            try:
                zone.api.create_hosted_zone(Name="example.com", CallerReference="once")
            except ClientError as error:
                assert error.response["Error"]["Code"] == "HostedZoneAlreadyExists"  # noqa: PT017 - only the corrected world raises
            return len(zone.api.list_hosted_zones()["HostedZones"])

    assert zones(corrected=False) == 2
    assert zones(corrected=True) == 1


def test_deleting_a_zone_is_a_change_of_its_own_that_takes_time() -> None:
    def deleted(*, corrected: bool) -> dict[str, Any]:
        with World(seed=1, corrected=corrected):
            zone = Zone()
            first = zone.change(("CREATE", plain("a")))
            zone.change(("DELETE", plain("a")))
            gone = zone.api.delete_hosted_zone(Id=zone.id)["ChangeInfo"]
            return {"same": gone["Id"] == first["Id"], "status": gone["Status"]}

    assert deleted(corrected=False) == {"same": True, "status": "INSYNC"}
    assert deleted(corrected=True) == {"same": False, "status": "PENDING"}
