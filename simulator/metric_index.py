"""CloudWatch's datapoints by their metric: a question about one does not walk over all of them.

`simulator.metrics` looks them up. moto keeps one list for a region, to which several modules add
and from which some take away; what was added since the last question is put into the index, and
where anything else happened it is made anew.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.moto_time import utc

Dimensions = frozenset[tuple[str, str]]
Datum = Any
"""A moto `MetricDatumBase`; moto is untyped here."""

Index = dict[tuple[str, str, Dimensions], list[Datum]]

_ATTRIBUTE = "_holdfast_by_metric"


@dataclass
class _Known:
    """The index of a list, and the last of its data that is in it."""

    index: Index = field(default_factory=dict)
    count: int = 0
    last: Datum = None


def between(data: list[Datum], start: datetime, end: datetime) -> list[Datum]:
    """Return those of a metric's data from `start` to before `end`, moments as moto keeps them."""
    return data[bisect_left(data, start, key=_moment) : bisect_left(data, end, key=_moment)]


def of(backend: Any) -> Index:  # noqa: ANN401 - a moto CloudWatchBackend
    """Return a region's data by namespace, name and dimensions, each in the order of its moments.

    Data of one moment stand in the order in which they came.
    """
    known: _Known = vars(backend).setdefault(_ATTRIBUTE, _Known())
    data = backend.metric_data
    if known.count > len(data) or (known.count and data[known.count - 1] is not known.last):
        known = vars(backend)[_ATTRIBUTE] = _Known()
    for datum in data[known.count :]:
        rows = frozenset((one.name, one.value) for one in datum.dimensions)
        _add(known.index.setdefault((datum.namespace, datum.name, rows), []), datum)
    known.count, known.last = len(data), data[-1] if data else None
    return known.index


def _add(data: list[Datum], datum: Datum) -> None:
    """Put a datum into its place, which is nearly always the end."""
    if not data or data[-1].timestamp is datum.timestamp or _moment(data[-1]) <= _moment(datum):
        data.append(datum)
    else:
        insort(data, datum, key=_moment)


def _moment(datum: Datum) -> datetime:
    return utc(datum.timestamp)
