"""Separability of many small problems at once, against one at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empirical.separability import many_points
from empirical.separability.certificates import Uncertified
from empirical.separability.points_and_balls import random_balls, separate


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), n_points=st.integers(1, 30), n_features=st.integers(1, 15))
def test_every_problem_has_the_answer_that_it_has_alone(seed, n_points, n_features):
    rng = np.random.default_rng(seed)
    points, labels = rng.standard_normal((40, n_points, n_features)), rng.choice([-1.0, 1.0], (40, n_points))
    alone = [separate(*one).separable for one in zip(points, labels, strict=True)]
    np.testing.assert_array_equal(many_points.separable(points, labels), alone)


def test_manifolds_have_a_label_each():
    rng = np.random.default_rng(0)
    clouds, labels = rng.standard_normal((60, 5, 3, 6)), rng.choice([-1.0, 1.0], (60, 5))
    alone = [separate(*one).separable for one in zip(clouds, labels, strict=True)]
    np.testing.assert_array_equal(many_points.separable(clouds, labels), alone)
    assert 0 < sum(alone) < 60


def test_nested_features_are_counted_as_by_separating_in_each_number_of_them():
    rng = np.random.default_rng(1)
    clouds, labels = rng.standard_normal((20, 5, 3, 12)), rng.choice([-1.0, 1.0], (20, 5))
    found = many_points.least_features(clouds, labels)
    for n, *problem in zip(found.tolist(), clouds, labels, strict=True):
        separated = [separate(problem[0][..., :k], problem[1]).separable for k in (n - 1, n) if 0 < k <= 12]
        assert separated == [False, True][-len(separated) :] if n <= 12 else separated == [False]
    assert found.min() < found.max()


def test_degenerate_points():
    assert not many_points.separable(np.zeros((2, 3, 4)), np.ones((2, 3))).any()
    assert many_points.separable(np.ones((2, 5, 4)), np.ones((2, 5))).all()
    assert not many_points.separable(np.ones((1, 2, 4)), [[1, -1]]).any()


def test_too_near_the_boundary_is_an_error_not_an_answer():
    with pytest.raises(Uncertified, match="neither answer can be certified"):
        many_points.separable(np.array([[[1.0, 5e-14], [-1.0, 5e-14]]]), [[1, 1]])


@pytest.mark.parametrize(
    ("points", "labels", "words"),
    [
        ([[[1.0, np.nan]]], [[1]], "finite"),
        ([[[1.0, 2.0]]], [[1, 1]], "shape"),
        ([[[1.0, 2.0], [2.0, 1.0]]], [[1, 0]], r"\+1 or -1"),
    ],
)
def test_bad_input_is_named(points, labels, words):
    with pytest.raises(ValueError, match=words):
        many_points.separable(points, labels)


@pytest.mark.slow
@pytest.mark.parametrize("shape_dim", [0, 1, 2])
def test_balls_of_many_draws_are_as_often_separable_as_one_at_a_time(shape_dim):
    shape = (5, 3 + 2 * shape_dim, 0.7, shape_dim)
    rng = np.random.default_rng(4)
    alone = sum(random_balls(rng, *shape).separable for _ in range(1500)) / 1500
    together = many_points.separable_count(np.random.default_rng(5), 1500, *shape) / 1500
    assert abs(alone - together) < 5 * np.sqrt(0.5 / 1500)
    assert 0.1 < alone < 0.9
