import numpy as np
import pytest

from theory.capacity.point_mixtures import FEW, averaged
from theory.capacity.points import LOWEST_MARGIN, mean_displacement


def one_by_one(margin, weights, offsets):
    """The definition."""
    return np.array([weights @ mean_displacement(np.maximum(kappa + offsets, LOWEST_MARGIN)) for kappa in margin])


@pytest.mark.parametrize(
    ("lowest", "highest", "spread"), [(-5, 5, 1.0), (-5, 20, 0.01), (-5, 5, 300.0), (-1, 1000, 10.0), (2.0, 2.0, 5.0)]
)
def test_many_margins_are_what_each_is_alone(lowest, highest, spread):
    rng = np.random.default_rng(0)
    weights, offsets = rng.dirichlet(np.ones(500)), rng.normal(-1, spread, 500)
    margin = np.linspace(lowest, highest, 40)
    expected = one_by_one(margin, weights, offsets)
    np.testing.assert_allclose(averaged(margin, [(weights, offsets)]), expected, rtol=1e-10)
    pieces = [(weights[:100], offsets[:100]), (weights[100:], offsets[100:])]
    np.testing.assert_allclose(averaged(margin.reshape(8, 5), pieces), expected.reshape(8, 5), rtol=1e-10)


def test_far_below_all_margins_nothing_is_touched_and_far_above_everything_moves():
    margin = np.linspace(-1, 1, FEW + 1)
    for offset, value in ((-200.0, mean_displacement(LOWEST_MARGIN)), (500.0, 1 + (margin + 500) ** 2)):
        found = averaged(margin, [(np.ones(1), np.array([offset]))])
        np.testing.assert_allclose(found, np.broadcast_to(value, found.shape), rtol=1e-10, atol=1e-250)


def test_few_margins_are_summed_as_they_are():
    weights, offsets = np.array([0.25, 0.75]), np.array([0.3, -2.0])
    margin = np.array([-1.0, 0.0, 3.0])
    assert np.array_equal(averaged(margin, [(weights, offsets)]), one_by_one(margin, weights, offsets))
    assert averaged(np.asarray(0.5), [(weights, offsets)]).shape == ()
