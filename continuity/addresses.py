"""The file that tells the platform's tasks of one site where the site's databases are.

ECS hands its lines to every task at its start, as environment variables. `stacks.addresses` writes
it when a zone is deployed, a failover (`failover.steps.point`) when a database had to be restored
under another name; `failover.readiness` compares it with the manifest. Pure.

Source: ECS developer guide, "Use a file to pass environment variables": one VARIABLE=VALUE a line,
no quotation marks, `#` begins a comment, the name ends in `.env`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

HOST = "HOST"


@dataclass(frozen=True)
class AddressFile:
    """The file as it lies in its bucket. `tag` identifies exactly this content for S3.

    `at` is when it was written, in whole seconds of S3's clock; None and an empty `tag` where
    there is no file.
    """

    text: str = ""
    tag: str = ""
    at: datetime | None = None
    hosts: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hosts", settings(self.text))

    def host(self, database: str) -> str | None:
        """Return the address that tasks are told for a database; None where they are told none."""
        return self.hosts.get(variable(database, HOST))


def variable(database: str, what: str) -> str:
    """Return `DATABASE_ORDERS_HOST`: what the platform reads its way to a database from."""
    return f"DATABASE_{database.upper().replace('-', '_')}_{what}"


def text(hosts: Mapping[str, str]) -> str:
    """Return the file for these addresses, by database. Equal addresses give equal text."""
    return _lines({variable(name, HOST): host for name, host in hosts.items()})


def changed(old: str, hosts: Mapping[str, str]) -> str:
    """Return a file's text with these addresses in place of what it said of their databases."""
    new = {variable(name, HOST): host for name, host in hosts.items()}
    return _lines({**settings(old), **new})


def settings(said: str) -> dict[str, str]:
    """Return the variables that a file sets; what is no setting, ECS does not read either."""
    pairs = (line.partition("=") for line in said.splitlines() if not line.startswith("#"))
    return {name: value for name, found, value in pairs if found}


def _lines(found: Mapping[str, str]) -> str:
    lines: Iterable[str] = (f"{name}={found[name]}\n" for name in sorted(found))
    return "".join(lines)
