"""The URNs of what a run changes, as the program names it: a state operation must hit exactly that.

`reconcile.operations` asks. A test holds every one against a run of the program itself.
"""

from dataclasses import dataclass

from continuity.agreement import INSTANCE
from continuity.zone import SiteName

PROJECT = "holdfast"
_OWN = "holdfast:stacks:"


@dataclass(frozen=True)
class Urns:
    """The URNs of one zone's stack."""

    zone: str

    @staticmethod
    def below(parent: str, kind: str, name: str) -> str:
        """Return the URN of a resource whose component is `parent`."""
        head, project, qualified, _ = parent.split("::", 3)
        return "::".join((head, project, f"{qualified}${kind}", name))

    @staticmethod
    def renamed(urn: str, name: str) -> str:
        """Return the URN that a resource has under another name."""
        return f"{urn.rpartition('::')[0]}::{name}"

    def database(self, database: str) -> str:
        """Return the component of a database."""
        return self._component("Zone$Database", f"{self.zone}-{database}")

    def instance(self, database: str, identifier: str) -> str:
        """Return an instance, which the program calls by its identifier."""
        return self.below(self.database(database), INSTANCE, identifier)

    def scaling(self, site: SiteName) -> tuple[str, str]:
        """Return the platform's service in a site, and its limits of scaling."""
        hosting = self._component("Zone$Hosting", f"{self.zone}-{site}-hosting")
        autoscaling = self.below(
            hosting, f"{_OWN}Autoscaling", f"{self.zone}-{site}-hosting-scaling"
        )
        return (
            self.below(hosting, "aws:ecs/service:Service", f"{self.zone}-{site}-hosting-service"),
            self.below(
                autoscaling,
                "aws:appautoscaling/target:Target",
                f"{self.zone}-{site}-hosting-scaling-target",
            ),
        )

    def log_groups(self, site: SiteName) -> str:
        """Return the component of a site's log groups."""
        return self._component("Zone$Foundation$LogGroups", f"{self.zone}-{site}-logs")

    def log_group_name(self, site: SiteName, group: str) -> str:
        """Return what the program calls a log group: `stacks.log_groups` has the rule."""
        return f"{self.zone}-{site}-logs-{group.strip('/').replace('/', '-')}"

    def _component(self, kinds: str, name: str) -> str:
        qualified = "$".join(f"{_OWN}{kind}" for kind in kinds.split("$"))
        return f"urn:pulumi:{self.zone}::{PROJECT}::{qualified}::{name}"
