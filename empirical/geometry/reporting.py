"""How far something is: a bar on stderr, or calls of a function."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[str, int, int], object]  # the last layer, the number of layers done, the number of all
# Speed is averaged over hours: training and measuring have different speeds, and a checkpoint may take many minutes.
SPEED_SECONDS = 4 * 3600


@contextmanager
def reporting(progress: bool | Report | None, total: int) -> Iterator[Report]:
    """A function to call after each layer.

    :param progress: True shows a bar on stderr, None only if that is a terminal; False shows nothing; a function is called.
    :param total: number of layers.
    """
    if callable(progress):
        yield progress
    elif progress or (progress is None and sys.stderr.isatty()):
        with bar("layers", total) as move:
            yield lambda layer, done, total: move(done, total, f"layers, {layer} done")
    else:
        yield lambda *_: None


@contextmanager
def bar(words: str, total: float | None = None) -> Iterator[Callable[..., None]]:
    """A bar on stderr; the function that moves it takes what is done, all that there is to do, and perhaps other words."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    shown = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), speed_estimate_period=SPEED_SECONDS)
    with shown:
        task = shown.add_task(words, total=total)
        yield lambda done, total, words=words: shown.update(task, completed=done, total=total, description=words)
