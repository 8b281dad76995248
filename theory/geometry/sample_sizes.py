"""How many points and manifolds are needed: capacity, radius and dimension of nested subsets of the same clouds."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.geometry.errors_over_points import QUANTITIES
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.grams import Grams
from theory.geometry.manifolds import ManifoldGeometry, manifold_geometry
from theory.geometry.redrawn_points import taken
from theory.numerics.estimate import Estimate

Clouds = Any  # as manifold_geometry takes them
POINTS, MANIFOLDS = "points", "manifolds"
# By default sizes are doubled so often, from no fewer than these.
DOUBLINGS, FEWEST = 3, 4
# A change by more than so many of its standard errors counts.
ERRORS = 2.0


@dataclass(frozen=True)
class Sized:
    """The geometry of a subset: n_manifolds manifolds of n_points points (the mean where they differ)."""

    n_manifolds: int
    n_points: float
    capacity: Estimate
    radius: Estimate
    dimension: Estimate


@dataclass(frozen=True)
class SizeCurve:
    """Subsets from small to large, each within the next; ``print(curve)`` shows them and says what the last step changed.

    varied: "points" or "manifolds".
    """

    varied: str
    rows: tuple[Sized, ...]

    def last_change(self, quantity: str) -> Estimate:
        """The relative change from the last subset but one to the last, -0.1 for a fall by 10 %.

        Its standard error adds the variances of both subsets. This is an upper bound, because both have points in common.
        """
        before, after = (getattr(row, quantity) for row in self.rows[-2:])
        if before.value == 0:
            return Estimate(0.0 if after.value == 0 else np.inf, np.inf, after.n)
        ratio = after.value / before.value
        relative = np.hypot(before.se / before.value, after.se / after.value if after.value else 0.0)
        return Estimate(ratio - 1, float(ratio * relative), after.n)

    def still_changes(self, quantity: str) -> bool:
        """Whether the last step changed the quantity by more than two standard errors."""
        change = self.last_change(quantity)
        return abs(change.value) > ERRORS * change.se

    def sentence(self, quantity: str) -> str:
        """What the last step changed, in words: more than its error, or which changes the error leaves possible."""
        change, steps = self.last_change(quantity), [_size(row, self.varied) for row in self.rows[-2:]]
        words = f"{quantity}: from {steps[0]:.3g} to {steps[1]:.3g} {self.varied} it changes by "
        words += f"{change.value:+.1%} ± {change.se:.1%}, "
        if self.still_changes(quantity):
            return f"{words}more than two errors: compare it at equal numbers of {self.varied} only"
        ends = (change.value + sign * ERRORS * change.se for sign in (-1, 1))
        return f"{words}within two errors: a change by {' to '.join(f'{end:+.1%}' for end in ends)} is possible"

    def __str__(self) -> str:
        """A line for each subset and a sentence for each quantity."""
        lines = [f"{self.varied:>9}  {'capacity':>17}  {'radius':>17}  {'dimension':>17}"]
        for row in self.rows:
            cells = [f"{one.value:.4g} ± {one.se:.2g}" for one in (row.capacity, row.radius, row.dimension)]
            lines.append(f"{_size(row, self.varied):9.3g}  " + "  ".join(f"{cell:>17}" for cell in cells))
        return "\n".join([*lines, *map(self.sentence, QUANTITIES)])


def against_points(clouds: Clouds, sizes: Sequence[int] | None = None, *, seed: int = 0, **options: Any) -> SizeCurve:
    """The geometry of all manifolds with some of their points, more and more of them.

    Every subset contains the one before it. Its standard error covers the choice of points and probes, for the given manifolds.
    All subsets are taken from inner products that are computed once.

    :param clouds: as :func:`theory.geometry.manifolds.manifold_geometry` takes them; inner products need ``points``.
    :param sizes: numbers of points, two or more of them; a manifold with fewer gives all. By default an eighth, a quarter, a
        half and all of the largest, from four on.
    :param seed: of the subsets, and of the probes.
    :param options: of :func:`theory.geometry.manifolds.manifold_geometry`; ``resamples`` is 8 unless it is given.
    :raises ValueError: fewer than two sizes, sizes below 2, or what :func:`manifold_geometry` refuses.
    """
    grams, rng = _with_points(clouds), np.random.default_rng([seed, 1])
    orders = [rng.permutation(size) for size in grams.sizes]
    rows = []
    for n in _steps(POINTS, sizes, max(grams.sizes)):
        chosen = [np.sort(order[:n]) for order in orders]
        rows.append(_sized(_taken(grams, range(len(chosen)), chosen), seed, options)[0])
    return SizeCurve(POINTS, tuple(rows))


def against_manifolds(clouds: Clouds, numbers: Sequence[int] | None = None, *, seed: int = 0, **options: Any) -> SizeCurve:
    """The geometry of some of the manifolds, with all their points, more and more of them.

    Every subset contains the one before it. Its standard error covers the choice of points and probes, and which of the given
    manifolds are in the subset; it does not cover the choice of the given manifolds from others.

    :param numbers: of manifolds, two or more of them. By default an eighth, a quarter, a half and all, from four on.
    :param clouds, seed, options, raises: as in :func:`against_points`.
    """
    grams, rng = _with_points(clouds), np.random.default_rng([seed, 2])
    order, all_points = rng.permutation(len(grams.sizes)), [np.arange(size) for size in grams.sizes]
    rows = []
    for n in _steps(MANIFOLDS, numbers, len(order)):
        chosen = np.sort(order[:n]).tolist()
        row, found = _sized(_taken(grams, chosen, [all_points[i] for i in chosen]), seed, options)
        rows.append(_of_some(row, found, 1 - n / len(order)))
    return SizeCurve(MANIFOLDS, tuple(rows))


def _with_points(clouds: Clouds) -> Grams:
    grams = clouds.checked() if isinstance(clouds, Grams) else grams_of(clouds, center_mean=False, points=True)
    if grams.points is None:
        raise ValueError("subsets need the inner products of all points: compute them with grams_of(clouds, points=True)")
    return grams


def _steps(varied: str, given: Sequence[int] | None, whole: int) -> list[int]:
    """The sizes of the subsets, ascending, none above the whole."""
    if given is None:
        steps = [whole // 2**k for k in reversed(range(DOUBLINGS + 1)) if whole // 2**k >= FEWEST]
    else:
        steps = sorted({min(int(n), whole) for n in given})
    if len(steps) < 2 or steps[0] < 2:
        raise ValueError(
            f"a change needs two numbers of {varied} or more, each 2 or more and at most {whole}; received "
            + (f"none, and {whole} are too few to halve: bring {2 * FEWEST} or more" if given is None else f"{list(given)}")
            + (f", or give numbers such as {[max(whole // 2, 2), whole]}" if whole > 2 else "")
        )
    return steps


def _taken(grams: Grams, manifolds: Sequence[int], chosen: list[np.ndarray]) -> Grams:
    starts = np.cumsum([0, *grams.sizes])
    rows = [starts[i] + own for i, own in zip(manifolds, chosen, strict=True)]
    return taken(grams, np.concatenate(rows), [len(own) for own in chosen])


def _sized(part: Grams, seed: int, options: dict[str, Any]) -> tuple[Sized, ManifoldGeometry]:
    with warnings.catch_warnings():
        # Subsets are small on purpose.
        warnings.filterwarnings("ignore", message=".*the theory is a limit of many")
        found = manifold_geometry(part, seed=seed, **{"resamples": 8, **options})
    return Sized(len(part.sizes), float(np.mean(part.sizes)), found.capacity, found.radius, found.dimension), found


def _of_some(row: Sized, found: ManifoldGeometry, share_left: float) -> Sized:
    """The row, with the error of having this part of the given manifolds; ``share_left`` of them are not in it."""
    estimates = {}
    for name in QUANTITIES:
        own = getattr(row, name)
        values = np.array([float(value) for value in found.per_manifold[name]])
        values = 1 / values if name == "capacity" else values
        level = values.mean()
        apart = own.value * values.std(ddof=1) / level * np.sqrt(share_left / len(values)) if level > 0 else 0.0
        estimates[name] = Estimate(own.value, float(np.hypot(own.se, apart)), own.n)
    return Sized(row.n_manifolds, row.n_points, **estimates)


def _size(row: Sized, varied: str) -> float:
    return row.n_points if varied == POINTS else row.n_manifolds
