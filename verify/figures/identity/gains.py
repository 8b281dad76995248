"""The figure of corr_const over depth at several gains of the initialization, with what theory predicts of wide networks."""

from matplotlib.figure import Figure

from verify.figures.style import BAND, band, legend_above, sheet
from verify.judging.verdicts import NotAsked
from verify.measurements.identity import by_angle, by_theory, expected_constant
from verify.measurements.sweeps import Sweep

SUFFIXES = ("-gain1", "-gain2")
COLORS = ("#882255", "#DDAA33", "#004488")


def gains(sweep: Sweep) -> Figure:
    """A figure of the sweep and of the worlds of other gains beside it: the mean of corr_const over angles, over depth.

    :raises NotAsked: theory does not speak of the networks, or there are none of the gain 1 beside them.
    :raises EvidenceError: a world beside is not recorded.
    """
    worlds = [by_theory(sweep), *_beside(sweep)]
    figure = sheet(7, 4.6, f"{sweep.world}: cosine with the training image", f"{BAND}; dotted: theory of wide networks")
    ax = figure.subplots()
    for one, color in zip(worlds, COLORS, strict=False):
        band(
            ax, one.values, by_angle(one, "corr_const").mean(axis=2), color, f"gain {one.runs[0].spec['gain']:.2g}", marker="o"
        )
        ax.plot(one.values, [expected_constant(runs.spec).mean() for runs in one.runs], ":", color=color)
    ax.set(xlabel=sweep.field, ylabel="corr_const, mean over 15 to 90 degrees", ylim=(0, 1), xticks=list(sweep.values))
    legend_above(figure, ax)
    return figure


def _beside(sweep: Sweep) -> list[Sweep]:
    if abs(sweep.runs[0].spec["gain"] - 1 / 3) > 1e-9:
        raise NotAsked(f"{sweep.world} has not torch's own gain of 1/3: draw the world that other gains stand beside")
    found = [sweep.beside(SUFFIXES[0])]
    # ReLU networks are recorded at two gains, and linear ones at three.
    return found if sweep.runs[0].spec["activation"] == "relu" else [*found, sweep.beside(SUFFIXES[1])]
