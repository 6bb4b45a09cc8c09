"""What keeps a site's files, logs and recovery points: the manifest's names and ARNs of it.

`stacks` fills it, `continuity.manifest_json` carries it, `backup` works on what it names. All of it
is empty in manifests that are too old to say.
"""

from dataclasses import dataclass

from continuity.reading import Reader


@dataclass(frozen=True)
class Bucket:
    """One bucket of files. `purpose` is public, private or configuration."""

    purpose: str
    name: str


@dataclass(frozen=True)
class LogGroup:
    """One log group, and for how many days it keeps what it receives while nothing is wrong."""

    name: str
    days: int


@dataclass(frozen=True)
class Safekeeping:
    """One site's stores.

    The backup verbs run as `role_arn`; AWS Backup itself works as `service_role_arn`, which its
    jobs must be given. `file_system` is empty where the zone declares none. `schedules` name what
    fires in this site, `archive` is the bucket that receives the site's logs, `dead_letters` the
    URL of the queue of runs that never happened, `alerts` the topic that tells people. `scratch` is
    the bucket that test restores are made into, and nothing in it lasts.
    """

    vault: str = ""
    vault_arn: str = ""
    role_arn: str = ""
    service_role_arn: str = ""
    buckets: tuple[Bucket, ...] = ()
    file_system: str = ""
    file_system_arn: str = ""
    archive: str = ""
    log_groups: tuple[LogGroup, ...] = ()
    schedules: tuple[str, ...] = ()
    dead_letters: str = ""
    alerts: str = ""
    scratch: str = ""

    def bucket(self, purpose: str) -> str:
        """Return the name of the bucket for a purpose, empty where there is none."""
        return next((one.name for one in self.buckets if one.purpose == purpose), "")


def read(reader: Reader) -> Safekeeping:
    """Read what the manifest says of a site's stores; a missing part is empty."""
    found = Safekeeping(
        vault=reader.text("vault", ""),
        vault_arn=reader.text("vault_arn", ""),
        role_arn=reader.text("role_arn", ""),
        service_role_arn=reader.text("service_role_arn", ""),
        buckets=tuple(_bucket(row) for row in reader.rows("buckets", optional=True)),
        file_system=reader.text("file_system", ""),
        file_system_arn=reader.text("file_system_arn", ""),
        archive=reader.text("archive", ""),
        log_groups=tuple(_log_group(row) for row in reader.rows("log_groups", optional=True)),
        schedules=reader.texts("schedules", ()),
        dead_letters=reader.text("dead_letters", ""),
        alerts=reader.text("alerts", ""),
        scratch=reader.text("scratch", ""),
    )
    reader.finish()
    return found


def _bucket(reader: Reader) -> Bucket:
    bucket = Bucket(reader.text("purpose"), reader.text("name"))
    reader.finish()
    return bucket


def _log_group(reader: Reader) -> LogGroup:
    group = LogGroup(reader.text("name"), reader.integer("days", low=1))
    reader.finish()
    return group
