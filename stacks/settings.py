"""The zone that a stack declares: the only reader of Pulumi's configuration.

`__main__.py` calls `read` first; everything after it works on frozen values that AWS will not
refuse late. `parse` is pure: the same checks on any structure, for tests and previews.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, is_config_secret

from continuity.channels import Channels
from continuity.critical_functions import RestsOn
from continuity.errors import InvalidInput, Problem
from continuity.notice_period import NoticePeriod
from continuity.reading import Reader
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from stacks.settings_channels import read_channels
from stacks.settings_databases import DatabaseSettings, read_databases
from stacks.settings_files import FileSettings, read_files
from stacks.settings_functions import read_functions
from stacks.settings_hosting import HostingSettings, read_hosting
from stacks.settings_logs import LogSettings, read_logs
from stacks.settings_notice import read_notice
from stacks.settings_sites import (
    GLOBAL_CONTROL_PLANE,
    SiteSettings,
    read_sites,
    read_witness,
)
from stacks.settings_time import read_objectives, read_retention, read_window
from stacks.windows import RdsWindows, rds_windows

PROJECT = "holdfast"
KEY = f"{PROJECT}:zone"

_ZONE_NAME = r"[a-z][a-z0-9]{1,11}"
_RESERVED = {
    "sg": "security groups whose names begin with sg-",
    "internal": "load balancers whose names begin with internal-",
}
"""Zones whose names AWS would refuse to see at the start of others, and what it would refuse."""
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
_DOMAIN_LENGTH = 64  # what ACM takes as a certificate's first name


@dataclass(frozen=True)
class Settings:
    """One zone as its stack declares it; `active` says which site serves, `witness` is a region."""

    zone: str
    kind: ZoneKind
    active: SiteName
    domain: str
    window: MaintenanceWindow
    objectives: Objectives
    retention: Retention
    approvers: int
    sites: Mapping[SiteName, SiteSettings]
    witness: str
    hosting: HostingSettings
    databases: tuple[DatabaseSettings, ...]
    files: FileSettings
    logs: LogSettings
    functions: tuple[RestsOn, ...]
    channels: Channels
    notice: NoticePeriod

    @property
    def standby(self) -> SiteName:
        """Return the site that does not serve."""
        return self.active.other

    @property
    def rds_windows(self) -> RdsWindows:
        """Return the part of the maintenance window that RDS may use, in UTC."""
        return rds_windows(self.window)


def read() -> Settings:
    """Read the current stack's zone from Pulumi.

    Raises:
        InvalidInput: with every problem of the configuration, nothing of which was used.
    """
    stack = pulumi.get_stack()
    subject = _subject(stack)
    problems = [
        Problem(key, f"unknown key; valid here: {KEY}")
        for key in {**get_config_env(), **CONFIG.get()}
        if key.startswith(f"{PROJECT}:") and key != KEY
    ]
    region = pulumi.Config("aws").get("region")  # noqa: TID251 - this is its one home
    try:
        settings = parse(stack, _zone_object(subject))
    except InvalidInput as error:
        raise InvalidInput(
            subject, [*problems, *_region_problems(region, ()), *error.problems]
        ) from error
    regions = tuple(str(site.region) for site in settings.sites.values())
    problems += _region_problems(region, regions)
    if problems:
        raise InvalidInput(subject, problems)
    return settings


def _region_problems(region: str | None, regions: tuple[str, ...]) -> list[Problem]:
    """Judge where Pulumi itself works; `regions` is empty while the sites are not known."""
    place = f"Pulumi works from a site of the zone, at best the standby's{': ' if regions else ''}"
    if region is None or region == GLOBAL_CONTROL_PLANE or (regions and region not in regions):
        message = f"is {region or 'not given'}; {place}{' or '.join(regions)}"
        return [Problem("aws:region", message)]
    return []


def parse(stack: str, data: object) -> Settings:
    """Return what `data`, the value of `holdfast:zone`, declares for the stack.

    Raises:
        InvalidInput: with every problem at once, each with its path, in order of path.
    """
    reader = Reader(data)
    if re.fullmatch(_ZONE_NAME, stack) is None:
        reader.note("(stack name)", f"{stack!r} does not have the form {_ZONE_NAME}")
    if stack in _RESERVED:
        reader.note("(stack name)", f"{stack!r} cannot be used: AWS refuses {_RESERVED[stack]}")
    reader.check(_subject(stack))
    settings = _settings(stack, reader)
    reader.finish()
    reader.check(_subject(stack))
    return settings


def _subject(stack: str) -> str:
    return f"The configuration of zone {stack}"


def _zone_object(subject: str) -> Any:  # noqa: ANN401 - what a YAML file may hold
    """Return the configured object. Never by `get_object`, whose errors echo what they read."""
    text = pulumi.Config(PROJECT).get("zone")  # noqa: TID251 - this is its one home
    if text is None:
        raise InvalidInput(subject, [Problem(KEY, "is required")])
    if is_config_secret(KEY):
        raise InvalidInput(
            subject,
            [Problem(KEY, "holds an encrypted value; a zone has none: AWS generates passwords")],
        )
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidInput(subject, [Problem(KEY, "expected a table of keys")]) from error


def _settings(stack: str, reader: Reader) -> Settings:
    sites = read_sites(reader.section("sites"))
    retention = read_retention(reader.section("retention"))
    databases = read_databases(reader, stack)
    return Settings(
        zone=stack,
        kind=reader.choice("kind", ZoneKind),
        active=reader.choice("active", SiteName),
        domain=_domain(reader),
        window=read_window(reader),
        objectives=read_objectives(reader.section("objectives")),
        retention=retention,
        approvers=reader.integer("approvers", low=1, high=5),
        sites=sites,
        witness=read_witness(reader.section("witness"), sites),
        hosting=read_hosting(reader.section("hosting")),
        databases=databases,
        files=read_files(reader.section("files"), retention),
        logs=read_logs(reader.section("logs")),
        functions=read_functions(reader, [one.name for one in databases]),
        channels=read_channels(reader),
        notice=read_notice(reader),
    )


def _domain(reader: Reader) -> str:
    domain = reader.text("domain", pattern=_DOMAIN)
    if len(domain) > _DOMAIN_LENGTH:
        reader.note("domain", f"is longer than the {_DOMAIN_LENGTH} characters that ACM takes")
    return domain
