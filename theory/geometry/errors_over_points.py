"""Standard errors that cover the choice of points: everything is measured again on random halves of each manifold's points."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from scipy import stats

from theory.geometry.grams import Grams
from theory.geometry.redrawn_points import half_of
from theory.numerics.estimate import Estimate

FEWEST_RESAMPLES = 2
QUANTITIES = ("capacity", "radius", "dimension")


class Measured(Protocol):
    """What is measured: estimates named capacity, radius and dimension, and their values for each manifold."""

    @property
    def capacity(self) -> Estimate:
        """Manifolds per feature."""
        ...

    @property
    def radius(self) -> Estimate:
        """R_M."""
        ...

    @property
    def dimension(self) -> Estimate:
        """D_M."""
        ...

    @property
    def per_manifold(self) -> dict[str, Any]:
        """Arrays (P,) by name."""
        ...


def halved(
    grams: Grams, measured: Callable[[Grams, list[int]], Measured], resamples: int, seed: int, center_mean: bool
) -> Iterator[Measured]:
    """Measurements of random halves of the points; every half has probes of its own.

    :param center_mean: subtract the mean of each half.
    """
    for number in range(1, resamples + 1):
        half = half_of(grams, np.random.default_rng([seed, number]))
        yield measured(half.about_mean() if center_mean else half, [seed, number])


def errors_over_points(whole: Measured, halves: Sequence[Measured]) -> dict[str, Estimate]:
    """The estimates of the whole, with the relative standard errors that random halves show.

    Two errors are found, and the larger is taken. One adds the variances of single manifolds, whose points are chosen
    independently. The other is the standard deviation of the averages, which includes what the manifolds have in common, such
    as directions removed, or points of one that are projected out of another; it is stretched so that two of these errors, to
    both sides, are a 95 % interval of Student's t.
    """
    found = {}
    for name in QUANTITIES:
        own, values = getattr(whole, name), np.stack([_values(half, name) for half in halves])
        apart = np.sqrt(values.var(0, ddof=1).sum()) / values.shape[1]
        together = values.mean(1).std(ddof=1) * stats.t.isf(0.025, len(values) - 1) / 2
        level = values.mean()
        found[name] = Estimate(own.value, own.value * float(max(apart, together) / level) if level > 0 else 0.0, own.n)
    return found


def _values(found: Measured, name: str) -> np.ndarray:
    """The values of each manifold, (P,); in place of the capacity its inverse, of which the capacity's inverse is the mean."""
    values = np.array([float(value) for value in found.per_manifold[name]])
    return 1 / values if name == "capacity" else values
