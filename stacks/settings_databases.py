"""The databases of a zone, read and checked: names, sizes, priorities, backups.

`stacks.settings` calls `read_databases`; `stacks.database` declares each in both sites.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from continuity import naming
from continuity.proving import Check
from continuity.reading import Reader
from continuity.zone import SiteName
from stacks.settings_checks import read_checks
from stacks.settings_instances import read_instances, refuse_taken

_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_CLASS = r"db\.[a-z0-9]+\.(?:micro|small|medium|large|[0-9]*xlarge)"
_VERSION = r"\d{2}\.\d{1,2}"
_LONGEST_IDENTIFIER = 63  # RDS, for an instance
_HIGHEST_INCARNATION = 9999
_RESERVED = frozenset(
    """
    all analyse analyze and any array as asc asymmetric both case cast check collate column
    constraint create current-catalog current-date current-role current-time current-timestamp
    current-user default deferrable desc distinct do else end except false fetch for foreign from
    grant group having in initially intersect into lateral leading limit localtime localtimestamp
    not null offset on only or order placing postgres primary rdsadmin references returning select
    session-user some symmetric system-user table template0 template1 then to trailing true union
    unique user using variadic when where window with
    """.split()  # noqa: SIM905 - a table of words, not a list
)
"""Reserved by PostgreSQL (SQL key words, appendix C) or already there: RDS creates none of them."""


@dataclass(frozen=True)
class DatabaseSettings:
    """One logical database. `priority` 1 comes back first.

    `backup_days` is how far back any moment can be restored, `checks` what is asked of a restored
    copy. `instances` names those that are called otherwise than by their site's incarnation.
    """

    name: str
    priority: int
    engine_version: str
    instance_class: str
    storage_gb: int
    backup_days: int
    checks: tuple[Check, ...] = ()
    instances: Mapping[SiteName, str] = field(default_factory=dict)

    @property
    def major_version(self) -> str:
        """Return what parameter groups belong to: `16` of `16.4`."""
        return self.engine_version.partition(".")[0]

    def identifier(self, zone: str, site: SiteName, incarnation: int) -> str:
        """Return the identifier of the instance in a site of that incarnation."""
        return self.instances.get(site) or naming.instance(zone, self.name, site, incarnation)


def read_databases(reader: Reader, zone: str) -> tuple[DatabaseSettings, ...]:
    """Read `databases`: at least one, no name twice."""
    rows = reader.rows("databases")
    databases = tuple(_database(row, zone) for row in rows)
    if reader.has("databases") and not rows and not _noted(reader, "databases"):
        reader.note("databases", "names none: a zone without data needs no failover")
    _refuse_repeated(rows, databases)
    refuse_taken(rows, [one.instances for one in databases])
    return databases


def _database(reader: Reader, zone: str) -> DatabaseSettings:
    database = DatabaseSettings(
        name=_name(reader, zone),
        priority=reader.integer("priority", low=1, high=99),
        engine_version=_text_like(reader, "engine_version", _VERSION, "16.4"),
        instance_class=_text_like(reader, "class", _CLASS, "db.r6g.large"),
        storage_gb=reader.integer("storage_gb", low=20, high=65536),
        backup_days=_backup_days(reader),
        checks=read_checks(reader),
        instances=read_instances(reader, zone),
    )
    reader.finish()
    return database


def _name(reader: Reader, zone: str) -> str:
    name = _text_like(reader, "name", _NAME, "orders or order-lines, without double hyphens")
    longest = max(len(naming.instance(zone, name, site, _HIGHEST_INCARNATION)) for site in SiteName)
    if longest > _LONGEST_IDENTIFIER:
        reader.note(
            "name",
            f"makes instance identifiers of {longest} characters; RDS takes {_LONGEST_IDENTIFIER}",
        )
    if name in _RESERVED:
        reader.note("name", f"{name} is reserved in PostgreSQL; RDS would refuse it")
    return name


def _text_like(reader: Reader, key: str, pattern: str, example: str) -> str:
    """Read text of a form; the complaint shows an example instead of the pattern."""
    text = reader.text(key)
    if text and re.fullmatch(pattern, text) is None:
        reader.note(key, f"{text!r} does not look like {example}")
    return text


def _backup_days(reader: Reader) -> int:
    days = reader.integer("backup_days", low=0, high=35)
    if reader.has("backup_days") and days == 0:
        reader.note(
            "backup_days", "0 turns backups off, and RDS then refuses a replica; use 1 to 35"
        )
    return days


def _refuse_repeated(rows: Sequence[Reader], databases: Sequence[DatabaseSettings]) -> None:
    first: dict[str, int] = {}
    for index, (row, database) in enumerate(zip(rows, databases, strict=True)):
        if database.name in first:
            row.note("name", f"{database.name} is also databases[{first[database.name]}]")
        elif database.name:
            first[database.name] = index


def _noted(reader: Reader, key: str) -> bool:
    return any(problem.path == reader.at(key) for problem in reader.problems)
