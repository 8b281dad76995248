"""The same manifolds with fewer points, and the same points under other labels: for standard errors, and for baselines."""

from itertools import pairwise

import array_api_compat as api
import numpy as np

from theory.geometry.gram_accumulation import grams_of_points
from theory.geometry.grams import Grams

# A manifold needs two points to have an extent.
FEWEST_POINTS = 2


def half_of(grams: Grams, rng: np.random.Generator) -> Grams:
    """A random half of the points of each manifold, two or more, drawn without replacement.

    To leading order, an average over such a half varies about the average over all M points as the average over M points varies
    about that of the class.

    :param grams: inner products with ``points``.
    """
    edges = pairwise(np.cumsum([0, *grams.sizes]))
    sizes = [min(max(size // 2, FEWEST_POINTS), size) for size in grams.sizes]
    rows = [np.sort(rng.choice(stop - start, n, replace=False)) + start for (start, stop), n in zip(edges, sizes, strict=True)]
    return taken(grams, np.concatenate(rows), sizes)


def shuffled(grams: Grams, rng: np.random.Generator) -> Grams:
    """The points under shuffled labels, which are never their own where that can be.

    :param grams: inner products with ``points``.
    """
    sizes = grams.sizes
    owner = np.repeat(np.arange(len(sizes)), sizes)
    order = rng.permutation(len(owner))
    if 2 * max(sizes) < len(owner):
        while len(same := np.flatnonzero(owner[order] == owner)):
            one, other = same[0], rng.integers(len(order))
            # The exchange gives the first point another label, and leaves the second point with another label.
            if owner[order[other]] != owner[one] and owner[order[one]] != owner[other]:
                order[[one, other]] = order[[other, one]]
    return taken(grams, order, sizes)


def taken(grams: Grams, rows: np.ndarray, sizes: list[int]) -> Grams:
    """The manifolds made of the given points, about the same origin.

    :param grams: inner products with ``points``. :param rows: numbers of points, manifold after manifold.
    :param sizes: how many of them each manifold gets.
    """
    xp = api.array_namespace(grams.points)
    index = xp.asarray(rows, device=api.device(grams.points))
    points = xp.take(xp.take(grams.points, index, axis=0), index, axis=1)
    return grams_of_points(points, sizes, grams.n_features)
