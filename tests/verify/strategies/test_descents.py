"""Tests of what claims about gradient descent draw: spheres, mixtures, noise at inputs of several geometries, and digits."""

import numpy as np
import pytest

from verify.strategies import noisy_regressions
from verify.strategies.mixtures import PROTOTYPE, Mixture
from verify.strategies.noisy_regressions import Fit, NoisyRegression
from verify.strategies.spheres import Sphere

# The digits come with scikit-learn, and networks are trained.
pytestmark = pytest.mark.needs_torch


def test_points_of_a_sphere_have_norm_1_and_labels_one_size_or_many():
    world = Sphere(9, 4, 2.5, True, 0)
    assert np.linalg.norm(world.points(), axis=1) == pytest.approx(np.ones(9))
    assert np.abs(world.labels()) == pytest.approx(np.full(9, 2.5))
    assert len(set(np.abs(Sphere(9, 4, 2.5, False, 0).labels()))) == 9


@pytest.mark.parametrize(("concentration", "mean"), [(0.1, 1 - 1 / 11), (1.0, 0.5), (5.0, 1 - 5 / 6)])
def test_the_norm_of_inputs_of_a_ball_has_the_mean_of_its_concentration(concentration, mean):
    """E h(R) = 1 - a / (1 + a)."""
    norms = np.linalg.norm(noisy_regressions.ball(5, concentration)(20000, np.random.default_rng(0)), axis=1)
    assert norms.mean() == pytest.approx(mean, abs=0.01)
    assert norms.max() <= 1 + 1e-12


@pytest.mark.parametrize("concentration", [0.1, 5.0])
def test_inputs_of_a_ball_can_be_scaled_to_any_mean_norm(concentration):
    free, scaled = (noisy_regressions.ball(5, concentration, norm)(20000, np.random.default_rng(0)) for norm in (None, 0.4))
    sizes = [np.sqrt(np.square(one).sum(1).mean()) for one in (free, scaled)]
    assert sizes == pytest.approx([noisy_regressions.mean_norm(concentration), 0.4], rel=0.03)
    np.testing.assert_allclose(scaled / free, np.full(free.shape, 0.4 / noisy_regressions.mean_norm(concentration)))


def test_a_union_of_balls_has_the_same_points_in_balls_of_their_own_whatever_the_dimensions_around_them():
    """The norms of m dimensions have the mean m / (m + 1)."""
    few, many = (noisy_regressions.union_of_balls(3, 2, d)(3000, np.random.default_rng(0)) for d in (4, 30))
    assert many.shape == (3000, 30)
    norms = np.linalg.norm(many, axis=1)
    assert np.linalg.norm(few, axis=1) == pytest.approx(norms)
    assert norms.max() <= 1 + 1e-12
    assert norms.mean() == pytest.approx(2 / 3, abs=0.02)
    assert np.linalg.matrix_rank(few) == 4
    assert np.linalg.matrix_rank(many) == 6


def test_a_union_of_lines_has_one_line_for_each_ball():
    points = noisy_regressions.union_of_balls(3, 1, 10)(200, np.random.default_rng(0))
    cosines = points @ points.T / np.linalg.norm(points, axis=1) / np.linalg.norm(points, axis=1)[:, None]
    assert len(np.unique(np.abs(cosines).round(6))) == 1 + 3


@pytest.mark.parametrize("inputs", [noisy_regressions.DIGITS, noisy_regressions.GAUSSIAN])
def test_digits_and_gaussian_inputs_have_one_mean_squared_norm(inputs):
    drawn = inputs(200, np.random.default_rng(0))
    assert drawn.shape == (200, 64)
    assert np.square(drawn).sum(1).mean() == pytest.approx(1)


def test_a_gap_is_the_error_on_fresh_labels_less_that_on_the_labels_trained_on():
    """On as many fresh labels as make the mean exact."""
    rng = np.random.default_rng(0)
    labels, outputs, fresh = rng.standard_normal((1, 50)), rng.standard_normal((1, 50)), rng.standard_normal((1, 70))
    noise = np.square(labels).mean()
    expected = np.square(fresh).mean() + noise - np.square(outputs - labels).mean()
    assert Fit(outputs, fresh, labels).gaps == pytest.approx([expected])


def test_networks_fit_their_own_labels_and_depend_on_their_own_seed():
    inputs = noisy_regressions.ball(5, 0.3)
    pair, single = (NoisyRegression(seeds, inputs, 12, 5).fitted(40, 0.1, 400) for seeds in ((7, 8), (8,)))
    assert pair.outputs.shape == (2, 12)
    assert pair.fresh.shape == (2, 5)
    assert pair.outputs[1] == pytest.approx(single.outputs[0], abs=1e-4)
    assert np.square(pair.outputs - pair.labels).mean() < 0.3 * np.square(pair.labels).mean()


def test_hard_examples_are_the_next_prototype_and_their_own_feature():
    inputs, targets = Mixture(4000, 3, 8, 0.1, 2.0, 0.0, 1).examples
    classes = targets.argmax(1)
    hard = np.abs(inputs[:, 3:]).sum(1) > 0
    assert hard.mean() == pytest.approx(0.1, abs=0.02)
    np.testing.assert_array_equal(inputs[:, :3].argmax(1), (classes + hard) % 3)
    np.testing.assert_array_equal(inputs[hard, 3:].argmax(1), classes[hard])
    assert set(inputs[:, :3].max(1)) == {PROTOTYPE}
    assert set(inputs[hard].max(1) - 1) == {2.0}
