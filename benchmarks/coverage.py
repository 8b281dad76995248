"""How often intervals cover the class: the points of each class are drawn again, and the geometry is measured each time."""

import numpy as np

from benchmarks.estimators import new_seed
from theory.geometry.errors_over_points import QUANTITIES
from theory.geometry.manifolds import manifold_geometry

Features = np.ndarray  # (n_i, N)
# Intervals reach so many standard errors to both sides.
WIDTH = 2


def coverage(
    classes: list[Features], n_points: int, n_redraws: int, resamples: int, n_probes: int, seed: int
) -> dict[str, dict]:
    """Coverage of the cavity method's intervals over redraws of the points, for capacity, radius and dimension.

    Points are drawn without replacement, so they vary less than points of an unlimited class. Deviations from the mean over
    redraws are therefore divided by sqrt(1 - M / n), where n is the size of the smallest class.

    :param classes: all points of each class. :param n_points: M, drawn from each class.
    :returns: for each quantity the "mean" over redraws, the "spread" (standard deviation), the share "covered" of the redraws
        whose interval, with resamples, covers the mean; and the mean error, "with" and "without" resamples, in spreads.
    """
    found = [_redrawn(classes, n_points, resamples, n_probes, [seed, index]) for index in range(n_redraws)]
    left = np.sqrt(1 - n_points / min(map(len, classes)))
    return {name: _summary(np.array([one[name] for one in found]), left) for name in QUANTITIES}


def _redrawn(classes: list[Features], n_points: int, resamples: int, n_probes: int, seed: list[int]) -> dict[str, tuple]:
    """The value of each quantity, and its errors with and without resamples."""
    rng = np.random.default_rng(seed)
    clouds = np.stack([one[rng.choice(len(one), n_points, replace=False)] for one in classes])
    probes = new_seed(rng)
    pair = [manifold_geometry(clouds, 0.0, n_probes, probes, resamples=count) for count in (resamples, 0)]
    return {name: (getattr(pair[0], name).value, *[getattr(one, name).se for one in pair]) for name in QUANTITIES}


def _summary(found: np.ndarray, left: float) -> dict:
    """The fields of :func:`coverage`, from (redraws, 3): values and both errors."""
    values, wide, narrow = found.T
    deviations = (values - values.mean()) / left
    spread = deviations.std(ddof=1)
    return {
        "mean": float(values.mean()),
        "spread": float(spread),
        "covered": float(np.mean(np.abs(deviations) <= WIDTH * wide)),
        "with": float(wide.mean() / spread),
        "without": float(narrow.mean() / spread),
    }
