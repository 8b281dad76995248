import numpy as np
import pytest

from empirical.separability.certificates import Uncertified
from empirical.separability.largest_margin import largest_margin, random_support


def test_two_orthogonal_points_by_hand():
    """Legs of 3 and 4: the height on the hypotenuse of 5."""
    found = largest_margin(np.array([[3.0, 0.0], [0.0, -4.0]]), [1, -1])
    assert found.value == pytest.approx(2.4, rel=1e-14)
    np.testing.assert_allclose(found.direction, [0.8, 0.6], rtol=1e-14)


@pytest.mark.parametrize("shape", [(12, 20), (20, 20), (30, 18), (8, 2, 20), (80, 2, 150)])
def test_a_margin_carries_both_certificates(shape):
    rng = np.random.default_rng(shape[0])
    points, labels = rng.standard_normal(shape), rng.choice([-1.0, 1.0], shape[0])
    found = largest_margin(points, labels)
    signed = (points * labels.reshape(-1, *[1] * (len(shape) - 1))).reshape(-1, shape[-1])
    assert found.value > 0
    assert np.linalg.norm(found.direction) == pytest.approx(1)
    assert (signed @ found.direction).min() == pytest.approx(found.value)
    assert 0 <= found.gap < 1e-9
    at_margin = (np.reshape(signed @ found.direction, (shape[0], -1)) < found.value + 1e-8).any(axis=1)
    np.testing.assert_array_equal(found.supporting, at_margin)


def test_what_is_not_separable_has_no_margin():
    found = largest_margin(np.array([[1.0, 2.0], [-1.0, -2.0]]), [1, 1])
    assert found.value == 0
    assert not found.direction.any()
    assert found.supporting.tolist() == [False, False]
    assert largest_margin(np.zeros((3, 4)), [1, 1, -1]).value == 0
    assert largest_margin(np.random.default_rng(0).standard_normal((50, 4)), [1.0] * 50).value == 0


def test_a_point_beyond_the_margin_does_not_support():
    found = largest_margin(np.array([[3.0, 0.0], [0.0, -4.0], [9.0, 9.0]]), [1, -1, 1])
    assert found.supporting.tolist() == [True, True, False]


def test_the_share_that_supports_is_that_of_one_draw():
    assert random_support(np.random.default_rng(0), 1, 5, 0.3) == 1
    assert random_support(np.random.default_rng(0), 30, 2, 0.3) == 0
    rng = np.random.default_rng(1)
    assert 0.5 < np.mean([random_support(rng, 20, 20, 0.0) for _ in range(50)]) < 0.9


@pytest.mark.parametrize("scale", [1e-10, 1e-3, 1e10])
def test_a_margin_is_in_the_points_own_units(scale):
    points = np.random.default_rng(1).standard_normal((9, 12))
    labels = [1, -1, 1] * 3
    assert largest_margin(scale * points, labels).value == pytest.approx(
        scale * largest_margin(points, labels).value, rel=1e-12
    )


def test_a_margin_that_is_not_certified_is_an_error(monkeypatch):
    monkeypatch.setattr("empirical.separability.largest_margin.least_distance", lambda points: np.ones(len(points)))
    with pytest.raises(Uncertified, match=r"margin between .* not certified"):
        largest_margin(np.array([[3.0, 0.0], [0.0, 4.0]]), [1, 1])


def test_bad_labels_are_named():
    with pytest.raises(ValueError, match=r"labels must be \+1 or -1"):
        largest_margin(np.eye(2), [1, 0])
