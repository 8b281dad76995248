"""The solvers of the joint inner problem: the second one is asked where the first one's solution is not certified."""

import numpy as np
import pytest

from tests.theory.geometry.test_glue import gaussian, gives_up
from theory.geometry import joint_anchors
from theory.numerics.certificate import ALLOWED

ALLOWED_ERROR = ALLOWED["float64"]


def drawn():
    """Clouds, probes and labels."""
    rng = np.random.default_rng(1)
    return list(gaussian()), rng.standard_normal((10, 24)), rng.choice([-1.0, 1.0], (10, 4))


def assert_same(one, other):
    np.testing.assert_allclose(other.anchors, one.anchors, atol=ALLOWED_ERROR)
    np.testing.assert_allclose(other.overlap, one.overlap, rtol=ALLOWED_ERROR)


def test_both_solvers_give_the_same_anchors(monkeypatch):
    one = joint_anchors.joint_anchors(*drawn())
    monkeypatch.setattr(joint_anchors, "FEW_NUMBERS", 0)
    assert_same(one, joint_anchors.joint_anchors(*drawn()))


@pytest.mark.parametrize("n_features", [150, 100, 60])
def test_guesses_for_all_draws_give_the_anchors_of_each_draw_alone(monkeypatch, n_features):
    rng = np.random.default_rng(n_features)
    clouds = list(gaussian(10, 12, n_features, 1.0, 0) + rng.standard_normal(n_features))
    problem = clouds, rng.standard_normal((10, n_features)), rng.choice([-1.0, 1.0], (10, 10))
    together = joint_anchors.joint_anchors(*problem)
    monkeypatch.setattr(joint_anchors, "MANY_POINTS", np.inf)
    alone = joint_anchors.joint_anchors(*problem)
    assert_same(alone, together)
    np.testing.assert_array_equal(together.separable, alone.separable)


@pytest.mark.parametrize("broken", [gives_up, lambda points, vector: (np.ones(points.shape[1]), 0.0)])
def test_what_the_first_solver_does_not_solve_the_second_does(monkeypatch, broken):
    one = joint_anchors.joint_anchors(*drawn())
    monkeypatch.setattr(joint_anchors, "nnls", broken)
    assert_same(one, joint_anchors.joint_anchors(*drawn()))


@pytest.mark.parametrize(("n_manifolds", "n_points", "n_features"), [(10, 20, 300), (8, 25, 250), (10, 20, 100)])
def test_equal_labels_about_the_mean_have_all_of_the_span_for_their_cone(n_manifolds, n_points, n_features):
    """Points that sum to 0: each is minus the sum of the others. The projection on their span is a least squares problem.

    scipy's solver (1.17.1) is off by up to 1e-2 in one draw of ten where the points span as many dimensions as they can.
    """
    for seed in range(3):
        rng = np.random.default_rng(seed)
        clouds = gaussian(n_manifolds, n_points, n_features, 1.0, seed)
        clouds = clouds - clouds.mean((0, 1))
        probes = rng.standard_normal((10, n_features))
        found = joint_anchors.joint_anchors(list(clouds), probes, -np.ones((10, n_manifolds)))
        rows = clouds.reshape(-1, n_features)
        spanned = rows.T @ np.linalg.lstsq(rows.T, probes.T)[0]
        np.testing.assert_allclose(found.overlap, (spanned**2).sum(0), rtol=ALLOWED_ERROR)
        assert found.kkt_residual < ALLOWED_ERROR
        assert not found.separable.any()


def test_features_without_points_make_no_dichotomy_separable():
    """Three points on a line, and a probe with a part beside it."""
    clouds = [np.array([[1.0, 0, 0]]), np.array([[2.0, 0, 0]]), np.array([[-1.0, 0, 0]])]
    labels = np.array([[1.0, 1, 1], [1, 1, -1], [-1, -1, 1], [1, -1, 1]])
    probes = np.random.default_rng(0).standard_normal((4, 3))
    assert joint_anchors.joint_anchors(clouds, probes, labels).separable.tolist() == [False, True, True, False]


@pytest.mark.parametrize(("n_manifolds", "n_points", "n_features"), [(4, 2, 8), (12, 3, 36), (9, 4, 27), (10, 4, 12)])
def test_overlaps_of_many_cones_are_those_of_each_cone_alone(n_manifolds, n_points, n_features):
    rng = np.random.default_rng(n_features)
    clouds = rng.standard_normal((30, n_manifolds, n_points, n_features)) + rng.standard_normal(n_features)
    labels, probes = rng.choice([-1.0, 1.0], (30, n_manifolds)), rng.standard_normal((30, 4, n_features))
    signed = (labels[:, :, None, None] * clouds).reshape(30, -1, n_features)
    alone = [
        joint_anchors.joint_anchors(list(own), probe, np.tile(label, (4, 1))).overlap
        for own, label, probe in zip(clouds, labels, probes, strict=True)
    ]
    np.testing.assert_allclose(joint_anchors.joint_overlaps(signed, probes), alone, rtol=ALLOWED_ERROR, atol=ALLOWED_ERROR)


def test_a_cone_that_is_not_certified_with_others_is_solved_alone(monkeypatch):
    rng = np.random.default_rng(0)
    signed, probes = rng.standard_normal((3, 8, 10)), rng.standard_normal((3, 2, 10))
    right = joint_anchors.joint_overlaps(signed, probes)
    wrong = np.ones((3, 2, 8)), np.array([0.0, np.nan, 1.0])
    monkeypatch.setattr(joint_anchors, "nonnegative_least_squares", lambda gram, products: wrong)
    found = joint_anchors.joint_overlaps(signed, probes)
    np.testing.assert_allclose(found[1:], right[1:])
    assert not np.allclose(found[0], right[0])


def test_a_point_at_the_origin_adds_nothing_to_a_cone():
    rng = np.random.default_rng(0)
    signed, probes = rng.standard_normal((3, 8, 10)), rng.standard_normal((3, 2, 10))
    more = np.concatenate([signed, np.zeros((3, 1, 10))], axis=1)
    np.testing.assert_allclose(joint_anchors.joint_overlaps(more, probes), joint_anchors.joint_overlaps(signed, probes))
