import numpy as np
import pytest

from empirical.geometry.numerical_rank import numerical_rank


def with_values(values):
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.standard_normal((size, len(values))))[0] for size in (12, 7))
    return (left * values) @ right.T


@pytest.mark.parametrize(("values", "rank"), [([1.0], 1), ([6.0, 3.0, 0.7, 0.3], 3), ([5.0, 5.0], 2), ([99.0, 0.5, 0.5], 1)])
def test_singular_values_are_counted_until_they_are_nearly_all(values, rank):
    assert numerical_rank(with_values(np.array(values))) == rank


def test_units_do_not_matter_and_layers_may_be_stacked():
    features = np.stack([with_values(np.array([3.0, 2.0, 1.0])), with_values(np.array([3.0, 0.01, 0.01]))])
    np.testing.assert_array_equal(numerical_rank(features), [3, 1])
    np.testing.assert_array_equal(numerical_rank(1e-9 * features), [3, 1])


def test_a_smaller_share_needs_fewer_values():
    assert numerical_rank(np.eye(10), 0.55) == 6


@pytest.mark.parametrize(
    ("features", "share", "named"),
    [(np.zeros((3, 2)), 0.95, "all be 0"), (np.full((3, 2), np.nan), 0.95, "finite"), (np.eye(2), 1.0, "share")],
)
def test_what_has_no_rank_is_refused(features, share, named):
    with pytest.raises(ValueError, match=named):
        numerical_rank(features, share)
