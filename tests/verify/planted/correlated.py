"""Planted errors in correlated manifolds, in theory and in how they are drawn, and the claim that detects each."""

import numpy as np

from tests.verify.planted.planted_error import PlantedError, formula


def transposed(right):
    """L^T in place of L."""

    def factor_of(covariance):
        factor = right(covariance)
        return np.moveaxis(factor.reshape(-1, factor.shape[2]), 0, 1).reshape(*factor.shape[:2], -1)

    return factor_of


def without_labels(right):
    """The pulls of anchors without the labels: what manifolds of unlike labels owe to each other has the wrong sign."""
    return lambda covariance, pulls: right(covariance, np.sign(pulls[..., -1:]) * pulls)


def each_for_itself(right):
    """The shared part of centres and axes drawn anew for every manifold."""

    def vectors(spheres, rng):
        return right(spheres.at(center_correlation=0.0, axis_correlation=0.0), rng)

    return vectors


def halved(right):
    """Centres in random directions, at half their distance from the origin."""

    def recentred(clouds, rng):
        moved = right(clouds, rng)
        return moved - moved.mean(1, keepdims=True) / 2

    return recentred


def nothing_taken(right):
    """A manifold's own active points are projected out of it as well."""
    return lambda *parts: 0 * right(*parts)


CORRELATED = [
    PlantedError(
        "cavity-with-its-own-points", "a manifold's own active points projected out with those of the others", "K-05.cavity",
        formula("theory.geometry.joint_products.taken_by", nothing_taken),
    ),
    PlantedError(
        "psi-for-one-minus-psi", "the share of the centres' variance that is common in place of what is their own", "K-01",
        formula(
            "theory.capacity.correlated_spheres.effective_radius",
            lambda right: lambda r, r0, psi, lam: right(r, r0, np.minimum(1 - psi, 0.99), lam),
        ),
    ),
    PlantedError(
        "shared-axes-independent", "R_eff with axes that share nothing", "K-01",
        formula(
            "theory.capacity.correlated_spheres.effective_radius",
            lambda right: lambda r, r0, psi, lam: right(r, r0, psi, 0 * lam),
        ),
    ),
    PlantedError(
        "centres-not-normalized", "R_eff without r0", "K-02",
        formula(
            "theory.capacity.correlated_spheres.effective_radius",
            lambda right: lambda r, r0, *shared: right(r, 1.0, *shared),
        ),
    ),
    PlantedError(
        "shared-drawn-anew", "worlds whose shared part is drawn anew for every manifold", "K-03",
        formula("verify.strategies.correlated.vectors", each_for_itself),
    ),
    PlantedError(
        "factor-transposed", "L^T V in place of L V", "K-04",
        formula("theory.capacity.correlated_clouds.factor_of", transposed),
    ),
    PlantedError(
        "cross-labels-forgotten", "the parts of 1/capacity from anchors without their labels", "K-04",
        formula("theory.capacity.correlated_clouds._parts", without_labels),
    ),
    PlantedError(
        "margin-for-none", "mean-field capacity at a margin of 0.5, where separating them knows none", "K-05",
        formula(
            "theory.geometry.manifolds.manifold_geometry",
            lambda right: lambda clouds, **options: right(clouds, 0.5, **options),
        ),
    ),
    PlantedError(
        "scale-inverted", "manifolds shrunk by c in place of enlarged", "N-08",
        formula("verify.strategies.digits.scaled", lambda right: lambda clouds, factor: right(clouds, 1 / factor)),
    ),
    PlantedError(
        "centre-norms-lost", "centres in random directions at half their length", "N-10",
        formula("verify.strategies.digits.recentred", halved),
    ),
    PlantedError(
        "first-axis-only", "balls separated along the first of their axes only", "S-24",
        formula(
            "empirical.separability.many_balls.separable",
            lambda right: lambda c, a, r, y: right(c, a[:, :, :1], r, y),
        ),
    ),
]  # fmt: skip
