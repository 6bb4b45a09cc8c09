"""Where a run keeps its lease and its journal in one site, and people the record of incidents.

`stacks.foundation` makes one per site. A run writes only to the site that it moves to, so both
sites have all tables, and none is replicated: nothing of a run may depend on the lost region,
nor on the site's own key: it opens the databases, and a run must be able to say that it is gone.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place


@dataclass(frozen=True)
class ControllerArgs:
    """`place`: the site that a run moves to."""

    place: Place


class Controller(pulumi.ComponentResource):
    """Produces three tables: leases by `name`, journals by `run` and `sequence`, and incidents.

    The entries of all incidents are one log, by `zone` and `number`.
    """

    lease_table: pulumi.Output[str]
    journal_table: pulumi.Output[str]
    incident_table: pulumi.Output[str]

    def __init__(
        self, name: str, args: ControllerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Controller", name, None, opts)
        self._name, self._args = name, args
        self.lease_table = self._table("lease", {"name": "S"}).name
        self.journal_table = self._table("journal", {"run": "S", "sequence": "N"}).name
        self.incident_table = self._table("incidents", {"zone": "S", "number": "N"}).name
        self.register_outputs(
            {
                "lease_table": self.lease_table,
                "journal_table": self.journal_table,
                "incident_table": self.incident_table,
            }
        )

    def _table(self, purpose: str, key: dict[str, str]) -> aws.dynamodb.Table:
        """Declare a table whose first key is the partition, the second the order within it."""
        place = self._args.place
        names = dict(zip(("hash_key", "range_key"), key, strict=False))
        return aws.dynamodb.Table(
            f"{self._name}-{purpose}",
            region=place.region,
            name=naming.table(place.zone, place.site, purpose),
            billing_mode="PAY_PER_REQUEST",
            attributes=[{"name": name, "type": kind} for name, kind in key.items()],
            point_in_time_recovery={"enabled": True},
            # False means a key that AWS owns: nobody here can disable it and so blind a run.
            server_side_encryption={"enabled": False},
            deletion_protection_enabled=True,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
            **names,
        )
