"""Separability of balls in many small problems at once, against one at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empirical.separability import ellipsoids, many_balls, points_and_balls
from empirical.separability.certificates import Uncertified


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    n_manifolds=st.integers(1, 7),
    n_features=st.integers(1, 12),
    shape_dim=st.integers(1, 3),
    radius=st.floats(0, 4),
)
def test_every_problem_has_the_answer_that_it_has_alone(seed, n_manifolds, n_features, shape_dim, radius):
    rng = np.random.default_rng(seed)
    drawn = [points_and_balls.drawn_balls(rng, n_manifolds, n_features, shape_dim) for _ in range(20)]
    alone = [points_and_balls.separate_balls(*one[:2], radius, one[2]).separable for one in drawn]
    centers, axes, labels = (np.stack(parts) for parts in zip(*drawn, strict=True))
    np.testing.assert_array_equal(many_balls.separable(centers, axes, radius, labels), alone)


def test_draws_are_those_of_one_at_a_time():
    radii, streams = np.array([[0.5, 2.0], [0.0, 0.3], [1.0, 1.0], [0.2, 0.0]]), [np.random.default_rng(3) for _ in range(2)]
    alone = [ellipsoids.random_ellipsoids(streams[0], radii, 5).separable for _ in range(many_balls.TOGETHER + 30)]
    together = ellipsoids.separable_draws(streams[1], radii, 5, len(alone))
    np.testing.assert_array_equal(together, alone)
    assert 0.1 < together.mean() < 0.9


def test_degenerate_balls():
    axes = np.full((1, 2, 1, 4), 0.1)
    assert not many_balls.separable(np.zeros((1, 2, 4)), axes, 1.0, np.array([[1, -1]]))[0]
    assert many_balls.separable(np.ones((1, 2, 4)), axes, 1.0, np.array([[1, 1]]))[0]
    assert not many_balls.separable(np.ones((1, 2, 4)), axes, 1.0, np.array([[1, -1]]))[0]
    assert many_balls.separable(np.zeros((0, 2, 4)), np.zeros((0, 2, 1, 4)), 1.0, np.zeros((0, 2))).shape == (0,)


def test_balls_that_are_not_decided_in_time_are_an_error_not_an_answer(monkeypatch):
    monkeypatch.setattr(many_balls, "MAX_ROUNDS", 1)
    centers, axes = np.array([[[1.0, 0.0]], [[1.0, 1.0]]]), np.array([[[[1.0, 0.0]]], [[[100.0, -97.0]]]])
    with pytest.raises(Uncertified, match="in 1 rounds of cutting planes, in 1 of 2 problems"):
        many_balls.separable(centers, axes, 0.9, np.ones((2, 1)))


@pytest.mark.parametrize(
    ("radius", "axes", "words"),
    [
        (-1.0, np.ones((1, 2, 1, 3)), "radius must be finite and >= 0"),
        (1.0, np.full((1, 2, 1, 3), np.nan), "axes must be finite"),
        (1.0, np.ones((1, 2, 1, 4)), "axes must have shape"),
        (1.0, np.ones((2, 1, 3)), "axes must have shape"),
    ],
)
def test_bad_balls_are_named(radius, axes, words):
    with pytest.raises(ValueError, match=words):
        many_balls.separable(np.eye(2, 3)[None], axes, radius, np.array([[1, -1]]))
