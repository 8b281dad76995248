"""How far a measurement of layers is: a bar on the terminal, or calls of a function."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[str, int, int], object]  # the last layer, the number of layers done, the number of all


@contextmanager
def reporting(progress: bool | Report | None, total: int) -> Iterator[Report]:
    """A function to call after each layer.

    :param progress: True shows a bar on stderr, None only if that is a terminal; False shows nothing; a function is called.
    :param total: number of layers.
    """
    if callable(progress):
        yield progress
    elif progress or (progress is None and sys.stderr.isatty()):
        with _bar(total) as report:
            yield report
    else:
        yield lambda *_: None


@contextmanager
def _bar(total: int) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("layers", total=total)
        yield lambda layer, done, _total: bar.update(task, completed=done, description=f"layers, {layer} done")
