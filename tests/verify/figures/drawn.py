"""What was drawn, read off the axes."""

import numpy as np
from matplotlib.axes import Axes


def line(ax: Axes, label: str) -> tuple[np.ndarray, np.ndarray]:
    """The x and y of the one line whose label begins with these words."""
    (found,) = (each for each in ax.lines if str(each.get_label()).startswith(label))
    return np.asarray(found.get_xdata(), dtype=float), np.asarray(found.get_ydata(), dtype=float)


def legend(ax: Axes) -> list[str]:
    """The labels that a legend of the axes would have."""
    return ax.get_legend_handles_labels()[1]


def words(ax: Axes) -> str:
    """All texts inside the axes, in one line."""
    return " ".join(" ".join(text.get_text().split()) for text in ax.texts)


def caption(figure) -> str:
    """The words below a figure, in one line."""
    return " ".join(figure.get_supxlabel().split())
