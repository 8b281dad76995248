"""N-09: along the layers, the capacity of manifolds is proportional to that of balls with their radius and dimension.

Cohen, Chung, Lee & Sompolinsky 2020, the figure of perturbed manifolds, which compares capacity in the layers of AlexNet with
the prediction from balls, in units of the capacity at the pixels, over two decades. At the end of training, the capacity of
balls (Chung, Lee & Sompolinsky 2018, margin 0) with the mean radius and the mean dimension of unpermuted manifolds is divided
by the manifolds' capacity. In each hidden layer the logarithm of this ratio is that at the pixels. The largest departure of a
network is within 0.1.

Two networks on digits were looked at first, at K = 0 with 70 points a manifold: the ratio was 0.89 at the pixels and 0.87 in
the last layer.
"""

from dataclasses import replace

import numpy as np

from theory.capacity import balls
from verify import Relation, claim, negligible
from verify.counterfeits import scaled
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

GROUP = "unpermuted"
NEEDS = ("capacity", "radius", "dimension", "accuracy")
LABELS = ("clean", "mixed")
DRAWN_LINE = float(np.log(0.55))


def ever_larger(runs: Runs) -> Runs:
    """Runs in which capacity is larger by a tenth with every hidden layer than it is, with the same radius and dimension."""

    def change(key: Key, series: Series):
        if key[:2] != ("capacity", GROUP) or key.layer not in runs.layers:
            return key, series
        return key, replace(series, values=series.values * np.exp(0.1 * (1 + runs.layers.index(key.layer))))

    return runs.transformed(change)


@claim("N-09", needs=NEEDS, counterfeit=ever_larger, labels=LABELS, source="figure")
def claim_capacity_is_proportional_to_that_of_balls(runs: Runs) -> Relation:
    pixels, *hidden = balls_over_manifolds(runs).T
    departures = np.abs(np.stack(hidden, axis=1) - pixels[:, None])
    return negligible(departures.max(axis=1), effect=0.1, unit="log capacity")


@claim("N-09.line", needs=NEEDS, counterfeit=scaled("capacity", GROUP, 1.5), labels=LABELS, source="figure")
def claim_balls_have_little_more_than_half_of_the_capacity(runs: Runs) -> Relation:
    """N-09.line: balls with the radius and dimension of manifolds have 0.55 of their capacity.

    Cohen, Chung, Lee & Sompolinsky 2020: the figure of N-09 has the lines y = x and y = 0.55 x, and units in which capacity at
    the pixels is 1, so that the size of the ratio is our reading. Its logarithm, averaged over the pixels and the hidden
    layers, is that of 0.55 to within 0.2. The authors have about a thousand images of whole classes. Points without structure
    have a ratio of 1, and in the two networks of N-09 it was 0.97 with 8 points a manifold and 0.87 with 70.
    """
    found = balls_over_manifolds(runs) - DRAWN_LINE
    return negligible(found, effect=0.2, unit="log capacity", layers=("input", *runs.layers))


def balls_over_manifolds(runs: Runs) -> np.ndarray:
    """log (capacity of balls / capacity) of unpermuted manifolds at the end, pixels first, (networks, 1 + hidden layers)."""
    layers = ("input", *runs.layers)
    capacity, radius, dimension = (runs.layerwise(name, GROUP, "end", layers=layers) for name in NEEDS[:3])
    return np.log(balls.ball_capacity(0.0, radius, np.maximum(dimension, 1.0)) / capacity)
