"""The inner projection against Clarabel, on shapes that are easy and shapes that are not."""

from itertools import product

import cvxpy
import numpy as np
import pytest

from tests.theory.shapes_of_clouds import badly_conditioned, dead_directions, duplicates, far_from_centre, gaussian
from theory.geometry import anchors

MARGINS = (-1.0, 0.0, 0.5, 1.0, 2.0)
SIZES = ((4, 9), (14, 5))
N_PROBES = 4
SHAPES = (gaussian, badly_conditioned, duplicates, dead_directions, far_from_centre)


def bracket(coordinates, probe, margin):
    """Lower and upper bound on the displacement from what Clarabel returns for the inner problem as it is written.

    Its multipliers bound it from below by weak duality, mu.(kappa - S^T T) - ||S mu||^2 / 4; its V from above, once it is
    moved along the centre until it is feasible. The distance between the two is the accuracy of the oracle's solve.
    """
    v = cvxpy.Variable(len(probe))
    rule = coordinates.T @ v >= margin
    cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(v - probe)), [rule]).solve(
        solver=cvxpy.CLARABEL, tol_gap_abs=1e-11, tol_gap_rel=1e-11, tol_feas=1e-11
    )
    multipliers = np.maximum(rule.dual_value, 0)
    pull = coordinates @ multipliers
    # The best multiple of the multipliers: the bound is a parabola along it.
    gain, cost = multipliers @ (margin - coordinates.T @ probe), pull @ pull / 4
    lower = gain**2 / (4 * cost) if gain > 0 else 0.0
    feasible = v.value.copy()
    feasible[-1] += max(np.max(margin - coordinates.T @ feasible), 0.0)
    return lower, float(np.sum((feasible - probe) ** 2))


@pytest.mark.parametrize(("shape", "size", "margin"), [*product(SHAPES, SIZES, MARGINS)])
def test_displacements_are_those_of_quadratic_programming(shape, size, margin):
    """50 problems, four probes each: inside the oracle's own bracket, at most 1e-9 wide, relative to 1 + ||T||^2."""
    n_points, dim = size
    rng = np.random.default_rng([n_points, dim, round(10 * margin) + 10, *shape.__name__.encode()])
    coordinates = np.vstack([shape(rng, n_points, dim), np.ones(n_points)])
    probes = rng.standard_normal((dim + 1, N_PROBES))
    found = anchors.project(coordinates, probes, margin)
    for displacement, probe in zip(found.displacement, probes.T, strict=True):
        lower, upper = bracket(coordinates, probe, margin)
        scale = 1 + probe @ probe
        assert upper - lower < 1e-9 * scale
        assert lower - 1e-13 * scale <= displacement <= upper + 1e-13 * scale
