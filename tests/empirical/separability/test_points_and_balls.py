import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from empirical.separability import points_and_balls
from empirical.separability.certificates import AT_ORIGIN, Uncertified
from empirical.separability.points_and_balls import separate, separate_balls


def by_linear_program(points, labels):
    """Feasibility of w.z >= 1 by HiGHS."""
    signed = points * labels[:, None]
    found = linprog(np.zeros(points.shape[1]), -signed, -np.ones(len(signed)), bounds=(None, None), method="highs")
    return found.status == 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), n_points=st.integers(1, 25), n_features=st.integers(1, 15))
def test_points_agree_with_linear_programming(seed, n_points, n_features):
    rng = np.random.default_rng(seed)
    points, labels = rng.standard_normal((n_points, n_features)), rng.choice([-1.0, 1.0], n_points)
    assert separate(points, labels).separable == by_linear_program(points, labels)


def test_a_ball_of_one_dimension_is_a_segment():
    rng = np.random.default_rng(5)
    for _ in range(100):
        labels, centers, axes = rng.choice([-1.0, 1.0], 6), rng.standard_normal((6, 7)), rng.standard_normal((6, 1, 7))
        ends = np.stack([centers + 0.8 * axes[:, 0], centers - 0.8 * axes[:, 0]], axis=1)
        assert separate_balls(centers, axes, 0.8, labels).separable == separate(ends, labels).separable


def test_answers_carry_their_certificate():
    rng = np.random.default_rng(1)
    points, labels = rng.standard_normal((8, 6)), np.ones(8)
    found = separate(points, labels)
    if found.separable:
        assert (points @ found.direction > 0).all()
    apart = separate(np.array([[1.0, 0.0], [0.0, 1.0]]), [1, 1])
    assert apart.separable
    assert apart.certificate == pytest.approx(1 / np.sqrt(2))
    opposite = separate(np.array([[1.0, 2.0], [-1.0, -2.0]]), [1, 1])
    assert not opposite.separable
    assert opposite.certificate < AT_ORIGIN


def test_degenerate_points():
    assert not separate(np.zeros((3, 4)), [1, 1, -1]).separable
    assert separate(np.ones((5, 4)), [1] * 5).separable
    assert not separate(np.ones((2, 4)), [1, -1]).separable


@pytest.mark.parametrize("scale", [1e-10, 1e-3, 1.0, 1e10])
def test_the_scale_of_a_point_does_not_matter(scale):
    assert separate(np.array([[scale, 0.0], [0.0, 1.0]]), [1, 1]).separable
    assert separate(np.array([[1.0, 1e-10], [-1.0, 1e-10]]) * scale, [1, 1]).separable
    assert not separate(np.array([[scale, 0.0], [-1.0, 0.0]]), [1, 1]).separable


def test_very_long_segments_are_never_called_inseparable():
    """In four dimensions some w is orthogonal to both axes, so that two segments always are; float64 may not see it."""
    rng = np.random.default_rng(0)
    for radius in (1e2, 1e5, 1e9):
        for _ in range(50):
            try:
                assert points_and_balls.random_balls(rng, 2, 4, radius, 1).separable
            except Uncertified:
                assert radius > 1e2


def test_too_near_the_boundary_is_an_error_not_an_answer():
    with pytest.raises(Uncertified, match="neither answer can be certified"):
        separate(np.array([[1.0, 5e-14], [-1.0, 5e-14]]), [1, 1])


@pytest.mark.parametrize(
    ("radius", "axes", "words"),
    [
        (-1.0, np.ones((2, 1, 3)), "radius must be finite and >= 0"),
        (np.nan, np.ones((2, 1, 3)), "radius"),
        (1.0, np.full((2, 1, 3), np.nan), "axes must be finite"),
        (1.0, np.ones((2, 1, 4)), "axes must have shape"),
    ],
)
def test_bad_balls_are_named(radius, axes, words):
    with pytest.raises(ValueError, match=words):
        separate_balls(np.eye(2, 3), axes, radius, [1, -1])


@pytest.mark.parametrize(
    ("points", "labels", "words"),
    [
        ([[1.0, np.nan]], [1], "finite"),
        ([[1.0, 2.0]], [1, 1], "shape"),
        ([[1.0, 2.0], [2.0, 1.0]], [1, 0], r"\+1 or -1"),
    ],
)
def test_bad_input_is_named(points, labels, words):
    with pytest.raises(ValueError, match=words):
        separate(points, labels)


def test_a_hull_that_passes_the_origin_very_closely_is_still_decided():
    """All points but for a hair in a hyperplane through the origin, which their hull would contain."""
    rng = np.random.default_rng(0)
    for distance in (1e-6, 1e-9, 1e-11):
        flat = np.linalg.qr(rng.standard_normal((26, 26)))[0]
        within = rng.standard_normal((26, 25))
        within[-1] = -within[:-1].sum(axis=0)
        points = within @ flat[:25] + distance * flat[25]
        found = points_and_balls.separate(points, np.ones(26))
        assert found.separable
        assert found.certificate > 0.01 * distance
        assert not points_and_balls.separate(np.vstack([points, -flat[25]]), np.ones(27)).separable
