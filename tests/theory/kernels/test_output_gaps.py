"""Tests of gaps between right and wrong labels against the law over permutations, and of their times against a fine grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.kernels import alignment_laws, exchangeable_kernels, kernel_flow, output_gaps
from theory.kernels.exchangeable_kernels import Exchangeable, Rates
from theory.kernels.kernel_flow import RateSpectrum

CLASSES = np.repeat(np.arange(4), 25)
some_rates = st.floats(1e-3, 1e3)


def real_like(seed=0):
    """A centred kernel with rates that differ by orders of magnitude, between and within classes."""
    rng = np.random.default_rng(seed)
    scales = np.exp(rng.uniform(-2, 1, 30))
    features = (0.7 * rng.standard_normal((4, 30))[CLASSES] + rng.standard_normal((100, 30))) * scales
    return alignment_laws.centred(features @ features.T)


@given(some_rates, some_rates, st.sampled_from([0.0, 0.2, 0.9]))
def test_the_gap_is_largest_at_its_time_whatever_the_fraction(between, within, fraction):
    rates = Rates(0.0, between, within)
    time = output_gaps.largest_gap_time(rates)
    around = np.abs(output_gaps.gap(time * np.array([0.9, 0.99, 1.0, 1.01, 1.1]), rates, fraction))
    assert np.argmax(around) == 2 or np.ptp(around) <= 1e-9 * around.max() + 1e-300


def test_equal_rates_are_a_limit():
    times = output_gaps.largest_gap_time(Rates(0.0, 2.0 * (1 + np.array([-1e-5, -1e-9, 0.0, 1e-9, 1e-5])), 2.0))
    np.testing.assert_allclose(times, 0.5 * (1 - np.array([-0.5e-5, 0, 0, 0, 0.5e-5])), rtol=1e-9)


def test_an_exchangeable_kernel_has_the_same_time_by_all_its_rates():
    three = Exchangeable(3.0, 0.9, 0.1)
    spectrum = kernel_flow.rate_spectrum(three.matrix(CLASSES), CLASSES)
    two = output_gaps.largest_gap_time(exchangeable_kernels.rates(three, 25, 4))
    # An example of a class is one of its own class: a term of order 1/N.
    assert output_gaps.largest_spectral_gap_time(spectrum) == pytest.approx(float(two), rel=0.02)
    gaps = output_gaps.spectral_gap(np.array([0.5, 2.0]), spectrum, 0.3)
    np.testing.assert_allclose(
        gaps, output_gaps.gap(np.array([0.5, 2.0]), exchangeable_kernels.rates(three, 25, 4), 0.3), atol=0.01
    )


@pytest.mark.parametrize("fraction", [0.2, 0.6])
@pytest.mark.parametrize("moment", [0.2, 1.0, 4.0])
def test_the_gap_is_that_of_the_law_over_permutations(moment, fraction):
    """The law is exact; the gap leaves out terms of order 1/N, N = 100."""
    matrix = real_like()
    spectrum = kernel_flow.rate_spectrum(matrix, CLASSES)
    time = moment * output_gaps.largest_spectral_gap_time(spectrum)
    response = 100 * kernel_flow.response(matrix, time)
    law = alignment_laws.alignment_law(response, CLASSES, 4, round(100 * fraction), own=True)
    right = np.arange(4) == CLASSES[:, None]
    means = [np.average(law.mean[kind], weights=law.probability[kind]) for kind in (right, ~right)]
    gap = output_gaps.spectral_gap(time, spectrum, fraction)
    assert gap == pytest.approx(means[0] - means[1], abs=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_the_time_is_that_of_a_fine_grid_and_later_than_two_mean_rates_say(seed):
    matrix = real_like(seed)
    spectrum = kernel_flow.rate_spectrum(matrix, CLASSES)
    time = output_gaps.largest_spectral_gap_time(spectrum)
    grid = time * np.exp(np.linspace(-4, 4, 4001))
    assert grid[np.argmax(output_gaps.spectral_gap(grid, spectrum, 0.5))] == pytest.approx(time, rel=0.01)
    two = output_gaps.largest_gap_time(Rates(0.0, spectrum.rates @ spectrum.between, spectrum.rates @ spectrum.within))
    assert time > 1.1 * two


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: output_gaps.gap(-1.0, Rates(1, 1, 1), 0.5), "time must be >= 0"),
        (lambda: output_gaps.gap(1.0, Rates(1, 1, 1), 1.5), "permuted_fraction must be within"),
        (lambda: output_gaps.largest_gap_time(Rates(1, 1, 0)), "rates must be finite and > 0"),
        (lambda: output_gaps.largest_spectral_gap_time(RateSpectrum(np.zeros(3), np.ones(3) / 3, np.ones(3) / 3, 2)), "not 0"),
        (
            lambda: output_gaps.largest_spectral_gap_time(
                RateSpectrum(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([1.0, 0.0]), 2)
            ),
            "a peak in time",
        ),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
