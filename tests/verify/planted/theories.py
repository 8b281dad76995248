"""Planted errors in the capacity of points and balls, in anchors and in margins, and the claim that detects each."""

import numpy as np
from scipy import stats

from tests.verify.planted.planted_error import PlantedError, formula
from theory.capacity import balls
from verify.claims.chung2018.claim_c08 import recentred
from verify.claims.chung2018.claim_c08_recentred import held


def undivided(right):
    """The touched regime of the ball without its 1 / (1 + R^2)."""

    def displacement(r, margin, radius):
        low, high = margin - r / radius, margin + radius * r
        touched = balls._second_moment(high, high) - balls._second_moment(low, high)
        return right(r, margin, radius) + touched * (1 - 1 / (1 + radius**2))

    return displacement


def without_own_distance(right):
    """The fully supporting regime of the ball without the distance moved within its own dimensions."""
    return lambda r, margin, radius: right(r, margin, radius) - r**2 * stats.norm.cdf(margin - r / radius)


def in_units_of_the_farthest_point(right):
    """A margin that is relative to the manifold's farthest point, not to its centre."""
    farthest = lambda points: np.linalg.norm(points, axis=0).max()  # noqa: E731
    return lambda points, probes, margin=0.0: right(points, probes, margin * farthest(points))


def without_unmoved_probes(right):
    """The orthant's radius over the probes that move, as the touching points of the others drop out."""

    def radius(n_points):
        unmoved = 2.0**-n_points
        ratio = ((right(n_points) ** 2 + 1) / n_points - unmoved) / (1 - unmoved)
        return np.sqrt(n_points * ratio - 1)

    return radius


def per_root_feature(right):
    """The hull's distance divided by sqrt(N), as if w had the norm sqrt(N) on one side only."""

    return lambda signed: right(signed) / np.sqrt(signed.shape[-1])


THEORIES = [
    PlantedError(
        "ball-undivided", "1 + R^2 dropped in the ball's capacity", "C-01",
        formula("theory.capacity.balls._displacement_at", undivided),
    ),
    PlantedError(
        "margin-sign", "the sign of the margin in Gardner's formula", "C-01",
        formula("theory.capacity.points.mean_displacement", lambda right: lambda m: right(m) - 2 * m * stats.norm.pdf(m)),
    ),
    PlantedError(
        "supporting-regime", "a fully supporting ball moved only along its centre, r^2 dropped", "C-01",
        formula("theory.capacity.balls._displacement_at", without_own_distance),
    ),
    PlantedError(
        "cover-p", "P for P - 1 in Cover's count", "C-00",
        formula("theory.capacity.points.separable_probability", lambda right: lambda p, n: right(np.asarray(p) + 1, n)),
    ),
    PlantedError(
        "cover-n", "k <= N for k < N in Cover's count", "C-00",
        formula("theory.capacity.points.separable_probability", lambda right: lambda p, n: right(p, np.asarray(n) + 1)),
    ),
    PlantedError(
        "cone-dimension", "D for D + 1 as the dimension of a ball's cone", "C-14",
        formula("theory.capacity.conic_volumes.ball_volumes", lambda right: lambda radius, dim: right(radius, dim - 1)),
    ),
    PlantedError(
        "cone-dual", "the polar cone, arctan(1/R) for arctan(R)", "C-14",
        formula("theory.capacity.conic_volumes.ball_volumes", lambda right: lambda radius, dim: right(1 / radius, dim)),
    ),
    PlantedError(
        "kinematic-factor", "the factor 2 lost in the kinematic formula", "C-14",
        formula("theory.capacity.conic_volumes.separable_probability", lambda right: lambda *world: right(*world) / 2),
    ),
    PlantedError(
        "anchor-margin-sign", "the margin added to the probe, not taken from it", "C-03",
        formula("theory.geometry.anchors.project", lambda right: lambda s, probes, margin: right(s, probes, -margin)),
    ),
    PlantedError(
        "anchor-from-mean", "every frame recentred on its points, though its centre is given", "C-08",
        formula("theory.geometry.anchors.project", recentred),
    ),
    PlantedError(
        "regimes-polar", "interior and fully supporting exchanged", "C-04",
        formula("theory.capacity.conic_volumes.ball_volumes", lambda right: lambda radius, dim: right(radius, dim)[::-1]),
    ),
    PlantedError(
        "radius-inverted", "1/R for R in the ball's capacity", "C-07",
        formula("theory.capacity.balls.ball_capacity", lambda right: lambda m, r, d: right(m, 1 / np.asarray(r), d)),
    ),
    PlantedError(
        "labels-not-centred", "the labels' scatter not centred in the permuted variance", "S-19.moments",
        formula(
            "theory.learning.permuted_gradient.label_covariance",
            lambda right: lambda counts: np.diag(np.asarray(counts, dtype=float)),
        ),
    ),
    PlantedError(
        "variance-per-n", "one 1/n lost in the permuted variance", "S-19.moments",
        formula(
            "theory.learning.permuted_gradient.permuted_gradient_variance",
            lambda right: lambda s, c: right(s, c) * np.sum(c),
        ),
    ),
    PlantedError(
        "margin-units", "the margin in units of the manifold's farthest point, not of its centre", "C-02",
        formula("theory.geometry.anchors.project", in_units_of_the_farthest_point),
    ),
    PlantedError(
        "hull-per-feature", "the hull's distance divided by sqrt(N)", "C-05",
        formula("empirical.separability.many_margins.largest_margins", per_root_feature),
    ),
    PlantedError("centre-held", "a centre that stays where it was when points are added", "C-08.recentred",
        formula("theory.geometry.gram_accumulation.grams_of", held),
    ),
    PlantedError(
        "null-m-minus-one", "M - 1 for M in the capacity of orthogonal points", "C-10",
        formula("theory.capacity.unstructured_points.capacity", lambda right: lambda n_points: right(n_points - 1)),
    ),
    PlantedError(
        "null-unmoved", "probes that are not moved left out of the radius of orthogonal points", "C-10",
        formula("theory.capacity.unstructured_points.radius", without_unmoved_probes),
    ),
    PlantedError(
        "null-of-points", "the radius of orthogonal points for that of their anchors", "C-10",
        formula("theory.capacity.unstructured_points.radius", lambda right: lambda n_points: np.sqrt(n_points - 1)),
    ),
]  # fmt: skip
