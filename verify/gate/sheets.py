"""Tables with headings that a terminal and a page of Markdown show alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table


@dataclass(frozen=True)
class Sheet:
    """A table: what stands above it, the names of its columns, its rows, and what stands below it."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: str = ""


def render(sheets: Iterable[Sheet], console: Console) -> None:
    """Print the tables one after another."""
    for sheet in sheets:
        console.print(sheet.heading, style="bold", markup=False)
        if sheet.rows:
            console.print(_table(sheet))
        if sheet.below:
            console.print(sheet.below, style="dim", markup=False)


def _table(sheet: Sheet) -> Table:
    table = Table(*sheet.columns, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for row in sheet.rows:
        table.add_row(*map(escape, row))
    return table


def markdown(sheets: Iterable[Sheet]) -> str:
    """The tables as Markdown."""
    return "\n".join("\n\n".join(filter(None, (f"### {sheet.heading}", _lines(sheet), sheet.below))) + "\n" for sheet in sheets)


def _lines(sheet: Sheet) -> str:
    if not sheet.rows:
        return ""
    rows = [sheet.columns, ("---",) * len(sheet.columns), *sheet.rows]
    return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in rows)


def _cell(text: str) -> str:
    """A text that stays in its cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
