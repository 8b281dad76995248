"""The figure of the time to a loss level over widths, or over numbers of images (Arpit et al. 2017, figure 6)."""

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.evidence.names import RAND_X, RAND_X_PIXELS, RAND_Y, REAL
from verify.figures.memorization.kinds import INPUTS_40, INPUTS_80, KIND_COLORS, KIND_WORDS, kind_band
from verify.figures.memorization.panels import draw_panels, folded
from verify.figures.style import BAND, sheet, value_axis
from verify.measurements.memorization.time_to_loss import LEVEL, Times, times_to_loss
from verify.measurements.sweeps import Sweep

# What each panel compares with real data, and so at which values; the same as the claims.
PANELS = {
    "width": {"a share of noise inputs": (INPUTS_40, INPUTS_80), "all inputs noise": (RAND_X,), "random labels": (RAND_Y,)},
    "train_images": {
        "all inputs noise": (RAND_X,),
        "all inputs noise, pixel by pixel": (RAND_X_PIXELS,),
        "random labels": (RAND_Y,),
    },
}
# Added to the height of the panels, as a share of it, so that legends stand free of the curves.
ROOM = 0.3
WORDS = {"width": "width (units of a hidden layer)", "train_images": "training images"}


def time_to_loss(sweep: Sweep) -> Figure:
    """A figure of the updates to a loss level, with the exponent of each kind of data; each panel compares what a claim does.

    A panel whose worlds are not there, or have too few times, is left out with its reason.
    """
    title = f"{sweep.world}: updates until the training loss is {LEVEL:g} ln C"
    caption = f"{BAND}, about the geometric mean; dashed: the mean exponent of the networks; se: over networks"
    figure = sheet(13, 5.4, title, caption)
    panels = PANELS[sweep.field]
    axes = figure.subplots(1, len(panels), sharey=True)
    draw_panels(axes, {words: partial(_panel, sweep=sweep, kinds=kinds) for words, kinds in panels.items()})
    axes[0].set_ylabel("updates")
    low, high = axes[0].get_ylim()
    axes[0].set_ylim(low, high * (high / low) ** ROOM)
    return figure


def _panel(ax: Axes, sweep: Sweep, kinds: tuple[str, ...]) -> None:
    times = times_to_loss(sweep, *(sweep.beside(f"-{kind}") for kind in kinds))
    for kind, logs, exponents in zip((REAL, *kinds), times.logs, times.exponents(), strict=True):
        kind_band(ax, times.values, logs, kind, _label(kind, exponents), shown_as=np.exp, linestyle="")
        steps = np.log(times.values) - np.log(times.values).mean()
        ax.plot(times.values, np.exp(logs.mean() + exponents.mean() * steps), "--", color=KIND_COLORS[kind], linewidth=1)
    ax.set_yscale("log")
    value_axis(ax, times.values, folded("\n".join([WORDS[sweep.field], *_left_out(sweep, times)]), 60))
    ax.legend(loc="upper center", title=f"{len(times.logs[0])} networks each", title_fontsize=9, fontsize=8.5)


def _label(kind: str, exponents: np.ndarray) -> str:
    n = len(exponents)
    error = f", se {exponents.std(ddof=1) / np.sqrt(n):.3f}" if n > 1 else ""
    return f"{KIND_WORDS[kind]}: exponent {exponents.mean():+.2f}{error}"


def _left_out(sweep: Sweep, times: Times) -> list[str]:
    values = [f"{value:g}" for value in sweep.values if value not in times.values]
    return [f"left out: {', '.join(values)}, where {times.left_out or 'a world beside it has no such value'}"] if values else []
