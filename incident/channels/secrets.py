"""A channel's secret: asked for when it is needed, kept in memory, shown nowhere.

`opening` makes one for each channel that needs a token. It stands in an environment variable or in
Secrets Manager; errors say where to put it, never what it is.
"""

import json
from collections.abc import Callable, Iterator

_SHORTEST = 4
"""Characters: hiding anything shorter would blot out ordinary words."""


class Secret:
    """Text that must not be seen. It has no repr of its content, and `hide` blots it out of text.

    `where` says in an operator's words where it is kept; `fetch` reads it there, and raises
    TemporaryError or PermanentError where it cannot.
    """

    def __init__(self, where: str, fetch: Callable[[], str]) -> None:
        self.where = where
        self._fetch = fetch
        self._text: str | None = None

    def reveal(self) -> str:
        """Return it, read once and kept until `forget`."""
        if self._text is None:
            self._text = self._fetch().strip()
        return self._text

    def forget(self) -> None:
        """Read it again next time: it was refused, and people may have stored a new one."""
        self._text = None

    def hide(self, text: str) -> str:
        """Return a text in which it does not stand any more, as a whole or in its parts."""
        for part in self._parts():
            text = text.replace(part, "***")
        return text

    def _parts(self) -> Iterator[str]:
        whole = self._text or ""
        rows = named(whole).values() if whole else ()
        yield from sorted((one for one in (whole, *rows) if len(one) >= _SHORTEST), key=len)[::-1]


def named(text: str) -> dict[str, str]:
    """Return the secrets that a JSON object holds by name; empty for a plain secret."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, str)}
