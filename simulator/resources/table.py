"""Every resource type that the simulated world can make, by type token.

`simulator.program` hands it to each run; a type that is not here is an error that names it.
"""

from collections.abc import Mapping

from simulator.resources import (
    alarms,
    archives,
    buckets,
    certificates,
    database_groups,
    databases,
    dns,
    endpoints,
    file_systems,
    firewalls,
    functions,
    hosting,
    keys,
    listeners,
    load_balancers,
    logs,
    mail,
    network,
    permissions,
    registry,
    restore_tests,
    scaling,
    schedules,
    secrets,
    storage,
    subscriptions,
    tables,
    vaults,
)
from simulator.resources.handler import Handler

HANDLERS: Mapping[str, Handler] = {
    **network.HANDLERS,
    **firewalls.HANDLERS,
    **endpoints.HANDLERS,
    **keys.HANDLERS,
    **logs.HANDLERS,
    **permissions.HANDLERS,
    **dns.HANDLERS,
    **certificates.HANDLERS,
    **databases.HANDLERS,
    **database_groups.HANDLERS,
    **secrets.HANDLERS,
    **registry.HANDLERS,
    **load_balancers.HANDLERS,
    **listeners.HANDLERS,
    **hosting.HANDLERS,
    **scaling.HANDLERS,
    **storage.HANDLERS,
    **tables.HANDLERS,
    **buckets.HANDLERS,
    **archives.HANDLERS,
    **vaults.HANDLERS,
    **restore_tests.HANDLERS,
    **alarms.HANDLERS,
    **functions.HANDLERS,
    **schedules.HANDLERS,
    **subscriptions.HANDLERS,
    **file_systems.HANDLERS,
    **mail.HANDLERS,
}
"""Read-only: nothing adds handlers at run time."""
