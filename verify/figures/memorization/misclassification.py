"""The figure of how often every image is misclassified after one epoch, over many trainings (Arpit et al. 2017, figure 1)."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.evidence.names import RAND_X, RAND_Y, REAL
from theory.learning.misclassification_counts import count_law, sorted_counts
from verify.figures.memorization.kinds import KIND_COLORS, KIND_WORDS
from verify.figures.style import BAND, CONFIDENCE, GREY, band, legend_above, sheet
from verify.measurements.memorization.small_networks import counted, sorted_rates
from verify.measurements.runs import Runs

SHOWN = (REAL, RAND_X, RAND_Y)
ENVELOPE = "equally hard images: Binomial law, 95 % range of one network"


def misclassification(runs: Runs) -> Figure:
    """A figure of sorted misclassification rates for three kinds of data, and their range if all images were equally hard."""
    n, trainings = len(sorted_rates(runs, REAL)[1]), int(counted(runs, "trainings", REAL)[0])
    title = f"{runs.world}: misclassified images after one epoch, {trainings} trainings on the images of each of {n} networks"
    words = "dispersion: variance of counts within classes, 1 on average if no image is easier than another of its class"
    figure = sheet(11, 4.8, title, f"{BAND}; {words}")
    axes = figure.subplots(1, len(SHOWN), sharey=True)
    for ax, kind in zip(axes, SHOWN, strict=True):
        _panel(ax, runs, kind)
        ax.set_xlabel("images, from the easiest (share)")
    axes[0].set(ylim=(-0.02, 1.02), ylabel="misclassified (share of trainings)")
    legend_above(figure, *axes, columns=4)
    return figure


def _panel(ax: Axes, runs: Runs, kind: str) -> None:
    places, rates = sorted_rates(runs, kind)
    low, high = envelope(runs, kind, places)
    ax.fill_between(places, low, high, color=GREY, alpha=0.35, linewidth=0, label=ENVELOPE)
    band(ax, places, rates, KIND_COLORS[kind], KIND_WORDS[kind], marker=".")
    dispersion = counted(runs, "misclassification_dispersion", kind)
    ax.set_title(f"{kind}: dispersion {dispersion.mean():.2f}")


def envelope(runs: Runs, kind: str, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The range of sorted rates where every training misclassifies every image with one probability, mean over networks.

    The probability is the network's mean error rate. Returns lower and upper ends, (places,) each.
    """
    rates = counted(runs, "misclassification_rate", kind)
    sizes = np.stack([counted(runs, name, kind) for name in ("trainings", "images_per_class")], axis=1).astype(int)
    ranges = [
        np.stack(sorted_counts(count_law(np.full(trainings, rate)), each * runs.n_classes, places, CONFIDENCE)) / trainings
        for rate, (trainings, each) in zip(rates, sizes, strict=True)
    ]
    low, high = np.mean(ranges, axis=0)
    return low, high
