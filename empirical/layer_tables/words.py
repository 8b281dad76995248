"""The geometry of layers as a table for the terminal, which has fewer columns where that is narrow. Needs no torch."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from empirical.evidence.geometry_tables import caption, joint_words, with_error


class Column(NamedTuple):
    """A heading, and what stands beneath it for a row."""

    heading: str
    words: Callable[[Any], str]


CAPACITY = Column("capacity", lambda row: with_error(row.capacity, row.capacity_se) + ("" if row.held == 1 else "*"))
LAYER = Column("layer", lambda row: row.layer)
COLUMNS = (
    LAYER,
    Column("features", lambda row: str(row.n_features)),
    CAPACITY,
    Column("shuffled", lambda row: with_error(row.baseline, row.baseline_se)),
    Column("joint", joint_words),
    Column("R", lambda row: with_error(row.radius, row.radius_se)),
    Column("D", lambda row: with_error(row.dimension, row.dimension_se)),
    Column("centre corr.", lambda row: f"{row.center_correlation:.3f}"),
    Column("K", lambda row: "" if row.center_rank is None else str(row.center_rank)),
)
# Columns that go, the first first, until the table is narrow enough.
GO = ("K", "centre corr.", "joint", "features", "D", "R", "shuffled")
# Longer names of layers are broken before a column goes.
LONGEST_NAME = 20
NOTHING = ("", "nan")


def shown(rows: Sequence, left_out: Sequence, width: int) -> Iterator[Table | Text]:
    """A table of the layers, what its columns mean, and beneath it the layers without a geometry and those left out.

    Columns in which no row has a value are not shown. In a narrow terminal columns go in the order of :data:`GO`; all of them
    are in ``table.to_frame()`` and in files.

    :param rows: records of :class:`empirical.layer_tables.rows.LayerGeometry`. :param left_out: of ``LeftOut``.
    :param width: of the terminal, in characters.
    """
    measured = [row for row in rows if not row.note]
    columns = [column for column in COLUMNS if any(column.words(row) not in NOTHING for row in measured) or column is LAYER]
    gone: list[Column] = []
    for column in sorted(columns, key=lambda column: GO.index(column.heading) if column.heading in GO else len(GO)):
        if column.heading not in GO or _width(rows, [one for one in columns if one not in gone]) <= width:
            break
        gone.append(column)
    columns = [column for column in columns if column not in gone]
    yield _table(rows, columns)
    if measured:
        yield Text(caption(measured[0], [column.heading for column in columns]), style="italic")
    if gone:
        yield Text(f"not shown in {width} columns: {', '.join(column.heading for column in gone)}", style="italic")
    for row in rows:
        if row.note:
            yield Text(f"{row.layer}: no geometry: {row.note}")
    for one in left_out:
        yield Text(f"{one.layer}: left out: {one.why}")


def _table(rows: Sequence, columns: Sequence[Column]) -> Table:
    table = Table()
    for column in columns:
        left = column is LAYER
        table.add_column(column.heading, justify="left" if left else "right", overflow="fold", no_wrap=not left)
    for row in rows:
        table.add_row(*(_cell(column, row) for column in columns))
    return table


def _cell(column: Column, row: Any) -> Text:
    if column is LAYER or not row.note:
        return Text(column.words(row))
    return Text("-")


def _width(rows: Sequence, columns: Sequence[Column]) -> int:
    """The width of the table where names of layers are broken."""
    console = Console(width=10**4)
    whole = Measurement.get(console, console.options, _table(rows, columns)).maximum
    return whole - max(max((len(row.layer) for row in rows), default=0) - LONGEST_NAME, 0)
