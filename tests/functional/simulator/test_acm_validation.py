"""Certificates: issued by the passing of time in plain moto (`corrected=False`)."""

from typing import Any

from simulator.backstage import client
from simulator.world import World

REGION = "eu-central-1"


def request() -> str:
    made = client("acm", REGION).request_certificate(
        DomainName="we1.example.com", ValidationMethod="DNS"
    )
    return str(made["CertificateArn"])


def look(arn: str) -> dict[str, Any]:
    found: dict[str, Any] = client("acm", REGION).describe_certificate(CertificateArn=arn)
    certificate: dict[str, Any] = found["Certificate"]
    return certificate


def test_a_certificate_nobody_validated_is_never_issued() -> None:
    def status(*, corrected: bool) -> str:
        with World(seed=1, corrected=corrected) as world:
            arn = request()
            world.clock.sleep(3600)
            return str(look(arn)["Status"])

    assert status(corrected=False) == "ISSUED"
    assert status(corrected=True) == "PENDING_VALIDATION"


def test_a_certificate_is_issued_once_dns_holds_its_record() -> None:
    with World(seed=1) as world:
        arn = request()
        row = look(arn)["DomainValidationOptions"][0]["ResourceRecord"]
        route53 = client("route53", "us-east-1")
        made = route53.create_hosted_zone(Name="we1.example.com", CallerReference="zone")
        record = {
            "Name": row["Name"],
            "Type": "CNAME",
            "TTL": 60,
            "ResourceRecords": [{"Value": row["Value"]}],
        }
        route53.change_resource_record_sets(
            HostedZoneId=made["HostedZone"]["Id"],
            ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
        )

        assert look(arn)["Status"] == "PENDING_VALIDATION"
        world.clock.sleep(61)
        assert look(arn)["Status"] == "ISSUED"


def test_while_deploying_a_validated_certificate_is_issued_at_once() -> None:
    with World(seed=1) as world, world.instantly():
        arn = request()
        row = look(arn)["DomainValidationOptions"][0]["ResourceRecord"]
        route53 = client("route53", "us-east-1")
        made = route53.create_hosted_zone(Name="we1.example.com", CallerReference="zone")
        record = {"Name": row["Name"], "Type": "CNAME", "TTL": 60}
        record |= {"ResourceRecords": [{"Value": row["Value"]}]}
        route53.change_resource_record_sets(
            HostedZoneId=made["HostedZone"]["Id"],
            ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]},
        )

        assert look(arn)["Status"] == "ISSUED"
