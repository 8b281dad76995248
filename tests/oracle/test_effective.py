"""The joint projection against Clarabel, as the paper writes it: the nearest point to t with y z.v <= 0 for all points."""

import cvxpy
import numpy as np
import pytest

from theory.geometry.joint_anchors import joint_anchors

N_DRAWS = 3


def well_conditioned(rng):
    return rng.standard_normal((4, 1, 12)) + 0.5 * rng.standard_normal((4, 5, 12))


def crowded(rng):
    """Many more points than features: some dichotomies are not separable, and the cone is everything."""
    return rng.standard_normal((6, 1, 4)) + rng.standard_normal((6, 8, 4))


def duplicates(rng):
    return np.repeat(well_conditioned(rng), 2, axis=1)


def dead_directions(rng):
    return np.maximum(well_conditioned(rng), 0) * (np.arange(12) % 2)


def correlated(rng):
    """Centres that differ by a tenth of what they share."""
    return 10 * rng.standard_normal(12) + well_conditioned(rng)


SHAPES = (well_conditioned, crowded, duplicates, dead_directions, correlated)


def left_over(signed, probe):
    """v of the quadratic program, to Clarabel's accuracy."""
    v = cvxpy.Variable(len(probe))
    cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(v - probe) / 2), [signed @ v <= 0]).solve(
        solver=cvxpy.CLARABEL, tol_gap_abs=1e-11, tol_gap_rel=1e-11, tol_feas=1e-11
    )
    return v.value


@pytest.mark.parametrize("shape", SHAPES)
def test_overlaps_and_anchors_are_those_of_quadratic_programming(shape):
    """a = t.(t - v) = ||t - v||^2, and signed anchors span t - v; to 1e-5 of ||t||, what Clarabel's v is accurate to."""
    rng = np.random.default_rng([*shape.__name__.encode()])
    clouds = shape(rng)
    probes = rng.standard_normal((N_DRAWS, clouds.shape[2]))
    labels = rng.choice([-1.0, 1.0], (N_DRAWS, len(clouds)))
    found = joint_anchors(list(clouds), probes, labels)
    for draw, (probe, signs) in enumerate(zip(probes, labels, strict=True)):
        moved = probe - left_over((clouds * signs[:, None, None]).reshape(-1, len(probe)), probe)
        accuracy = 1e-5 * (probe @ probe)
        assert abs(found.overlap[draw] - moved @ moved) < accuracy
        assert abs(found.overlap[draw] - moved @ probe) < accuracy
        rows = signs[:, None] * found.anchors[draw]
        inside = rows.T @ np.linalg.lstsq(rows.T, probe)[0]
        assert np.linalg.norm(inside - moved) < 1e-5 * np.linalg.norm(probe)
