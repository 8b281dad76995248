"""Where reports are printed: the width of the page, and the colours of statuses."""

import os
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.markup import escape

from verify.judging.verdicts import Status

# What is piped into a file or a log has this width wherever it was made, unless COLUMNS says another.
PIPED_COLUMNS = 160
COLORS = {
    Status.SUPPORTED: "green",
    Status.INCONCLUSIVE: "yellow",
    Status.NOT_ASKED: "dim",
    Status.UNTESTED: "yellow",
    Status.REFUTED: "red",
    Status.BROKEN: "bold red",
}


def console(file: TextIO, color: str = "auto") -> Console:
    """A console that writes to a file: as wide as the terminal, and of a fixed width where the file is none.

    :param color: "yes", "no", or "auto" for colours where the file is a terminal.
    """
    fixed = None if file.isatty() or os.environ.get("COLUMNS") else PIPED_COLUMNS
    return Console(file=file, width=fixed, highlight=False, force_terminal={"yes": True, "no": False}.get(color))


def colored(status: Status) -> str:
    """A status in its colour, in the markup of rich."""
    return f"[{COLORS[status]}]{status}[/]"


def print_notes(notes: Iterable[str], page: Console) -> None:
    """Print notes, each on a line of its own where there is place."""
    for note in notes:
        page.print(escape(note), style="dim")
