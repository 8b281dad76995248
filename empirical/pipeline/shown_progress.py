"""Progress on stderr: a bar on a terminal, and otherwise a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Report = Callable[[float, float], None]
# Speed is averaged over hours: training and measuring have different speeds, and a checkpoint may take many minutes.
SPEED_SECONDS = 4 * 3600
LINE_SECONDS = 30


@contextmanager
def progress(words: str) -> Iterator[Report]:
    """The function that shows progress under these words; it is called with what is done, and all that there is to do."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console, words)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    columns += (TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, speed_estimate_period=SPEED_SECONDS) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


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
