"""The same examples every time, and one manifest that is right."""

from datetime import time, timedelta

import pytest
from hypothesis import settings

from continuity.manifest import Database, Hosting, Latch, Manifest, Member, Site, Traffic
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind

settings.register_profile("same every time", derandomize=True, database=None, deadline=None)
settings.load_profile("same every time")


def _site(name: SiteName, region: str) -> Site:
    return Site(
        region=region,
        incarnation=1,
        key_arn=f"arn:aws:kms:{region}:123456789012:key/1",
        vpc_id="vpc-1",
        application_security_group="sg-1",
        database_security_group="sg-2",
        subnet_group=f"we1-{name}",
        hosting=Hosting(
            cluster="we1-platform",
            service="we1-platform",
            task_definition="we1-platform:1",
            image="platform@sha256:00",
            load_balancer=f"{name}.elb.amazonaws.com",
            holding_page=f"{name}-holding.elb.amazonaws.com",
            scalable_target="service/we1-platform/we1-platform",
            serving_minimum=2,
            serving_desired=3,
            serving_maximum=12,
        ),
        latch=Latch(f"latch-{name}", f"closed/{name.other}", f"open/{name}"),
        lease_table=f"lease-{name}",
        journal_table=f"journal-{name}",
        manifest_bucket=f"manifest-{name}",
        manifest_key="manifest.json",
    )


def _database(name: str, priority: int) -> Database:
    return Database(
        name=name,
        priority=priority,
        engine="postgres",
        engine_version="16.4",
        port=5432,
        storage_gb=100,
        backup_retention_days=14,
        backup_window="01:00-01:30",
        members={
            site: Member(
                identifier=f"we1-{name}-{site}-1",
                arn=f"arn:aws:rds:eu-west-1:123456789012:db:we1-{name}-{site}-1",
                address=f"{name}.{site}.rds.amazonaws.com",
                parameter_group=f"we1-{name}",
                instance_class="db.m6g.large",
                multi_az=site is SiteName.HOME,
            )
            for site in SiteName
        },
    )


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(
        zone="we1",
        kind=ZoneKind.PRODUCTION,
        account="123456789012",
        active=SiteName.HOME,
        approvers=2,
        objectives=Objectives(rto=timedelta(minutes=15), rpo=timedelta(minutes=5)),
        retention=Retention(daily=14, weekly=8, monthly=12),
        window=MaintenanceWindow(time(23, 30), time(4, 15), "Europe/Lisbon"),
        traffic=Traffic("we1.example.com", "Z1", 60, 10, 3),
        sites={
            SiteName.HOME: _site(SiteName.HOME, "eu-west-1"),
            SiteName.AWAY: _site(SiteName.AWAY, "eu-central-1"),
        },
        databases=(_database("orders", 1), _database("accounts", 2)),
    )
