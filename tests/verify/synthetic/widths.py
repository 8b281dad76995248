"""A synthetic sweep over widths in which every claim about sweeps is true: arrays without training, for tests only."""

from dataclasses import replace

import numpy as np

from tests.verify.synthetic.means import NETWORKS
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24)
PEAK = 3
EPOCHS = np.array([0, 60])
LAYERS = ("conv1", "block8")
PERMUTED = (0.1, 0.3, 0.7, 0.96, 0.99, 1.0, 1.0, 1.0, 1.0)
TEST = (0.3, 0.36, 0.33, 0.28, 0.31, 0.34, 0.36, 0.38, 0.4)
DIMENSION = (4.0, 6.0, 9.0, 12.0, 11.0, 10.0, 9.0, 8.5, 8.0)
RADIUS = (2.0, 1.9, 1.8, 1.7, 1.65, 1.6, 1.6, 1.6, 1.6)
CORRELATION = (0.5, 0.45, 0.4, 0.35, 0.32, 0.3, 0.28, 0.27, 0.26)


def story(seed: int = 0, spread: float = 0.01, **curves) -> Sweep:
    """The sweep; ``spread`` is the standard deviation of a logarithm between networks, common to all widths, and again of each.

    :param curves: another curve over the widths, for ``permuted``, ``test``, ``dimension``, ``radius`` or ``correlation``.
    """
    rng = np.random.default_rng(seed)
    means = dict(permuted=PERMUTED, test=TEST, dimension=DIMENSION, radius=RADIUS, correlation=CORRELATION) | curves
    common = {name: rng.normal(0, spread, NETWORKS) for name in means}
    runs = []
    for index in range(len(WIDTHS)):
        ends = {name: curve[index] * np.exp(common[name] + rng.normal(0, spread, NETWORKS)) for name, curve in means.items()}
        runs.append(_runs(ends))
    return Sweep("story", "width", WIDTHS, tuple(runs))


def _runs(ends: dict[str, np.ndarray]) -> Runs:
    table = {
        Key("accuracy", "unpermuted"): np.full(NETWORKS, 0.99),
        Key("accuracy", "permuted"): np.minimum(ends["permuted"], 1.0),
        **{Key("accuracy", "test", half): ends["test"] for half in ("select", "report")},
        Key("dimension", "test", "", LAYERS[0]): np.full(NETWORKS, 5.0),
        Key("dimension", "test", "", LAYERS[1]): ends["dimension"],
        **{Key("radius", "test", "", layer): ends["radius"] for layer in LAYERS},
        **{Key("center_correlation", "test", "", layer): ends["correlation"] for layer in LAYERS},
    }
    start = np.full(NETWORKS, 0.1)
    series = {key: Series(EPOCHS, np.column_stack([start, last]), " / ".join(key)) for key, last in table.items()}
    return Runs("story", series, 10, 0.9, ("unpermuted", "permuted"), LAYERS, "readout")


def flat(sweep: Sweep) -> Sweep:
    """Every width has what the widest has."""
    return replace(sweep, runs=tuple(replace(runs, table={**sweep.runs[-1].table, **_fit(runs)}) for runs in sweep.runs))


def _fit(runs: Runs) -> dict[Key, Series]:
    """Where the threshold lies stays as it was."""
    return {key: series for key, series in runs.table.items() if key.group in ("permuted", "unpermuted")}
