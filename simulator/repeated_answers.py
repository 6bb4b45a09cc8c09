"""Answers that AWS would give word for word again: they are written and read once, not every time.

`drill.year` enters `repeated`: a year asks tens of thousands of times for what changes a few times
a night. Calls take their time, meet their faults and are logged as ever; what is spared is moto's
writing and botocore's reading of what was written and read before. An answer is kept for as long
as nothing that it shows has changed (`simulator.looks`). Its headers are never kept: by their
`Date` whoever asks sets a clock of its own (`cloud.aws_time`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from unittest import mock

from botocore import parsers
from botocore.awsrequest import AWSResponse
from botocore.response import StreamingBody
from moto.core.botocore_stubber import MockRawResponse

from simulator import attempt, looks, short_questions, transport, written_rows
from simulator.attempt import Execute
from simulator.call_log import Call
from simulator.short_wire import ShortWire
from simulator.whole_items import Items
from simulator.whole_lists import Lists
from simulator.world import World

if TYPE_CHECKING:
    from simulator.looks import Look

_LONG = 1_500
"""Characters from which on an answer is worth being remembered once read."""

_MOST = 5_000
"""Questions that are remembered: more than a zone asks in a night."""

_BODY = "Body"
"""What is read of some answers of S3 as a stream, once."""

Question = tuple[str, ...]

_UNREAD = ((), None)
_NOTHING: tuple[Call | None, Question, "Look"] = (None, (), None)


class _Answers:
    """What was answered last to each question, and what it looked like then."""

    def __init__(self, world: World, rows: written_rows.Rows) -> None:
        self._world = world
        self._makers = (Lists(rows), Items())
        self._known: dict[Question, tuple[Look, AWSResponse, bytes]] = {}
        self._read: dict[Question, tuple[Look, dict[str, Any]]] = {}
        self._given: dict[int, tuple[Call | None, Question, Look]] = {}
        """By the identity of parameters, which a call holds: no other call's are the same."""
        self._looked: tuple[Call | None, int, Look] = (None, 0, None)

    def answer(self, call: Call, execute: Execute) -> AWSResponse | None:
        look = self._look(call)
        if look is None:
            return execute()
        question = _question(call)
        known = self._known.get(question)
        self._given[id(call.parameters)] = (call, question, look)
        if known is not None and known[0] == look:
            # Of an answer whose reply is known as well, nobody looks at more than its length.
            light = execute is transport.changed
            return known[1] if light else self._again(known[1], known[2])
        if execute is transport.changed:
            return self._put_together(call, question, look) or execute()
        response = execute()
        if response is not None and response.status_code == 200:  # noqa: PLR2004 - HTTP's own word
            if len(self._known) >= _MOST:
                for kept in (self._known, self._read, self._given):
                    kept.clear()
            self._known[question] = (look, response, response.raw.getvalue())
        return response

    def read(self, parameters: Mapping[str, object], reply: dict[str, Any]) -> None:
        """Keep what botocore made of the answer that a call with these very parameters got."""
        call, question, look = self._given.pop(id(parameters), _NOTHING)
        if call is not None and question in self._known:
            self._read[question] = (look, {**reply, **self._stream(question, reply)})
            for maker in self._makers:
                maker.learn(call, look, self._known[question][1], reply)

    def known(self, call: Call) -> bool:
        """Say whether botocore has read the answer that would be given now."""
        look = self._look(call)
        if look is None:
            return False
        if self._read.get(_question(call), _UNREAD)[0] == look:
            return True
        return any(maker.fits(call, look) for maker in self._makers)

    def reply(self, call: Call) -> dict[str, Any] | None:
        """Return what botocore made of the answer that this call got; None if it never read it."""
        _, question, look = self._given.pop(id(call.parameters), _NOTHING)
        kept = self._read.get(question)
        if kept is None or kept[0] != look:
            return None
        told = kept[1]["ResponseMetadata"]
        headers = {**told["HTTPHeaders"], "date": self._date()}
        again = {**kept[1], "ResponseMetadata": {**told, "HTTPHeaders": headers}}
        return {**again, **self._stream(question, again)}

    def _look(self, call: Call) -> "Look":
        """Look at what an answer shows; where nothing happened since, it still looks so."""
        before, turns, look = self._looked
        same = before is not None and before.parameters is call.parameters
        if same and turns == self._world.clock.turns:
            return look
        look = looks.of(call)
        self._looked = call, self._world.clock.turns, look
        return look

    def _put_together(self, call: Call, question: Question, look: "Look") -> AWSResponse | None:
        """Return a list of which every row is known; what is read of it is known then, too."""
        tried = (maker.made(call, look) for maker in self._makers)
        made = next((one for one in tried if one is not None), None)
        if made is None:
            return None
        self._known[question] = look, made[0], made[0].raw.getvalue()
        self._read[question] = look, made[1]
        return made[0]

    def _stream(self, question: Question, reply: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of an answer as a stream that nobody has read yet."""
        if _BODY not in reply:
            return {}
        content = self._known[question][2]
        return {_BODY: StreamingBody(BytesIO(content), len(content))}

    def _date(self) -> str:
        return _written(self._world.clock.now().replace(microsecond=0))

    def _again(self, said: AWSResponse, body: bytes) -> AWSResponse:
        """Say the same once more, at the moment that it is now."""
        headers: Any = dict(said.headers)  # the stubs want another kind than AWSResponse itself has
        headers["date"] = self._date()
        return AWSResponse(said.url, said.status_code, headers, MockRawResponse(body))


@contextmanager
def repeated(world: World) -> Iterator[None]:
    """Keep answers while the block lasts."""
    rows = written_rows.Rows()
    answers = _Answers(world, rows)
    attempt.ANSWERS.give(world, answers.answer)
    transport.REPLIES.give(world, answers)
    transport.WIRE.give(world, ShortWire())
    parse = parsers.ResponseParser.parse
    with (
        short_questions.understood(),
        written_rows.once(rows),
        mock.patch.object(parsers.ResponseParser, "parse", _parsing(parse, rows)),
    ):
        yield


@lru_cache(maxsize=64)
def _written(second: datetime) -> str:
    return format_datetime(second, usegmt=True)


def _question(call: Call) -> Question:
    return call.name, call.region, repr(sorted(call.parameters.items()))


def _parsing(parse: Callable[..., Any], kept: written_rows.Rows) -> Callable[..., Any]:
    """Return a parser that knows the last long answers, and every row of RDS in them."""
    known: dict[bytes, Any] = {}
    rows = written_rows.Reader(parse, kept)

    def parsed(parser: parsers.ResponseParser, response: Any, shape: Any) -> Any:  # noqa: ANN401 - botocore's own
        body = response["body"]
        if not isinstance(body, bytes) or len(body) < _LONG:
            return parse(parser, response, shape)
        if body not in known:
            if len(known) > 8:  # noqa: PLR2004 - the lists of two regions, and a few more
                known.clear()
            known[body] = rows.parse(parser, response, shape)
        return {**known[body], "ResponseMetadata": _metadata(known[body], response)}

    return parsed


def _metadata(known: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a reply beside its body: what was, with the headers of this one."""
    headers = {str(name).lower(): value for name, value in response["headers"].items()}
    return {**known["ResponseMetadata"], "HTTPHeaders": headers}
