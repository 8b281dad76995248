import numpy as np
import pytest

from empirical.separability.certificates import Uncertified
from empirical.separability.interior_point import separate_from
from empirical.separability.points_and_balls import separate


@pytest.mark.parametrize("n_features", [1, 5, 20])
def test_working_sets_agree_with_all_points_at_once(n_features):
    """Shifted further and further, points in a few features come to be separable."""
    rng = np.random.default_rng(n_features)
    answers = []
    for shift in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0):
        points = rng.standard_normal((800, n_features)) + shift * np.eye(n_features)[0]
        answers.append(separate(points, np.ones(800)).separable)
        assert separate_from(points, np.full(800, 1 / 800))[0] == answers[-1]
        assert separate_from(points, rng.exponential(size=800))[0] == answers[-1]
    assert set(answers) == {False, True}


@pytest.mark.parametrize("decades", [3, 6, 9])
def test_nearly_dependent_features_do_not_matter(decades):
    """An invertible map of the features changes no answer; least squares alone fails in half at nine decades."""
    rng = np.random.default_rng(decades)
    mixed = np.linalg.qr(rng.standard_normal((30, 30)))[0] * 10.0 ** -np.linspace(0, decades, 30)
    answers = []
    for _ in range(20):
        points = rng.standard_normal((60, 30))
        answers.append(separate(points, np.ones(60)).separable)
        assert separate_from(points @ mixed, np.ones(60))[0] == answers[-1]
    assert set(answers) == {False, True}


@pytest.mark.parametrize(
    ("points", "separable"),
    [
        (np.ones((5, 4)), True),
        (np.array([[1.0, 2.0], [-1.0, -2.0]]), False),
        (np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.3, 2.0]]), False),
        (np.vstack([np.eye(6), -np.eye(6)[:1], np.ones((30, 6))]), False),
        (np.array([[1.0, 1e-10], [-1.0, 1e-10]]), True),
        (np.array([[-3.0]]), True),
    ],
)
def test_degenerate_points(points, separable):
    assert separate_from(points, np.ones(len(points)))[0] is separable


def test_too_near_the_boundary_is_an_error_not_an_answer():
    with pytest.raises(Uncertified, match="neither answer can be certified"):
        separate_from(np.array([[1.0, 5e-14], [-1.0, 5e-14]]), np.ones(2))
