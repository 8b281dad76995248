"""Planted errors in ellipsoids, L1 balls, regimes, Gaussian geometry and supports, and the claim that detects each."""

from dataclasses import replace

import numpy as np

from tests.verify.planted.planted_error import PlantedError, formula
from theory.capacity import gaussian_geometry


def rooted(right):
    """Radii where their squares belong."""
    return lambda radii: right(np.sqrt(radii))


def of_radii(right):
    """The participation ratio of the radii, not of their squares."""

    def participation(radii):
        return replace(right(radii), dimension=np.sum(radii, axis=-1) ** 2 / np.sum(np.square(radii), axis=-1))

    return participation


def swapped(right):
    """Interior and fully supporting exchanged."""

    def regimes(margin, radius, shape_dim):
        found = right(margin, radius, shape_dim)
        return replace(found, interior=found.supporting, supporting=found.interior)

    return regimes


def touching_everywhere(right):
    """No ball is ever fully supporting: it touches at one point wherever it is moved."""

    def regimes(margin, radius, shape_dim):
        found = right(margin, radius, shape_dim)
        return replace(found, touching=found.touching + found.supporting, supporting=0.0 * found.supporting)

    return regimes


def at_first_touch(right):
    """rho = 0, the wrong root: ellipsoids move probes along the centre only, as far as the bare touching point asks."""

    def project(radii, probes, margin=0.0):
        width = np.linalg.norm(np.asarray(radii)[:, None] * probes[:-1], axis=0)
        return replace(right(radii, probes, margin), displacement=np.maximum(margin - probes[-1] + width, 0.0) ** 2)

    return project


def beyond_the_margin(right):
    """The manifolds that a solution does not rest on counted as those it does."""

    def largest_margin(points, labels):
        found = right(points, labels)
        return replace(found, supporting=~found.supporting)

    return largest_margin


SHAPES = [
    PlantedError(
        "radii-not-squared", "R_i for R_i^2 in the Gaussian geometry of ellipsoids", "C-11",
        formula("theory.capacity.gaussian_geometry.ellipsoid_geometry", rooted),
    ),
    PlantedError(
        "participation-of-radii", "the participation ratio of the radii, not of their squares", "C-11",
        formula("theory.capacity.gaussian_geometry.participation_geometry", of_radii),
    ),
    PlantedError(
        "leading-logarithm", "2 log D for the dimension of touching vertices", "C-11",
        formula(
            "theory.capacity.gaussian_geometry.cross_polytope_geometry",
            lambda right: lambda radius, dim: replace(right(radius, dim), dimension=2 * np.log(dim)),
        ),
    ),
    PlantedError(
        "interior-supporting-swapped", "interior and fully supporting exchanged", "C-13",
        formula("theory.capacity.ball_regimes.ball_regimes", swapped),
    ),
    PlantedError(
        "touching-everywhere", "no ball ever fully supporting", "C-13",
        formula("theory.capacity.ball_regimes.ball_regimes", touching_everywhere),
    ),
    PlantedError(
        "regimes-margin-sign", "the margin with the other sign in the regimes", "C-13",
        formula(
            "theory.capacity.ball_regimes.ball_regimes",
            lambda right: lambda margin, radius, dim: right(-margin, radius, dim),
        ),
    ),
    PlantedError(
        "supports-complement", "the manifolds beyond the margin counted as supporting the solution", "C-13",
        formula("empirical.separability.largest_margin.largest_margin", beyond_the_margin),
    ),
    PlantedError(
        "one-dimension-more", "the centre counted among the shape's dimensions", "C-13",
        formula(
            "theory.capacity.ball_regimes.ball_regimes",
            lambda right: lambda margin, radius, dim: right(margin, radius, dim + 1),
        ),
    ),
    PlantedError(
        "margin-only", "the ball of the same radius and dimension that only widens the margin", "C-06",
        formula("theory.capacity.balls.ball_capacity", lambda right: gaussian_geometry.small_manifold_capacity),
    ),
    PlantedError(
        "wrong-root", "rho = 0 in the ellipsoid's equation: touched as by the bare probe, everywhere", "C-14.sampled",
        formula("theory.capacity.ellipsoids.project", at_first_touch),
    ),
    PlantedError(
        "margin-sign-L1", "projections on L1 balls at the margin's negative", "C-06",
        formula(
            "theory.capacity.cross_polytopes.project",
            lambda right: lambda radius, probes, margin: right(radius, probes, -margin),
        ),
    ),
]  # fmt: skip
