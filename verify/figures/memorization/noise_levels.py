"""The figure of accuracies and critical samples over epochs, by share of noise (Arpit et al. 2017, figures 7 and 8)."""

from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.evidence.names import REPORT, TEST
from verify.figures.memorization.kinds import require_real
from verify.figures.style import BAND, GREY, band, common, depth_colors, epoch_axis, legend_above, sheet
from verify.measurements.memorization.critical_samples import radius_of, ratios
from verify.measurements.memorization.noise_levels import INPUT_NOISE
from verify.measurements.pairing import paired
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep

WORDS = {"noise_share": "noise inputs", "permuted_fraction": "random labels"}


def noise_levels(world: Runs | Sweep) -> Figure:
    """A figure of training and test accuracy, and below of the critical sample ratio of test images, for each share of noise.

    :param world: a sweep over shares of noise in the inputs or in the labels; or a world of real data, with which the sweep
        over noise inputs beside it begins.
    """
    field, levels = _levels(world)
    runs = list(levels.values())
    caption = f"{BAND}; training: all labels trained on; critical: within {radius_of(runs[0])} grey levels of a test image"
    title = f"{world.world}: shares of {WORDS[field]}, mean of {len(runs[0].networks)} networks each"
    figure = sheet(8.0, 8.0, title, caption)
    above, below = figure.subplots(2, 1, sharex=True)
    for (level, one), color in zip(levels.items(), depth_colors(len(levels)), strict=True):
        _accuracies(above, one, color)
        series = common(ratios(one))
        band(below, series.epochs, series.values, color, f"{level:.0%} {WORDS[field]}", marker=".")
    _name_axes(above, below, runs[0])
    legend_above(figure, below, above, columns=3)
    return figure


def _levels(world: Runs | Sweep) -> tuple[str, dict[float, Runs]]:
    """The field of the noise, and the runs at each share, reduced to the networks that all have."""
    if isinstance(world, Sweep):
        field, levels = world.field, dict(zip(world.values, world.runs, strict=True))
    else:
        require_real(world)
        sweep = cast(Sweep, world.beside(INPUT_NOISE))
        field, levels = sweep.field, {0.0: world, **dict(zip(sweep.values, sweep.runs, strict=True))}
    return field, dict(zip(levels, paired(*levels.values()), strict=True))


def _accuracies(ax: Axes, runs: Runs, color) -> None:
    band(ax, _epochs(runs), runs.accuracy(TEST), color)
    band(ax, _epochs(runs), runs.training_accuracy(), color, linestyle="--")


def _epochs(runs: Runs) -> np.ndarray:
    return runs.series("accuracy", TEST, REPORT).epochs


def _name_axes(above: Axes, below: Axes, runs: Runs) -> None:
    for words, style in (("test accuracy", "-"), ("training accuracy", "--")):
        above.plot([], [], color=GREY, linestyle=style, label=words)
    above.set(ylim=(0, 1.02), ylabel="accuracy (share of images)")
    below.set(ylim=(0, 1.02), ylabel="critical sample ratio (share of images)")
    for ax in (above, below):
        epoch_axis(ax, int(_epochs(runs)[-1]))
    above.set_xlabel("")
