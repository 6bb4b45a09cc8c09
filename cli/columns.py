"""Rows for people: their cells under each other. The texts of `check` and `backup` print them."""

from collections.abc import Iterator, Sequence

Row = tuple[str, ...]


def columns(rows: Sequence[Row]) -> Iterator[str]:
    """Yield equally long rows, indented; the last cell is as long as it is."""
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    for row in rows:
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=False))
        yield f"  {'  '.join((*cells, row[-1]))}"
