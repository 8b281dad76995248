"""Tests of the times to fit labels against gradient descent, the flow of cross-entropy, and permutations one by one."""

from itertools import permutations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import softmax

from theory.kernels import exchangeable_kernels
from theory.kernels.exchangeable_kernels import Exchangeable
from theory.learning import fitting_times, linear_learning_curves

KERNEL = Exchangeable(1.5, 0.5, 0.2)
WITHOUT_CLASSES = Exchangeable(1.5, 0.2, 0.2)
LEVEL = 0.1
RATES = exchangeable_kernels.rates(KERNEL, 5, 3)


def classes(n_per_class, n_classes):
    return np.repeat(np.arange(n_classes), n_per_class)


def descended(kernel, labels, true, level, pace):
    """The time at which descent first reaches a level of its loss about the mean output, interpolated, and the rates."""
    model = pytest.importorskip("empirical.toy_models.kernel_descent")
    matrix, one_hot = kernel.matrix(true), np.eye(labels.max() + 1)[labels]
    values, vectors = np.linalg.eigh(matrix)
    rate = pace * len(true) / values[-1]
    steps = int(np.ceil(2.0 * len(true) / values[0] / rate))
    outputs = model.descend(vectors * np.sqrt(np.maximum(values, 0)), one_hot, rate, steps)
    residuals = outputs - one_hot
    losses = ((residuals - residuals.mean(1, keepdims=True)) ** 2).sum((1, 2))
    after = np.flatnonzero(losses <= level * losses[0])[0]
    before = np.log(losses[after - 1] / losses[0] / level)
    return rate * (after - 1 + before / np.log(losses[after - 1] / losses[after])), rate


@pytest.mark.needs_torch
@pytest.mark.parametrize("n_per_class", [3, 10])
@pytest.mark.parametrize("kernel", [KERNEL, WITHOUT_CLASSES])
def test_true_labels_are_fitted_when_descent_fits_them(kernel, n_per_class):
    """Interpolated between two steps the loss is exponential in time, so that the time is exact."""
    true = classes(n_per_class, 3)
    found, rate = descended(kernel, true, true, LEVEL, 0.3)
    rates = exchangeable_kernels.rates(kernel, n_per_class, 3).of_descent(rate)
    assert fitting_times.fitting_time(LEVEL, rates) == pytest.approx(found, rel=1e-9)


@pytest.mark.slow
@pytest.mark.needs_torch
def test_permuted_labels_are_fitted_when_descent_fits_them():
    """For each permutation by its own share; the mean share over permutations is the closed form."""
    true, rng = classes(6, 3), np.random.default_rng(0)
    for labels in (rng.permutation(true) for _ in range(3)):
        found, rate = descended(KERNEL, labels, true, LEVEL, 0.01)
        rates = exchangeable_kernels.rates(KERNEL, 6, 3).of_descent(rate)
        time = fitting_times.fitting_time(LEVEL, rates, share_of(labels, true))
        assert time == pytest.approx(found, rel=1e-4)


def share_of(labels, true):
    """The part of the labels' variance that is between classes, by projection."""
    one_hot = np.eye(true.max() + 1)[labels]
    means = np.stack([one_hot[true == one].mean(0) for one in true])
    overall = one_hot.mean(0)
    return ((means - overall) ** 2).sum() / ((one_hot - overall) ** 2).sum()


def test_the_share_is_the_mean_over_all_permutations():
    true = classes(2, 3)
    shares = [share_of(true[list(order)], true) for order in permutations(range(6))]
    assert fitting_times.permuted_share(2, 3) == pytest.approx(np.mean(shares), rel=1e-12)


def crossed(kernel, n_per_class, level):
    """The time at which the cross-entropy of the kernel's flow reaches a level, for three classes."""
    true = classes(n_per_class, 3)
    matrix, one_hot = kernel.matrix(true), np.eye(3)[true]

    def flow(_, outputs):
        return (matrix @ (one_hot - softmax(outputs.reshape(-1, 3), axis=1)) / len(true)).ravel()

    def loss(_, outputs):
        return -np.log((softmax(outputs.reshape(-1, 3), axis=1) * one_hot).sum(1)).mean() - level

    loss.terminal = True
    start = np.zeros(3 * len(true))
    return solve_ivp(flow, (0, 1e4), start, "LSODA", events=loss, rtol=1e-10, atol=1e-12).t_events[0][0]


@pytest.mark.parametrize("level", [0.5, 0.1])
@pytest.mark.parametrize("kernel", [KERNEL, WITHOUT_CLASSES])
def test_cross_entropy_grows_with_the_number_of_examples_as_the_squared_loss_does(kernel, level):
    found = [crossed(kernel, n, level) for n in (3, 12)]
    squared = [fitting_times.fitting_time(LEVEL, exchangeable_kernels.rates(kernel, n, 3)) for n in (3, 12)]
    assert found[1] / found[0] == pytest.approx(squared[1] / squared[0], rel=1e-6)


def test_the_time_grows_with_the_examples_for_noise_and_less_for_classes():
    """Without classes in proportion; for classes as the ratio at the smallest number says; for permuted labels nearly so."""
    sizes = np.array([10, 40, 160])
    for kernel in (KERNEL, WITHOUT_CLASSES):
        rates = exchangeable_kernels.rates(kernel, sizes, 10)
        times = fitting_times.fitting_time(LEVEL, rates)
        predicted = fitting_times.growth_for_classes(sizes / sizes[0], (rates.between / rates.within)[0])
        np.testing.assert_allclose(times / times[0], predicted, rtol=1e-9)
    noise = fitting_times.fitting_time(LEVEL, exchangeable_kernels.rates(WITHOUT_CLASSES, sizes, 10))
    np.testing.assert_allclose(noise / noise[0], sizes / sizes[0], rtol=1e-9)
    shares = fitting_times.permuted_share(sizes, 10)
    permuted = fitting_times.fitting_time(LEVEL, exchangeable_kernels.rates(KERNEL, sizes, 10), shares)
    exponents = np.diff(np.log(permuted)) / np.diff(np.log(sizes))
    assert np.abs(exponents - 1).max() < 0.03


def test_a_linear_kernel_of_noise_takes_longer_than_in_proportion():
    """Random labels of examples in as many directions, half as many and a quarter: the limit of many directions."""
    grid, loads, times = np.geomspace(1e-2, 1e4, 1000), (0.125, 0.25, 0.5), []
    for load in loads:
        curve = linear_learning_curves.training_error(linear_learning_curves.marchenko_pastur(load, 0.0, 1.0), grid)
        times.append(np.interp(-LEVEL, -curve, grid))
    exponents = np.diff(np.log(times)) / np.diff(np.log(loads))
    assert (exponents > 1.1).all()
    assert exponents[1] > exponents[0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: fitting_times.fitting_time(1.0, RATES),
            "level must be above 0 and below 1",
        ),
        (lambda: fitting_times.fitting_time(0.1, RATES, 1.2), "share must be within 0..1"),
        (lambda: fitting_times.growth_for_classes(4.0, 0.9), "ratio must be at least 1"),
        (lambda: fitting_times.growth_for_classes(0.0, 2.0), "growth must be above 0"),
        (lambda: fitting_times.permuted_share(2.5, 3), "n_per_class must be a whole number"),
    ],
)
def test_what_no_kernel_has_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
