"""The role data in a stack's file: read, and written without touching anything else in it.

`reconcile.plan` asks. Comments, order and quoting stay: the file is a person's, and its difference
is reviewed. ruamel.yaml keeps all of that; values that stay are not written again.
"""

import io
from collections.abc import Mapping
from difflib import unified_diff
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from continuity.reading import Reader
from continuity.zone import SiteName
from failover.settlement import Warm
from reconcile.role_data import Named, RoleData

_ZONE, _REGION = "holdfast:zone", "aws:region"


def path(zone: str) -> str:
    """Return where a zone's file lies in the project."""
    return f"stacks/Pulumi.{zone}.yaml"


def read(zone: str, config: Mapping[str, Any]) -> RoleData:
    """Read a stack's config by full key, as `simulator.project.stack_config` returns it.

    Raises:
        InvalidInput: what is needed is missing or of the wrong kind.
    """
    reader = Reader(config, "config")
    declared = reader.section(_ZONE)
    sites = declared.section("sites")
    found = RoleData(
        zone=zone,
        active=declared.choice("active", SiteName),
        incarnations={site: sites.section(site).integer("incarnation", low=1) for site in SiteName},
        works_from=reader.text(_REGION),
        instances=_instances(declared.rows("databases")),
    )
    reader.check(path(zone))
    return found


def standing_by(config: Mapping[str, Any]) -> Warm:
    """Read how many tasks run in the site that stands by.

    Raises:
        InvalidInput: what is needed is missing or of the wrong kind.
    """
    reader = Reader(config, "config")
    counts = reader.section(_ZONE).section("hosting").section("standby")
    found = Warm(counts.integer("minimum"), counts.integer("desired"), counts.integer("maximum"))
    reader.check("The stack's file")
    return found


def _instances(rows: list[Reader]) -> Named:
    found: dict[str, dict[SiteName, str]] = {}
    for row in rows:
        if row.has("instances"):
            section = row.section("instances")
            named = {site: section.text(site) for site in SiteName if section.has(site)}
            found[row.text("name")] = named
    return found


def written(text: str, data: RoleData) -> str:
    """Return the file's text with the role data in it, everything else byte for byte as it was."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000  # nothing is broken over lines that was not
    yaml.indent(mapping=2, sequence=4, offset=2)
    whole = yaml.load(text)
    config = whole["config"]
    _set(config, _REGION, data.works_from)
    zone = config[_ZONE]
    _set(zone, "active", str(data.active))
    for site, incarnation in data.incarnations.items():
        _set(zone["sites"][str(site)], "incarnation", incarnation)
    for row in zone["databases"]:
        _name(row, data.instances.get(str(row["name"]), {}))
    stream = io.StringIO()
    yaml.dump(whole, stream)
    return stream.getvalue()


def difference(zone: str, before: str, after: str) -> str:
    """Return the unified difference of the file; empty where nothing changes."""
    name = path(zone)
    lines = unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name, name
    )
    return "".join(lines)


def _set(table: CommentedMap, key: str, value: object) -> None:
    if table.get(key) != value:
        table[key] = value


def _name(row: CommentedMap, named: Mapping[SiteName, str]) -> None:
    """Write the names of a database's instances where it has any; on one line, like its checks.

    Beside its own name: behind a table's last line ruamel.yaml keeps what is said of the next one.
    """
    wanted = {str(site): identifier for site, identifier in sorted(named.items())}
    if not wanted:
        row.pop("instances", None)
    elif dict(row.get("instances", {})) != wanted:
        table = CommentedMap(wanted)
        table.fa.set_flow_style()
        row.pop("instances", None)
        row.insert(1 + list(row).index("name"), "instances", table)
