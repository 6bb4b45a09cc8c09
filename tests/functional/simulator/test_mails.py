"""SES as AWS has it: a domain proves itself by DNS, the sandbox confines, sets must exist."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.mails import confine, received
from simulator.world import World

REGION, DOMAIN = "eu-west-1", "example.com"


def ses() -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    return client("sesv2", REGION)


def send(**more: object) -> None:
    content = {"Subject": {"Data": "subject"}, "Body": {"Text": {"Data": "text"}}}
    ses().send_email(
        FromEmailAddress=f"status@{DOMAIN}",
        Destination={"BccAddresses": ["reader@example.org"]},
        Content={"Simple": content},
        **more,
    )


def prove(tokens: list[str]) -> None:
    route53 = client("route53", "us-east-1")
    zone = route53.create_hosted_zone(Name=DOMAIN, CallerReference="1")["HostedZone"]["Id"]
    changes = [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {
                "Name": f"{token}._domainkey.{DOMAIN}",
                "Type": "CNAME",
                "TTL": 300,
                "ResourceRecords": [{"Value": f"{token}.dkim.amazonses.com"}],
            },
        }
        for token in tokens
    ]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def test_plain_moto_sends_for_a_domain_that_proved_nothing() -> None:
    with World(seed=1, corrected=False):
        made = ses().create_email_identity(EmailIdentity=DOMAIN)
        assert "Tokens" not in made["DkimAttributes"]
        send(ConfigurationSetName="not-there")
        assert len(received(REGION)) == 1


def test_a_domain_sends_once_its_keys_are_found_in_dns() -> None:
    with World(seed=1) as world:
        made = ses().create_email_identity(EmailIdentity=DOMAIN)
        with pytest.raises(ClientError, match="failed the check in region EU-WEST-1: status@"):
            send()
        prove(made["DkimAttributes"]["Tokens"])
        world.clock.sleep(120)
        found = ses().get_email_identity(EmailIdentity=DOMAIN)
        assert found["VerifiedForSendingStatus"]
        assert found["DkimAttributes"]["Status"] == "SUCCESS"
        send()
        assert received(REGION)[0].recipients == ("reader@example.org",)


def test_in_the_sandbox_recipients_are_verified_too() -> None:
    with World(seed=1) as world:
        ses().create_email_identity(EmailIdentity=f"status@{DOMAIN}")
        send()
        confine(world, REGION)
        with pytest.raises(ClientError, match=r"check in region EU-WEST-1: reader@example\.org"):
            send()
        ses().create_email_identity(EmailIdentity="reader@example.org")
        send()


def test_a_configuration_set_that_is_named_must_exist() -> None:
    with World(seed=1):
        ses().create_email_identity(EmailIdentity=f"status@{DOMAIN}")
        with pytest.raises(ClientError, match="NotFoundException"):
            send(ConfigurationSetName="not-there")
        ses().create_configuration_set(ConfigurationSetName="there")
        send(ConfigurationSetName="there")
