"""Panels of one figure that can be left out one by one, each with its reason in its place."""

import textwrap
from collections.abc import Callable, Mapping, Sequence

from matplotlib.axes import Axes

from verify.judging.verdicts import EvidenceError

COLUMNS = 44


def draw_panels(axes: Sequence[Axes], panels: Mapping[str, Callable[[Axes], None]]) -> None:
    """Draw every panel under its title; where its evidence does not allow it, its place says why.

    :param panels: what draws each panel, by title, one for each of the axes; it reads all of its evidence before it draws.
    :raises EvidenceError: no panel can be drawn; the reason is that of the first.
    """
    errors = [_error(ax, title, panel) for ax, (title, panel) in zip(axes, panels.items(), strict=True)]
    found = [error for error in errors if error]
    if len(found) == len(errors):
        raise found[0]


def _error(ax: Axes, title: str, panel: Callable[[Axes], None]) -> EvidenceError | None:
    try:
        panel(ax)
    except EvidenceError as error:
        ax.set_axis_off()
        words = textwrap.fill(f"left out: {error}", COLUMNS)
        ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", fontsize=8).set_in_layout(False)
        return error
    finally:
        ax.set_title(title)
    return None


def folded(words: str, width: int) -> str:
    """Words in lines of at most this many characters, each line of theirs by itself."""
    return "\n".join(textwrap.fill(line, width) for line in words.splitlines())
