"""The limit of many features: its spectrum, its integrals, and the finite designs that approach it."""

import numpy as np
import pytest
from scipy.integrate import quad

from theory import RELATIVE_ACCURACY
from theory.learning import linear_learning_curves

NOISE = 0.3
TIMES = np.array([0.0, 0.1, 0.7, 3.0, 40.0])


@pytest.mark.parametrize("load", [0.25, 0.9, 1.0, 1.1, 4.0])
def test_the_spectrum_has_the_moments_of_marchenko_and_pastur(load):
    modes = linear_learning_curves.marchenko_pastur(load, 1.0)
    moments = [modes.weight @ modes.eigenvalue**k for k in range(4)]
    c = 1 / load
    assert moments == pytest.approx([1, 1, 1 + c, 1 + 3 * c + c**2], rel=1e-12)


@pytest.mark.parametrize("load", [0.5, 0.99, 1.3])
@pytest.mark.parametrize("time", [0.3, 20.0])
def test_the_limit_is_the_integral_over_the_density(load, time):
    low, high = (1 - load**-0.5) ** 2, (1 + load**-0.5) ** 2

    def error(value):
        left = np.exp(-value * time)
        return 0.7 * left**2 + NOISE / load * (1 - left) ** 2 / value

    def weighted(value):
        return error(value) * np.sqrt((high - value) * (value - low)) * load / (2 * np.pi * value)

    middle = low + (high - low) * 1e-3
    seen = sum(quad(weighted, *ends, epsabs=0, epsrel=1e-11, limit=400)[0] for ends in ((low, middle), (middle, high)))
    predicted = linear_learning_curves.test_error(linear_learning_curves.marchenko_pastur(load, 0.7, NOISE), time)
    assert predicted == pytest.approx(seen + 0.7 * max(0, 1 - load), rel=RELATIVE_ACCURACY)


@pytest.mark.parametrize("load", [0.4, 2.5])
def test_in_the_end_the_limit_is_least_squares_in_many_dimensions(load):
    modes = linear_learning_curves.marchenko_pastur(load, 1.0, NOISE)
    expected = NOISE / (load - 1) if load > 1 else 1 - load + NOISE * load / (1 - load)
    assert linear_learning_curves.test_error(modes, np.inf) == pytest.approx(expected, rel=RELATIVE_ACCURACY)
    assert linear_learning_curves.training_error(modes, np.inf) == pytest.approx(max(0, 1 - 1 / load) * NOISE, abs=1e-12)


@pytest.mark.parametrize("load", [0.5, 2.0])
def test_large_designs_are_near_the_limit(load):
    rng = np.random.default_rng(3)
    d = 400
    truth = rng.standard_normal(d)
    truth /= np.linalg.norm(truth)
    design = rng.standard_normal((int(load * d), d))
    for curve in (linear_learning_curves.test_error, linear_learning_curves.training_error):
        own = curve(linear_learning_curves.fixed_design(design, truth, NOISE, start_variance=0.5 / d), TIMES)
        limit = curve(linear_learning_curves.marchenko_pastur(load, 1.0, NOISE, start=0.5), TIMES)
        np.testing.assert_allclose(own, limit, rtol=0.06, atol=0.002)
