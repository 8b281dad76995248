"""The cavity method for correlated manifolds: each is measured in what the active points of the others leave of it.

At capacity, a separating vector v satisfies the constraints of the active points with equality. If one more manifold is added,
v can move only at right angles to the active points of the others; of the new manifold, only the part outside their span
matters. For independent manifolds in many dimensions this part is all of the manifold, up to a factor, and the capacity is the
mean-field capacity. Where centres or axes are shared, the others leave less of it. The active points of each manifold are those
that the mean-field problem, in what its own others leave, rests on. So the following is iterated from the manifolds as they
are, in independent draws; of many manifolds, the draws are steps of one run:

1. One probe for every manifold finds the manifold's active points.
2. Each manifold is replaced by its part outside the span of the others' active points.

Everything is computed from the inner products of the points. There is nothing to search, and no number of directions to choose.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from theory.geometry.anchors import anchor_weights
from theory.geometry.joint_products import LOST, JointProducts
from theory.numerics.batches import products_at_a_time
from theory.numerics.certificate import ALLOWED, certify
from theory.numerics.dependent_cholesky import cholesky_factors
from theory.numerics.estimate import Estimate, mean_of, standard_error

Grams = list[np.ndarray]  # P arrays (M_i, M_i)
# The active points of the others are found this many times.
ROUNDS = 3
# Draws: at least FEWEST, and so many that each has P probes for each of P manifolds; never more than there are probes.
FEWEST = 12
# With so many manifolds or more, draws are steps of one run: each but the first starts from what the one before leaves, and has
# one round. The average over so many manifolds in one draw says next to nothing of that in the next, and their points take long
# to project out. With fewer, little would be saved.
MANY = 60
# The active points that are projected out span at most this share of the points' span. Where more points are active, random
# dichotomies are hardly separable in these features, and the active points of some of the others only are projected out.
FULL = 0.8
# Added to the points' squared lengths, relative to them, so that multipliers stay bounded where the hull of a manifold's points
# barely contains the origin; the next one where a solve has no certificate.
STIFF = (1e-8, 1e-6, 1e-4)
# Manifolds are padded by at most so many points to be solved together. With more, padding takes longer than numpy's calls.
PADDING = 6
# Bytes of inner products in memory at a time.
MEMORY = 2**27
# A point is active if it has more than this share of an anchor's weight.
ACTIVE = 1e-9
# Squared lengths of offsets that rounding can produce, relative to the sum of the points' squared lengths.
ROUNDING = 1e-14


class CavityDraws(NamedTuple):
    """What B draws say of P manifolds; means over the probes of a draw.

    displacement: mean squared displacement, (B, P). dimension: E[(t . s^)^2], (B, P).
    squared_radius: squared distance of the anchors from their mean over all draws, (B, P).
    squared_center: squared norm of the part of each centre that the others leave, in the same units, (B, P).
    held: share of the manifolds whose active points were projected out, (B,).
    kkt_residual: the worst relative violation of the optimality conditions, (P,).
    """

    displacement: np.ndarray
    dimension: np.ndarray
    squared_radius: np.ndarray
    squared_center: np.ndarray
    held: np.ndarray
    kkt_residual: np.ndarray


class _Probed(NamedTuple):
    """One manifold in one draw: its remaining products, (M, M), and the displacements, anchors and dimensions of k probes."""

    gram: np.ndarray
    displacement: np.ndarray
    weights: np.ndarray
    dimension: np.ndarray
    residual: float


def number_of_draws(n_manifolds: int, n_probes: int) -> int:
    """B; each draw has n_probes / B probes for each manifold, rounded down."""
    return min(n_probes, max(FEWEST, n_probes // n_manifolds))


def cavity_draws(points: JointProducts, margin: float, n_probes: int, seed: int) -> CavityDraws:
    """The cavity's displacements, dimensions and radii, draw by draw.

    :param margin: kappa, in units of the norm of what the others leave of the centre.
    :param n_probes: probes for each manifold, in all draws together.
    :raises theory.numerics.certificate.Uncertified: a solve without a certificate; the error names the manifold.
    """
    n_draws, own, room = number_of_draws(len(points.sizes), n_probes), points.own(), FULL * points.rank()
    rngs = [np.random.default_rng(stream) for stream in np.random.SeedSequence(seed).spawn(n_draws)]
    found: list[list[_Probed]] = []
    held: list[float] = []
    left: list[Grams] = []
    for part in _together(rngs, points.sizes):
        continued = len(points.sizes) >= MANY and bool(left)
        left, rounds = (left, 1) if continued else ([own for _ in part], ROUNDS)
        for _ in range(rounds):
            probed = _probed(left, own, margin, 1, part)
            chosen = [_some(_active(one), points, room, rng) for one, rng in zip(probed, part, strict=True)]
            left = points.left_by_others(np.stack([active for active, _ in chosen]))
        found += _probed(left, own, margin, n_probes // n_draws, part)
        held += [share for _, share in chosen]
    return _statistics(found, np.array(held))


def _together(rngs: list, sizes: Sequence[int]) -> list[list]:
    """The generators of draws in parts: one by one where each goes on from the one before, else as many as memory allows."""
    # Solving them together is faster.
    step = 1 if len(sizes) >= MANY else max(MEMORY // sum(8 * size**2 for size in sizes), 1)
    return [rngs[start : start + step] for start in range(0, len(rngs), step)]


def _probed(left: list[Grams], own: Grams, margin: float, n_probes: int, rngs: list) -> list[list[_Probed]]:
    """Probes for every manifold of every draw; manifolds of similar sizes are solved together."""
    sizes, found = np.array([len(gram) for gram in own]), [dict[int, _Probed]() for _ in left]
    normal = [[rng.standard_normal((n_probes, size)) for size in sizes] for rng in rngs]
    for manifolds in _of_similar_sizes(sizes):
        same = [(draw, i) for draw in range(len(left)) for i in manifolds]
        step = max(products_at_a_time(own[0]) // (n_probes * int(sizes[manifolds].max())), 1)
        for start in range(0, len(same), step):
            some = same[start : start + step]
            rooted = _rooted_once([left[draw][i] for draw, i in some], [own[i] for _, i in some])
            normals, index = _padded([normal[draw][i] for draw, i in some]), [i for _, i in some]
            for (draw, i), one in zip(some, _solved(*rooted, normals, margin, index, sizes[index]), strict=True):
                found[draw][i] = one
    return [[one[i] for i in range(len(own))] for one in found]


def _of_similar_sizes(sizes: np.ndarray) -> list[list[int]]:
    """The numbers of the manifolds in groups, each from a largest one to those with at most PADDING points fewer."""
    groups: list[list[int]] = []
    for i in np.argsort(-sizes, kind="stable").tolist():
        if groups and sizes[i] >= sizes[groups[-1][0]] - PADDING:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _padded(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Arrays of similar shapes in one, with zeros at the end of each."""
    shapes = {array.shape for array in arrays}
    if len(shapes) == 1:
        return np.stack(arrays)
    stacked = np.zeros((len(arrays), *np.max(list(shapes), axis=0)))
    for which, array in enumerate(arrays):
        stacked[which, : array.shape[0], : array.shape[1]] = array
    return stacked


def _rooted_once(left: Sequence[np.ndarray], own: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As :func:`_rooted`, for n manifolds; those that are one array, as before anything is projected out, are rooted once."""
    _, first, which = np.unique([id(gram) for gram in left], return_index=True, return_inverse=True)
    sizes = np.array([len(own[i]) for i in first])
    grams, root, center = _rooted(_padded([left[i] for i in first]), _padded([own[i] for i in first]), sizes)
    return grams[which], root[which], center[which]


def _rooted(grams: np.ndarray, own: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Remaining products with rounding set to zero and their Cholesky factors, (n, M, M); squared norms of the centres, (n,).

    A point in the span of the points before it has a column of zeros, so that the products of probes are in the range of the
    remaining products. No solver's choice of a basis or of pivots enters.

    :param sizes: M_i, (n,): from there on, products are zeros that pad.
    """
    length = np.sqrt(np.clip(np.diagonal(own, axis1=1, axis2=2), 0.0, None))
    factor = cholesky_factors(grams, length, sizes)
    # Points that are multiples of others' points leave nothing. Such a manifold is measured as it is.
    gone = ~factor.any((1, 2))
    if np.any(gone):
        factor[gone] = cholesky_factors(own[gone], length[gone], sizes[gone])
    grams = factor @ factor.swapaxes(1, 2)
    return grams, factor, np.maximum(grams.sum((1, 2)) / sizes**2, LOST * np.sum(length**2, axis=1) / sizes)


def _solved(grams, root, center, normal, margin: float, index, sizes) -> list[_Probed]:
    # (n, k, M) normal variables make products whose covariances are the inner products.
    products, unit = normal @ root.swapaxes(1, 2), center[:, None, None]
    displacement, weights, residual = _anchors(
        *_with_idle_points(grams / unit, products / np.sqrt(unit), margin, sizes), margin
    )
    worst = int(np.argmax(residual))
    certify(residual[worst], lambda: f"manifold {index[worst]}, {sizes[worst]} points, margin {margin:g}")
    dimension = _along(grams, weights, products, sizes) ** 2
    each = zip(grams, displacement, weights, dimension, residual, sizes.tolist(), strict=True)
    return [_Probed(gram[:n, :n], moved, weight[:, :n], along, worst) for gram, moved, weight, along, worst, n in each]


def _with_idle_points(
    grams: np.ndarray, products: np.ndarray, margin: float, sizes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The inner products and products, in which what pads stands for points that no probe touches.

    They are at right angles to all others. No point has a larger product, and theirs are not below the margin.
    """
    idle = np.arange(grams.shape[1]) >= sizes[:, None]
    if not idle.any():
        return grams, products
    real = ~(idle[:, :, None] | idle[:, None, :])
    largest = np.max(np.abs(np.where(idle[:, None, :], 0.0, products)), axis=2, keepdims=True)
    return np.where(real, grams, np.eye(grams.shape[1])), np.where(idle[:, None, :], largest + max(margin, 0.0), products)


def _anchors(grams, products, margin: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As :func:`theory.geometry.anchors.anchor_weights`, for points made stiff; more so where a solve has no certificate."""
    found = [np.zeros(products.shape[:2]), np.zeros(products.shape), np.full(len(grams), np.inf)]
    for stiff in STIFF:
        left = np.flatnonzero(found[2] > ALLOWED["float64"])
        if not len(left):
            break
        squared = np.diagonal(grams[left], axis1=1, axis2=2)[:, None, :]
        # A point of which nothing is left has stiffness too.
        diagonal = np.maximum(squared, LOST * squared.max(2, keepdims=True))
        solved = anchor_weights(grams[left] + stiff * np.eye(grams.shape[1]) * diagonal, products[left], margin)
        for values, some in zip(found, solved, strict=True):
            values[left] = some
    return found[0], found[1], found[2]


def _along(grams, weights, products, sizes) -> np.ndarray:
    """Each probe's component along its anchor's offset from the centre, (p, n)."""
    offset = weights - 1 / sizes[:, None, None]
    length = np.sqrt(_squared(offset, grams))
    return np.where(length > 0, np.sum(offset * products, axis=2) / np.where(length > 0, length, 1.0), 0.0)


def _squared(offsets, gram) -> np.ndarray:
    """Squared lengths of offsets, given as weights of the points, (..., n, M); 0 where rounding hides them."""
    squared = np.sum(offsets * (offsets @ gram), axis=-1)
    return np.where(squared > ROUNDING * np.trace(gram, axis1=-2, axis2=-1)[..., None], squared, 0.0)


def _active(probed: Sequence[_Probed]) -> list[np.ndarray]:
    """The active points of each manifold for its first probe, (M_i,), booleans."""
    return [(one.weights[0] > ACTIVE) & (one.displacement[0] > 0) for one in probed]


def _some(active: list[np.ndarray], points: JointProducts, room: float, rng) -> tuple[np.ndarray, float]:
    """The active points, (K,), of as many manifolds in a random order as there is room for, and the share of manifolds."""
    order = rng.permutation(len(active))
    together = np.concatenate(active)
    fits = np.cumsum(np.bincount(points.owner[together], minlength=len(active))[order]) <= room
    held = np.zeros(len(active), dtype=bool)
    held[order[fits]] = True
    return together & held[points.owner], float(held.mean())


def _statistics(draws: list[list[_Probed]], held: np.ndarray) -> CavityDraws:
    sizes = np.array([len(one.gram) for one in draws[0]])
    values, residual = np.zeros((4, len(draws), len(sizes))), np.zeros(len(sizes))
    for index in _of_similar_sizes(sizes):
        values[:, :, index], residual[index] = _of_manifolds([[draw[i] for i in index] for draw in draws], sizes[index])
    displacement, dimension, radius, center = values
    return CavityDraws(displacement, dimension, radius, center, held, residual)


def _of_manifolds(draws: list[list[_Probed]], sizes: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Displacement, dimension, squared radius, squared centre norm, (B, p) each, and the worst residuals of manifolds, (p,)."""
    every = [one for draw in draws for one in draw]
    stacked = [
        _padded([one.gram for one in every]),
        _padded([one.weights for one in every]),
        *(np.array(part) for part in zip(*((one.displacement, one.dimension, one.residual) for one in every), strict=True)),
    ]
    gram, weights, displacement, dimension, residual = (part.reshape(len(draws), -1, *part.shape[1:]) for part in stacked)
    n_probes = len(draws) * displacement.shape[2]
    squared = _squared(weights - weights.mean((0, 2), keepdims=True), gram)
    # About the mean of the same anchors, squared distances are too small by 1/n.
    radius = squared.mean(2) * n_probes / max(n_probes - 1, 1)
    return [displacement.mean(2), dimension.mean(2), radius, gram.sum((2, 3)) / sizes**2], residual.max(0)


class CavityEstimates(NamedTuple):
    """Capacity, radius and dimension with standard errors over draws: averages over manifolds, and of each manifold.

    per_manifold: arrays (P,), as in :class:`theory.geometry.manifolds.ManifoldGeometry`.
    of_draws: what each draw contributes to capacity, radius and dimension, (B,), by name; the standard error of its mean is
        that of the quantity.
    """

    capacity: Estimate
    radius: Estimate
    dimension: Estimate
    per_manifold: dict[str, np.ndarray]
    of_draws: dict[str, np.ndarray]


def estimates(draws: CavityDraws) -> CavityEstimates:
    """Averages over draws; errors of the capacity and the radius by the delta method.

    :raises ValueError: no probe was moved.
    """
    displacement = mean_of(draws.displacement.mean(1))
    if displacement.value == 0:
        raise ValueError("none of the probes was moved, so the capacity cannot be estimated: raise n_probes or the margin")
    capacity = Estimate(1 / displacement.value, displacement.se / displacement.value**2, displacement.n)
    radius, moves = _radii(draws)
    spread = Estimate(float(radius.mean()), standard_error(moves.mean(1)), displacement.n)
    columns = _columns(draws.displacement, draws.dimension) | {"radius": radius, "radius_se": _errors(moves)}
    of_draws = {
        "capacity": -draws.displacement.mean(1) * capacity.value**2,
        "radius": moves.mean(1),
        "dimension": draws.dimension.mean(1),
    }
    return CavityEstimates(capacity, spread, mean_of(draws.dimension.mean(1)), columns, of_draws)


def _radii(draws: CavityDraws) -> tuple[np.ndarray, np.ndarray]:
    """The radius of each manifold, (P,), and how each draw moves it, (B, P)."""
    center, squared = draws.squared_center.mean(0), draws.squared_radius.mean(0)
    radius = np.sqrt(squared / center)
    slope = np.where(radius > 0, 1 / np.where(radius > 0, 2 * radius * center, 1.0), 0.0)
    return radius, slope * (draws.squared_radius - radius**2 * draws.squared_center)


def _errors(values: np.ndarray) -> np.ndarray:
    return values.std(0, ddof=1) / np.sqrt(len(values))


def _columns(displacement: np.ndarray, dimension: np.ndarray) -> dict[str, np.ndarray]:
    mean = displacement.mean(0)
    safe = np.where(mean > 0, mean, 1.0)
    return {
        "capacity": np.where(mean > 0, 1 / safe, np.inf),
        "capacity_se": np.where(mean > 0, _errors(displacement) / safe**2, np.inf),
        "dimension": dimension.mean(0),
        "dimension_se": _errors(dimension),
    }
