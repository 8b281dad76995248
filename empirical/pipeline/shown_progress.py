"""Progress on stderr: a bar on a terminal, and otherwise a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from empirical.geometry.reporting import bar

Report = Callable[[float, float], None]
LINE_SECONDS = 30


@contextmanager
def progress(words: str) -> Iterator[Report]:
    """The function that shows progress under these words; it is called with what is done, and all that there is to do."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console, words)
        return
    with bar(words) as move:
        yield move


def _lines(console: Console, words: str) -> Report:
    """A function that prints a line when it is called half a minute or more after the last one."""
    begun = last = time.monotonic()

    def report(done: float, total: float) -> None:
        nonlocal last
        if (now := time.monotonic()) - last >= LINE_SECONDS:
            last = now
            line = f"{words}: {done / total:.0%} after {now - begun:.0f} s"
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    return report
