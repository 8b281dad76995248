"""The largest margins of many problems at once, against one at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empirical.separability import many_margins
from empirical.separability.largest_margin import largest_margin, random_margin


def alone(signed: np.ndarray) -> list[float]:
    """The margins of problems one after the other, by scipy's solver."""
    return [largest_margin(one, np.ones(len(one))).value for one in signed]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), n_points=st.integers(1, 30), n_features=st.integers(1, 40))
def test_every_problem_has_the_margin_that_it_has_alone(seed, n_points, n_features):
    signed = np.random.default_rng(seed).standard_normal((20, n_points, n_features))
    np.testing.assert_allclose(many_margins.largest_margins(signed), alone(signed), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("n_manifolds", "n_features", "radius"), [(10, 10, 0.0), (10, 19, 2.0), (20, 54, 1.0), (40, 75, 2.0)])
def test_random_segments_are_those_of_one_draw_after_the_other(n_manifolds, n_features, radius):
    rngs, shape = (np.random.default_rng(3), np.random.default_rng(3)), (n_manifolds, n_features, radius)
    together = many_margins.random_margins(rngs[0], 30, *shape)
    np.testing.assert_allclose(together, [random_margin(rngs[1], *shape) for _ in range(30)], rtol=1e-10, atol=1e-10)
    assert rngs[0].random() == rngs[1].random()
    assert np.all(together > 0) or radius == 0


@pytest.mark.parametrize(("n_manifolds", "n_features", "radius"), [(20, 54, 1.0), (40, 75, 2.0)])
def test_exchanges_leave_few_problems_to_the_other_solver(n_manifolds, n_features, radius, monkeypatch):
    monkeypatch.setattr(many_margins, "largest_margin", lambda *problem: pytest.fail("a problem was left"))
    many_margins.random_margins(np.random.default_rng(5), 30, n_manifolds, n_features, radius)


def test_degenerate_points():
    assert many_margins.largest_margins(np.zeros((2, 3, 4))).tolist() == [0, 0]
    assert many_margins.largest_margins(np.ones((2, 3, 4))) == pytest.approx(2.0)
    assert many_margins.largest_margins(np.array([[[1.0, 2.0], [-1.0, -2.0]]])).tolist() == [0]


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_the_margin_has_the_units_of_the_points(scale):
    signed = np.random.default_rng(1).standard_normal((5, 6, 12))
    np.testing.assert_allclose(many_margins.largest_margins(scale * signed), scale * many_margins.largest_margins(signed))


def test_a_wrong_support_is_not_certified(monkeypatch):
    signed = np.random.default_rng(2).standard_normal((5, 6, 12))
    monkeypatch.setattr(many_margins, "_weights", lambda gram: np.ones(gram.shape[:2]))
    np.testing.assert_allclose(many_margins.largest_margins(signed), alone(signed), rtol=1e-9)
