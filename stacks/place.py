"""Where a resource stands: one site of one zone, and how things are named and tagged there."""

from dataclasses import dataclass

from continuity import naming
from continuity.zone import SiteName


@dataclass(frozen=True)
class Place:
    """One site: its zone, region and account. Every component of a site is given one."""

    zone: str
    site: SiteName
    region: str
    account: str

    def name(self, *parts: str) -> str:
        """Return `we1-home-platform` for `platform`."""
        return naming.in_site(self.zone, self.site, *parts)

    def tags(self, database: str | None = None) -> dict[str, str]:
        """Return the tags of everything in this site, or of one database in it."""
        return naming.tags(self.zone, self.site, database)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a regional resource of this site."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def bucket(self, purpose: str) -> str:
        """Return the name of this site's bucket for a purpose."""
        return naming.bucket(self.account, self.zone, self.site, purpose)

    @property
    def log_groups(self) -> str:
        """Return the prefix of the site's log groups."""
        return f"/holdfast/{self.zone}/{self.site}"
