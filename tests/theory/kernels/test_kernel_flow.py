import numpy as np
import pytest
from scipy.linalg import expm

from theory.kernels import exchangeable_kernels, kernel_flow
from theory.kernels.exchangeable_kernels import Exchangeable

CLASSES = np.repeat(np.arange(3), 4)


def kernel(n, rank, seed=0):
    features = np.random.default_rng(seed).standard_normal((n, rank))
    return features @ features.T


@pytest.mark.parametrize("time", [0.0, 0.1, 3.0])
@pytest.mark.parametrize("rank", [3, 12])
def test_the_response_is_one_less_a_matrix_exponential(rank, time):
    matrix = kernel(12, rank)
    np.testing.assert_allclose(kernel_flow.response(matrix, time), np.eye(12) - expm(-matrix * time / 12), atol=1e-12)


def test_late_responses_are_the_labels_and_early_ones_the_kernel():
    matrix = kernel(8, 8)
    np.testing.assert_allclose(kernel_flow.response(matrix, 1e6), np.eye(8), atol=1e-9)
    np.testing.assert_allclose(kernel_flow.response(matrix, 1e-9) / 1e-9, matrix / 8, rtol=1e-6, atol=1e-7)


def test_an_exchangeable_kernel_has_one_rate_of_each_kind():
    three = Exchangeable(2.0, 0.8, 0.3)
    spectrum = kernel_flow.rate_spectrum(three.matrix(CLASSES), CLASSES)
    rates = exchangeable_kernels.rates(three, 4, 3)
    for shares, rate in ((spectrum.between, rates.between), (spectrum.within, rates.within)):
        assert shares.sum() == pytest.approx(1)
        np.testing.assert_allclose(spectrum.rates[shares > 1e-9], rate)


@pytest.mark.parametrize("seed", range(3))
def test_mean_rates_are_those_of_the_nearest_exchangeable_kernel(seed):
    matrix = kernel(12, 9, seed) + 5
    spectrum = kernel_flow.rate_spectrum(matrix, CLASSES)
    rates = exchangeable_kernels.rates(exchangeable_kernels.nearest(matrix, CLASSES), 4, 3)
    assert spectrum.rates @ spectrum.between == pytest.approx(rates.between)
    assert spectrum.rates @ spectrum.within == pytest.approx(rates.within)
    assert np.all(spectrum.between > -1e-12)
    assert np.all(spectrum.within > -1e-12)


def test_classes_of_different_sizes_and_names_share_all_modes():
    spectrum = kernel_flow.rate_spectrum(kernel(9, 9), np.array([7, 7, 7, 7, 7, 2, 2, 5, 5]))
    assert spectrum.n_classes == 3
    assert [spectrum.between.sum(), spectrum.within.sum()] == pytest.approx([1, 1])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: kernel_flow.response(np.ones((2, 3)), 1.0), "square"),
        (lambda: kernel_flow.response(-np.eye(3), 1.0), "positive semidefinite"),
        (lambda: kernel_flow.response(np.triu(np.ones((3, 3))), 1.0), "symmetric"),
        (lambda: kernel_flow.response(np.eye(3), -1.0), "time must be >= 0"),
        (lambda: kernel_flow.response(np.eye(3), np.inf), "time must be finite"),
        (lambda: kernel_flow.rate_spectrum(np.eye(3), [0, 1]), "as many as the 3 examples"),
        (lambda: kernel_flow.rate_spectrum(np.eye(3), [0, 0, 0]), "two or more"),
        (lambda: kernel_flow.rate_spectrum(np.eye(3), [0, 1, 2]), "two or more"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
