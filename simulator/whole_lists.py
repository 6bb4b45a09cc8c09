"""Lists of snapshots put together from rows that were written and read before.

`simulator.repeated_answers` asks `Lists` where an answer has changed, or a question is new: a night
shortens a list by a few rows, and asks for single ones by name. What stands around the rows is
taken from the last list of the region, once that was found to be nothing but its rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import AWSResponse
from moto.core.botocore_stubber import MockRawResponse

from simulator.call_log import Call
from simulator.written_rows import Rows

_ASKED = "rds.DescribeDBSnapshots"
_LIST = "DBSnapshots"
_MOST, _NAME = "MaxRecords", "DBSnapshotIdentifier"
_BEGIN, _END = f"<{_LIST}>".encode(), f"</{_LIST}>".encode()
_LISTED = (b"<SnapshotType>manual<", b"<SnapshotType>automated<")
"""What is shown without being asked for its kind."""

_PAGE = 100
"""How many rows RDS puts on a page where nobody says (API reference, DescribeDBSnapshots)."""

Look = Any
Row = tuple[bytes, dict[str, Any]]


@dataclass(frozen=True)
class _Around:
    """An answer but for its rows: what was said, what stands before and after, what was read."""

    said: AWSResponse
    begin: bytes
    end: bytes
    reply: Mapping[str, Any]


class Lists:
    """What stands around the rows of each region's answers; `rows` are those of the world."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._around: dict[str, _Around] = {}

    def learn(self, call: Call, look: Look, said: AWSResponse, reply: Mapping[str, Any]) -> None:
        """Keep what stands around the rows of a list that has these, in this order, alone."""
        if call.name != _ASKED or set(call.parameters) - {_MOST}:
            return
        self._around.pop(call.region, None)
        body: bytes = said.raw.getvalue()
        begin, end = body.find(_BEGIN) + len(_BEGIN), body.rfind(_END)
        found = self._found(call, look)
        if found and body[begin:end] == b"".join(text for text, _ in found):
            self._around[call.region] = _Around(said, body[:begin], body[end:], reply)

    def fits(self, call: Call, look: Look) -> bool:
        """Say whether the answer can be put together: it is one page, and each row is known."""
        return call.region in self._around and self._found(call, look) is not None

    def made(self, call: Call, look: Look) -> tuple[AWSResponse, dict[str, Any]] | None:
        """Return the answer, and what botocore makes of it."""
        around, found = self._around.get(call.region), self._found(call, look)
        if around is None or found is None:
            return None
        body = b"".join((around.begin, *(text for text, _ in found), around.end))
        headers: Any = around.said.headers  # the stubs want another kind than AWSResponse has
        said = AWSResponse(around.said.url, 200, headers, MockRawResponse(body))
        return said, {**around.reply, _LIST: [dict(row) for _, row in found]}

    def _found(self, call: Call, look: Look) -> list[Row] | None:
        """Return the rows of an answer; None where one is unknown, or does not stand there."""
        if call.name != _ASKED or set(call.parameters) - {_MOST, _NAME}:
            return None
        looked = look if isinstance(look, list) else [look]
        if not 0 < len(looked) <= int(str(call.parameters.get(_MOST, _PAGE))):
            return None
        found = [row for one in looked if (row := self._rows.of(one)) is not None]
        listed = all(any(kind in text for kind in _LISTED) for text, _ in found)
        return found if listed and len(found) == len(looked) else None
