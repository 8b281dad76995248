"""Synthetic sweeps over shares of noise, in inputs or in labels, in which every claim about them is true."""

import numpy as np

from tests.verify.synthetic.means import CLASSES, NETWORKS
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

EPOCHS = np.array([0, 1, 2, 4, 8, 16])
INPUTS, LABELS = (0.2, 0.4, 0.6, 0.8), (0.0, 0.2, 0.4, 0.6, 0.8)
FITTED = 0.98


def inputs(seed: int = 0) -> Sweep:
    """A sweep over the share of images that are noise."""
    return _swept("noise_share", INPUTS, seed)


def labels(seed: int = 0) -> Sweep:
    """A sweep over the share of labels that are permuted, from none on."""
    return _swept("permuted_fraction", LABELS, seed)


SWEPT = {"noise_share": inputs, "permuted_fraction": labels}


def _swept(field: str, values: tuple, seed: int) -> Sweep:
    rng = np.random.default_rng(seed)
    return Sweep("story", field, values, tuple(_runs(field, level, rng) for level in values))


def _runs(field: str, level: float, rng: np.random.Generator) -> Runs:
    """More noise: fewer test images right, at best and in the end, and more of them critical; labels are fitted late."""
    permuted = level if field == "permuted_fraction" else 0.0
    best, final = 0.85 - 0.3 * level, 0.65 - 0.4 * level
    test = [0.1, 0.5, best, best - 0.05, final, final]
    means = {
        Key("accuracy", "unpermuted"): [0.1, 0.6, 0.9, FITTED, FITTED, FITTED],
        Key("accuracy", "permuted"): [0.1, 0.1, 0.15, 0.2, 0.5, FITTED],
        **{Key("accuracy", "test", half): test for half in ("select", "report")},
        Key("critical_sample_ratio", "test", "2"): np.linspace(0.2, 0.35 + 0.5 * level, len(EPOCHS)),
    }
    groups = {"unpermuted": 1 - permuted, "permuted": permuted}
    absent = [group for group, share in groups.items() if not share]
    table = {
        key: Series(EPOCHS, np.asarray(curve) * np.exp(rng.normal(0, 0.005, (NETWORKS, len(EPOCHS)))), " / ".join(key))
        for key, curve in means.items()
        if key.group not in absent
    }
    trained = tuple(group for group in groups if group not in absent)
    return Runs("story", table, CLASSES, 0.9, trained, spec={"permuted_fraction": permuted})
