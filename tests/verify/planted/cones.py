"""Planted errors in sparse labels, mixtures and sampled cones, and the claim that detects each."""

import numpy as np
from scipy import special

from tests.verify.planted.planted_error import PlantedError, formula


def never_supporting(right):
    """The pull of a ball as if it were touched at one point wherever it moves."""

    def pull(r, margin, radius):
        touching = margin + radius * r
        return (touching * special.ndtr(touching) + np.exp(-(touching**2) / 2) / np.sqrt(2 * np.pi)) / (1 + radius**2)

    return pull


def without_threshold(right):
    """The readout has none: the constant feature, the first, is left out."""
    return lambda signed: 1 + right(signed[..., 1:])


def of_mean_radius(right):
    """Every axis has the ellipsoid's mean radius."""
    return lambda radii, probes: right(np.full(len(radii), np.mean(radii)), probes)


def of_largest_radius(right):
    """A ball for every ellipsoid, as large as its longest axis."""

    def separable(rng, radii, n_features, n_draws):
        largest = np.max(radii, axis=-1, keepdims=True)
        return right(rng, np.broadcast_to(largest, np.shape(radii)), n_features, n_draws)

    return separable


def one_ray(right):
    """A touched ellipsoid is touched along a ray, a face of one dimension."""
    return lambda across, along, radii: np.repeat(np.eye(1, len(radii)), len(along), axis=0)


CONES = [
    PlantedError(
        "threshold-sign", "the threshold taken from the minority's margin and added to the majority's", "C-09",
        formula(
            "theory.capacity.sparse_labels.mean_displacement",
            lambda right: lambda f, bias, *shape: right(f, -bias, *shape),
        ),
    ),
    PlantedError(
        "majority-undivided", "1 + R^2 dropped in the law's majority", "C-09",
        formula("theory.capacity.sparse_labels._stiffness", lambda right: lambda minority, radius: 1.0),
    ),
    PlantedError(
        "minority-for-majority", "1 - f for f in the law", "C-09",
        formula("theory.capacity.sparse_labels._stiffness", lambda right: lambda minority, radius: right(1 - minority, radius)),
    ),
    PlantedError(
        "threshold-by-touched", "the threshold balanced as if no ball were fully supporting", "C-09",
        formula("theory.capacity.balls._pull_at", never_supporting),
    ),
    PlantedError(
        "collapse-of-diameter", "f (1 + R)^2 for f (1 + R^2)", "C-09.collapse",
        formula(
            "theory.capacity.sparse_labels.effective_fraction",
            lambda right: lambda f, radius: f * (1 + np.asarray(radius)) ** 2,
        ),
    ),
    PlantedError(
        "threshold-doubled", "a threshold of 2b, as if it counted for one side only", "C-09.separated",
        formula("theory.capacity.sparse_labels.optimal_bias", lambda right: lambda *world: 2 * right(*world)),
    ),
    PlantedError(
        "threshold-left-out", "a readout without the threshold", "C-09.separated",
        formula("empirical.separability.nested_features.least_features", without_threshold),
    ),
    PlantedError(
        "counts-swapped", "every kind of manifold as often as another one", "C-12",
        formula(
            "theory.capacity.conic_volumes.mixture_volumes",
            lambda right: lambda kinds, counts: right(kinds, np.roll(counts, 1)),
        ),
    ),
    PlantedError(
        "mixture-as-balls", "manifolds of lower dimension given the axes of the others", "C-12",
        formula("empirical.separability.ellipsoids.separable_draws", of_largest_radius),
    ),
    PlantedError(
        "ellipsoid-mean-radius", "the mean radius for every axis of an ellipsoid", "C-14.sampled",
        formula("theory.capacity.sampled_conic_volumes.ellipsoid_volumes", of_mean_radius),
    ),
    PlantedError(
        "ellipsoid-one-ray", "an ellipsoid's cone without the dimensions that its curvature leaves", "C-14.sampled",
        formula("theory.capacity.sampled_conic_volumes._derivative", one_ray),
    ),
    PlantedError(
        "cloud-all-points", "as many dimensions as the cloud has for every probe that moves", "C-14.sampled",
        formula(
            "theory.capacity.sampled_conic_volumes._ranks",
            lambda right: lambda s, supports: len(s) * supports.any(axis=1),
        ),
    ),
]  # fmt: skip
