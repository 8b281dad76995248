"""Standard errors that cover the choice of points: everything is measured again on random halves of each manifold's points.

The same halves in two networks give the error of their difference, in which what the points do to both cancels.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from scipy import stats

from theory.geometry.grams import Grams
from theory.geometry.redrawn_points import half_of
from theory.numerics.estimate import Estimate, standard_error

FEWEST_RESAMPLES = 2
QUANTITIES = ("capacity", "radius", "dimension")


class Estimated(Protocol):
    """Estimates named capacity, radius and dimension."""

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


class Measured(Estimated, Protocol):
    """Estimates, and their values for each manifold."""

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
    found, each = {}, in_halves(halves)
    for name, values in each.items():
        own, level = getattr(whole, name), values.mean()
        found[name] = Estimate(own.value, own.value * float(_spread(values) / level) if level > 0 else 0.0, own.n)
    return found


def in_halves(halves: Sequence[Measured]) -> dict[str, np.ndarray]:
    """The values of each manifold in each half, (resamples, P), by name; in place of the capacity its inverse."""
    return {name: np.stack([_values(half, name) for half in halves]) for name in QUANTITIES}


def errors_of_each(values: np.ndarray) -> np.ndarray:
    """The relative standard error of each manifold's value over the choice of its points and of the others', (P,).

    Stretched as in :func:`errors_over_points`; 0 where all halves have 0.

    :param values: of one quantity in halves, (resamples, P), as :func:`in_halves` returns them.
    """
    level = values.mean(0)
    return _stretch(len(values)) * values.std(0, ddof=1) / np.where(level > 0, level, 1.0)


class WithHalves(Estimated, Protocol):
    """Estimates, and their values in the halves."""

    @property
    def halves(self) -> dict[str, np.ndarray]:
        """As :func:`in_halves` returns them."""
        ...


def paired_differences(first: WithHalves, second: WithHalves) -> dict[str, Estimate]:
    """The first minus the second, by name, with standard errors over halves that both were measured on.

    The two are measured on the same points, such as the same images in two networks, and with the same seed, so that their
    halves are the same points. The error is that of the difference in each half, in units of the whole, by both ways of
    :func:`errors_over_points`. What a choice of points does to both cancels. The error covers the choice of points and of
    probes. It does not cover the choice of the classes or of the networks.

    From the cavity method it is at least the error of the differences between paired draws. Between networks that hardly differ
    this is often the larger one: a small change of the clouds changes which points are active in some draws, and halves, which
    have fewer points, show less of it. The capacity is continuous all the same, so that the error vanishes with the change.

    :raises ValueError: there are no halves, or other numbers of halves or manifolds in the two.
    """
    found = {}
    for name in QUANTITIES:
        one, other = getattr(first, name), getattr(second, name)
        values = [_in_units(name, measured) for measured in (first, second)]
        if values[0].shape != values[1].shape:
            shapes = f"{values[0].shape} and {values[1].shape}"
            raise ValueError(f"both must be measured on the same halves of the same manifolds; received (halves, P) {shapes}")
        error = max(_spread(values[0] - values[1]), _over_draws(first.halves, second.halves, name))
        found[name] = Estimate(one.value - other.value, error, min(one.n, other.n))
    return found


def _in_units(name: str, found: WithHalves) -> np.ndarray:
    """The values in halves, scaled so that their mean is the value of the whole."""
    if name not in found.halves:
        raise ValueError("paired differences need the values in halves of the points: measure with resamples=2 or more")
    values = found.halves[name]
    level = values.mean()
    return values * (getattr(found, name).value / level) if level > 0 else 0 * values


def _over_draws(first: dict[str, np.ndarray], second: dict[str, np.ndarray], name: str) -> float:
    """The standard error of a difference over paired draws of the cavity method; 0 for other methods."""
    one, other = (halves.get(f"{name}_draws") for halves in (first, second))
    return 0.0 if one is None or other is None or one.shape != other.shape else standard_error(one - other)


def _spread(values: np.ndarray) -> float:
    """The standard error of the mean over manifolds, from its values in halves, (resamples, P)."""
    apart = np.sqrt(values.var(0, ddof=1).sum()) / values.shape[1]
    together = values.mean(1).std(ddof=1) * _stretch(len(values))
    return float(max(apart, together))


def _stretch(n_halves: int) -> float:
    """By how much two errors have to be stretched to be a 95 % interval of Student's t."""
    return float(stats.t.isf(0.025, n_halves - 1) / 2)


def _values(found: Measured, name: str) -> np.ndarray:
    """The values of each manifold, (P,); in place of the capacity its inverse, of which the capacity's inverse is the mean."""
    values = np.array([float(value) for value in found.per_manifold[name]])
    return 1 / values if name == "capacity" else values
