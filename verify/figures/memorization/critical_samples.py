"""The figure of critical samples over epochs, for networks trained on real data and on noise (Arpit et al. 2017, figure 9)."""

from matplotlib.figure import Figure

from empirical.evidence.names import NOISE, RAND_X, RAND_Y, REAL, TEST
from verify.figures.memorization.kinds import kind_band, require_real
from verify.figures.memorization.panels import folded
from verify.figures.style import BAND, common, epoch_axis, legend_above, sheet
from verify.judging.verdicts import EvidenceError
from verify.measurements.memorization.critical_samples import radius_of, ratios
from verify.measurements.pairing import paired
from verify.measurements.runs import Runs

# Where the critical samples of each kind of data are looked for.
GROUPS = {REAL: TEST, RAND_X: NOISE, RAND_Y: TEST}


def critical_samples(runs: Runs) -> Figure:
    """A figure of the critical sample ratio over epochs, of a world of real data and of the worlds -randX and -randY beside it.

    A world beside it that is not there is left out; its reason is in the caption.

    :raises NotAsked: the world itself is one of noise.
    :raises EvidenceError: neither world of noise is there.
    """
    require_real(runs)
    ratios(runs, GROUPS[REAL])
    worlds, reasons = _worlds(runs)
    n, where = len(worlds[REAL].networks), f"within {radius_of(runs)} grey levels, of test images; for randX of fresh noise"
    caption = "\n".join([f"{BAND}; {where}", *reasons])
    figure = sheet(7.5, 5.0, f"{runs.world}: critical samples, mean of {n} networks each", folded(caption, 105))
    ax, last = figure.add_subplot(), 0
    for kind, world in worlds.items():
        series = common(ratios(world, GROUPS[kind]))
        kind_band(ax, series.epochs, series.values, kind)
        last = max(last, int(series.epochs[-1]))
    ax.set(ylim=(0, 1.02), ylabel="critical sample ratio (share of images)")
    epoch_axis(ax, last)
    legend_above(figure, ax, columns=3)
    return figure


def _worlds(runs: Runs) -> tuple[dict[str, Runs], list[str]]:
    """The worlds by kind of data, reduced to the networks that all have, and why others are left out."""
    found, errors = {REAL: runs}, {}
    for kind in (RAND_X, RAND_Y):
        try:
            beside = runs.beside(f"-{kind}")
            ratios(beside, GROUPS[kind])
        except EvidenceError as error:
            errors[kind] = error
        else:
            found[kind] = beside
    if len(found) == 1:
        raise errors[RAND_X]
    return dict(zip(found, paired(*found.values()), strict=True)), [f"{kind} left out: {errors[kind]}" for kind in errors]
