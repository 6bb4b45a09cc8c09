"""Whether a restored instance is what was asked for, setting by setting. Pure.

`backup.restore_run` asks after the restore, before anything relies on the instance. RDS answers a
restore with defaults for whatever it was not told, and some engines take a setting only later.
"""

from collections.abc import Iterator

from backup.restore import WRITABLE, Restoration
from cloud.databases import InstanceState, Settings


def differences(one: Restoration, state: InstanceState | None) -> tuple[str, ...]:
    """Return what is not as it was asked for, as sentences; empty where all of it is."""
    if state is None:
        return ("it is gone",)
    return tuple(_differences(one, state))


def missing_settings(one: Restoration, state: InstanceState) -> Settings | None:
    """Return the settings that a modification gives it; None where it has them all."""
    wanted = _settings(one)
    lacking = {
        name: value for name, value in wanted.given().items() if getattr(state, name) != value
    }
    return Settings(**lacking) if lacking else None  # type: ignore[arg-type]


def _differences(one: Restoration, state: InstanceState) -> Iterator[str]:
    if state.status not in WRITABLE:
        yield f"it is {state.status}"
    for name, value in _settings(one).given().items():
        found = getattr(state, name)
        if found != value:
            yield f"{name} is {found}, not {value}"
    if state.parameter_status not in {"", "in-sync"}:
        yield f"its parameter group is {state.parameter_status}"
    if state.subnet_group != one.wanted.subnet_group:
        yield f"its subnet group is {state.subnet_group}, not {one.wanted.subnet_group}"
    if set(state.security_groups) != set(one.wanted.security_groups):
        yield f"its security groups are {', '.join(state.security_groups)}"
    if one.source.key and state.key != one.source.key:
        yield f"it is encrypted with {state.key or 'no key'}, not {one.source.key}"


def _settings(one: Restoration) -> Settings:
    wanted = one.wanted
    return Settings(
        retention_days=wanted.retention_days,
        backup_window=wanted.backup_window,
        deletion_protection=wanted.protected,
        parameter_group=wanted.parameter_group,
        multi_az=wanted.multi_az,
        instance_class=wanted.instance_class,
    )
