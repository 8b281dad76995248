"""The common look of all figures: a colour for each group, fonts, bands over networks, and equal bytes every time."""

import io
import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator, ScalarFormatter
from numpy.typing import ArrayLike
from scipy import stats

from verify.measurements.series import Series

# Okabe and Ito's palette, which colour-blind readers can distinguish.
COLORS = {"unpermuted": "#0072B2", "permuted": "#D55E00", "restored": "#009E73", "test": "#000000"}
MARKERS = {"unpermuted": "o", "permuted": "s", "restored": "^", "test": "D"}
WORDS = {
    "unpermuted": "unpermuted",
    "permuted": "permuted, labels trained on",
    "restored": "permuted, true labels (restored)",
    "test": "test",
}
GREY = "#808080"
# Paul Tol's muted scheme, which colour-blind readers can distinguish, for classes and kinds of regularizers.
MUTED = ("#332288", "#882255", "#117733", "#CC6677", "#44AA99", "#AA4499", "#999933", "#88CCEE", "#DDAA33", "#000000")
BAND = "bands: 95 % t interval over networks"
CONFIDENCE = 0.95
LOOK: dict = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.titlesize": 12,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.6,
    "svg.hashsalt": "geomem",
}
# Text that can be searched, selected and read aloud, in another font where this one is not installed.
TEXT: dict = {"svg.fonttype": "none", "font.family": ["DejaVu Sans", "sans-serif"]}
EPOCH_TICKS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def svg(figure: Figure) -> bytes:
    """The figure as SVG bytes; equal figures give equal bytes within ``rc_context(LOOK)``."""
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def titled(content: bytes, title: str, description: str) -> bytes:
    """SVG bytes with a title and a description, which browsers and screen readers show."""
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return re.sub(rb"(<svg\b[^>]*>)", lambda found: found[1] + words.encode(), content, count=1)


def sheet(width: float, height: float, title: str, caption: str) -> Figure:
    """An empty figure, width and height in inches, with its title above and its caption below."""
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(title)
    figure.supxlabel(caption, fontsize=8.5, color="#404040")
    return figure


def legend_above(figure: Figure, *axes: Axes, columns: int = 4) -> None:
    """Add one legend for all axes between the title and the panels, with each label once."""
    handles = {label: handle for ax in axes for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    # The layout would draw a legend outside the panels over a title: it becomes the legend's own.
    title = {"title": figure.get_suptitle(), "title_fontsize": LOOK["figure.titlesize"]}
    figure.suptitle("")
    figure.legend(list(handles.values()), list(handles), loc="outside upper center", ncols=columns, **title)


def common(series: Series) -> Series:
    """The series at the epochs at which every network was measured."""
    measured = ~np.isnan(series.values).any(axis=0)
    return Series(series.epochs[measured], series.values[:, measured])


def half_width(values: np.ndarray) -> Any:
    """Half of the width of the t interval of the mean over networks, for values (networks, ...); 0 for one network."""
    n = len(values)
    if n == 1:
        return np.zeros(values.shape[1:])
    return stats.t.isf((1 - CONFIDENCE) / 2, n - 1) * values.std(axis=0, ddof=1) / np.sqrt(n)


def band(
    ax: Axes,
    x: ArrayLike,
    values: np.ndarray,
    color: Any,
    label: str = "",
    shown_as: Callable[[np.ndarray], np.ndarray] = np.asarray,
    **line: Any,
) -> None:
    """Draw the mean over networks and its t interval, for values (networks, points); one network has no interval.

    :param shown_as: what is drawn of the mean and of the ends of the interval: ``np.exp`` where the values are logarithms.
    """
    mean, margin = values.mean(axis=0), half_width(values)
    ax.plot(x, shown_as(mean), color=color, label=label or "_", **line)
    if len(values) > 1:
        ax.fill_between(x, shown_as(mean - margin), shown_as(mean + margin), color=color, alpha=0.18, linewidth=0)


def epoch_axis(ax: Axes, last: int, label: str = "epoch") -> None:
    """Set an axis of epochs from 0, logarithmic beyond 1."""
    ax.set_xscale("symlog", linthresh=1, linscale=0.5)
    ax.xaxis.set_major_locator(FixedLocator([tick for tick in EPOCH_TICKS if tick <= last]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.set_xlim(-0.1, last * 1.05)
    ax.set_xlabel(label)


def value_axis(ax: Axes, values: ArrayLike, label: str) -> None:
    """Set a logarithmic axis of the values of a sweep, each of which has a tick."""
    places = np.asarray(values).tolist()
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(places))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xticks(places, [f"{value:g}" for value in places])
    ax.set_xlabel(label)


def depth_colors(n: int) -> list:
    """The colours of n layers, from light for the first to dark for the last."""
    return [colormaps["viridis_r"](0.1 + 0.85 * position) for position in np.linspace(0, 1, n)]
