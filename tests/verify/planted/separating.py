"""Planted errors in the separation of points and balls, and the claim that detects each."""

import numpy as np

from empirical.separability import many_points
from tests.verify.planted.planted_error import PlantedError, formula


def with_bias(right):
    """A readout with a threshold: every point gains a constant feature."""

    def separable(points, labels):
        constant = np.ones((*np.shape(points)[:-1], 1))
        return right(np.concatenate([points, constant], axis=-1), labels)

    return separable


def with_labels_per_point(right):
    """The two ends of a segment on opposite sides.

    To ignore the labels altogether is not among the errors: centres are symmetric, and the law would be the same.
    """

    def separable(points, labels):
        sides = np.where(np.arange(np.shape(points)[2]) % 2, -1.0, 1.0)[:, None] if np.ndim(points) == 4 else 1.0
        return right(points * sides, labels)

    return separable


def as_cross_polytopes(right):
    """A ball replaced by the ends of its axes."""

    def separable(centers, axes, radius, labels):
        ends = [centers[:, :, None] + sign * radius * axes for sign in (1, -1)]
        return many_points.separable(np.concatenate(ends, axis=2), labels)

    return separable


SEPARATING = [
    PlantedError(
        "readout-bias", "the readout has a threshold", "C-00",
        formula("empirical.separability.many_points.separable", with_bias),
    ),
    PlantedError(
        "labels-per-point", "every point of a manifold has a label of its own", "C-14",
        formula("empirical.separability.many_points.separable", with_labels_per_point),
    ),
    PlantedError(
        "ball-as-cloud", "a ball is replaced by the ends of its axes", "C-14",
        formula("empirical.separability.many_balls.separable", as_cross_polytopes),
    ),
    PlantedError(
        "radius-halved", "a diameter is taken for the radius", "C-14",
        formula(
            "empirical.separability.many_points.separable_count",
            lambda right: lambda rng, draws, p, n, r, d: right(rng, draws, p, n, r / 2, d),
        ),
    ),
]  # fmt: skip
