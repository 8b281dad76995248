import time as clock
from itertools import permutations

import numpy as np
import pytest
from scipy.linalg import expm

from theory.kernels import exchangeable_kernels
from theory.kernels.exchangeable_kernels import Exchangeable, Rates
from theory.learning import early_learning
from theory.learning.early_learning import Mixing

KERNEL = Exchangeable(2.0, 0.9, 0.2)
TIMES = np.array([0.0, 0.3, 2.0, 11.0])


class PermutedClasses:
    """C classes of n examples, the first m of each permuted."""

    def __init__(self, n_classes, n_per_class, n_permuted, kernel=KERNEL):
        self.n_classes, self.n_per_class, self.eps = n_classes, n_per_class, n_permuted / n_per_class
        self.classes = np.repeat(np.arange(n_classes), n_per_class)
        self.drawn = np.tile(np.arange(n_per_class) < n_permuted, n_classes)
        self.kernel = kernel.matrix(self.classes)
        self.rates = exchangeable_kernels.rates(kernel, n_per_class, n_classes)
        self.evolution = [expm(-self.kernel * t / len(self.classes)) for t in TIMES]

    @property
    def mixture(self):
        return self.n_classes, self.eps

    def trained(self, order):
        labels = self.classes.copy()
        labels[self.drawn] = labels[self.drawn][list(order)]
        return labels

    def losses(self, labels):
        """(3, times), by the matrix exponential of the kernel."""
        trained, true = (np.eye(self.n_classes)[one] for one in (labels, self.classes))
        outputs = [trained - evolution @ trained for evolution in self.evolution]
        groups = ((~self.drawn, trained), (self.drawn, trained), (self.drawn, true))
        return np.array([[np.sum((f - e)[group] ** 2) / 2 / group.sum() for f in outputs] for group, e in groups])

    def realized(self, labels):
        return early_learning.realized_mixing(self.classes[self.drawn], labels[self.drawn], self.n_classes)

    def expected(self):
        return early_learning.expected_mixing(self.n_per_class, *self.mixture)

    def closed(self, mixing):
        found = early_learning.losses(TIMES, self.rates, *self.mixture, mixing)
        return np.array([found.unpermuted, found.permuted, found.restored])


def test_losses_follow_the_kernel_for_every_single_permutation():
    world, rng = PermutedClasses(4, 6, 3), np.random.default_rng(0)
    for _ in range(5):
        labels = world.trained(rng.permutation(12))
        np.testing.assert_allclose(world.closed(world.realized(labels)), world.losses(labels), rtol=1e-11)


@pytest.mark.parametrize(("n_classes", "n_per_class", "n_permuted"), [(2, 4, 2), (3, 3, 2), (2, 3, 1), (4, 3, 1)])
def test_expected_losses_are_the_mean_over_all_permutations(n_classes, n_per_class, n_permuted):
    world = PermutedClasses(n_classes, n_per_class, n_permuted)
    everything = [world.losses(world.trained(p)) for p in permutations(range(n_classes * n_permuted))]
    np.testing.assert_allclose(world.closed(world.expected()), np.mean(everything, axis=0), rtol=1e-11)


def test_expected_losses_are_the_mean_over_drawn_permutations_of_a_larger_group():
    world, rng = PermutedClasses(5, 12, 6), np.random.default_rng(1)
    drawn = np.array([world.losses(world.trained(rng.permutation(30)))[:, 1:] for _ in range(400)])
    error = drawn.std(0, ddof=1) / np.sqrt(len(drawn))
    assert np.all(np.abs(drawn.mean(0) - world.closed(world.expected())[:, 1:]) < 4 * error)


def test_all_losses_start_at_a_half_and_only_restored_ones_end_above_zero():
    mixing = early_learning.expected_mixing(100, 10, 0.5)
    found = early_learning.losses(np.array([0.0, 1e6]), Rates(1.0, 0.1, 0.001), 10, 0.5, mixing)
    np.testing.assert_allclose([found.unpermuted[0], found.permuted[0], found.restored[0]], 0.5, rtol=1e-12)
    np.testing.assert_allclose([found.unpermuted[1], found.permuted[1]], 0.0, atol=1e-12)
    # Where labels are fitted, a permuted image carries its true one with probability 1/C.
    assert found.restored[1] == pytest.approx(0.9, rel=1e-12)


def test_decrease_rates_are_the_slopes_at_the_start():
    rates, mixing = Rates(0.7, 0.3, 0.02), Mixing(0.1, 0.03)
    step = 1e-6
    start, later = (early_learning.losses(t, rates, 4, 0.3, mixing) for t in (0.0, step))
    slopes = early_learning.decrease_rates(rates, 4, 0.3, mixing)
    for group in ("unpermuted", "permuted", "restored"):
        assert getattr(slopes, group) == pytest.approx((getattr(start, group) - getattr(later, group)) / step, rel=1e-5)


def test_cross_entropy_at_zero_logits_falls_at_first_at_the_rates_beyond_the_mean():
    world, step = PermutedClasses(3, 4, 2), 1e-6
    labels = world.trained([5, 3, 4, 2, 0, 1])
    trained, true = np.eye(3)[labels], np.eye(3)[world.classes]
    logits = -step * world.kernel @ (1 / 3 - trained) / 12
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    beyond = Rates(0.0, world.rates.between, world.rates.within)
    slopes = early_learning.decrease_rates(beyond, *world.mixture, world.realized(labels))
    for group, members, targets in (
        ("unpermuted", ~world.drawn, trained), ("permuted", world.drawn, trained), ("restored", world.drawn, true),
    ):  # fmt: skip
        fallen = np.log(3) + (targets * np.log(probabilities)).sum(1)[members].mean()
        assert getattr(slopes, group) == pytest.approx(fallen / step, rel=1e-5)


def test_descent_reaches_the_same_losses_at_rates_of_its_own():
    world = PermutedClasses(3, 4, 2)
    trained = np.eye(3)[world.trained([5, 4, 3, 2, 1, 0])]
    outputs, learning_rate = np.zeros_like(trained), 0.8 / world.rates.overall
    for _ in range(7):
        outputs -= learning_rate * world.kernel @ (outputs - trained) / 12
    mixing = world.realized(trained.argmax(1))
    found = early_learning.losses(7 * learning_rate, world.rates.of_descent(learning_rate), 3, 0.5, mixing)
    measured = np.sum((outputs - trained)[world.drawn] ** 2) / 2 / 6
    assert found.permuted == pytest.approx(measured, rel=1e-12)


def crossings(rates, n_classes, eps, mixing, share):
    """Where the permuted group's fall beyond the mean is the share of the unpermuted's: from a grid of times."""
    times = np.linspace(0, 20 / rates.within, 100_001)[1:]
    # A mean that never moves leaves the falls of what is beyond it.
    found = early_learning.losses(times, Rates(0.0, rates.between, rates.within), n_classes, eps, mixing)
    ignored = 0.5 - found.permuted <= share * (0.5 - found.unpermuted)
    return times[ignored][-1] if ignored.any() else 0.0


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6])
@pytest.mark.parametrize("eps", [0.2, 0.5, 0.8])
@pytest.mark.parametrize(("n_per_class", "n_classes"), [(5, 2), (10, 10), (500, 4)])
@pytest.mark.parametrize("ratio", [1.2, 4.0, 300.0])
def test_permuted_examples_are_ignored_until_the_last_crossing(share, eps, n_per_class, n_classes, ratio):
    world = (Rates(9.0, ratio, 1.0), n_classes, eps, early_learning.expected_mixing(n_per_class, n_classes, eps), share)
    assert early_learning.ignored_until(*world) == pytest.approx(crossings(*world), abs=3e-4)


@pytest.mark.parametrize("coincidence", [-0.2, 0.1, 0.6])
def test_so_they_are_for_a_permutation_with_few_or_many_coincidences(coincidence):
    world = (Rates(9.0, 7.0, 1.0), 4, 0.5, Mixing(coincidence**2 * 4 / 3, coincidence), 0.1)
    assert early_learning.ignored_until(*world) == pytest.approx(crossings(*world), abs=3e-4)


def test_the_time_is_a_root_to_the_declared_accuracy_and_does_not_see_the_mean():
    mixing = early_learning.expected_mixing(20, 5, 0.5)
    found = early_learning.ignored_until(Rates(3.0, 2.0, 0.1), 5, 0.5, mixing, 0.25)
    assert found == early_learning.ignored_until(Rates(77.0, 2.0, 0.1), 5, 0.5, mixing, 0.25)
    for side, t in ((-1, found * (1 - 1e-8)), (1, found * (1 + 1e-8))):
        loss = early_learning.losses(t, Rates(0.0, 2.0, 0.1), 5, 0.5, mixing)
        assert side * ((0.5 - loss.permuted) - 0.25 * (0.5 - loss.unpermuted)) > 0


def test_with_class_means_learnt_at_once_the_time_is_elementary():
    mixing = early_learning.expected_mixing(1e9, 4, 0.5)
    found = early_learning.ignored_until(Rates(1e6, 1e6, 1.0), 4, 0.5, mixing, 0.2)
    assert found == pytest.approx(np.log((1 + 0.25 - 0.2 * 0.25) / 0.8) / 2, rel=1e-8)


def test_examples_without_classes_are_never_ignored():
    kernel = Exchangeable(1.0, 0.3, 0.3)
    mixing = early_learning.expected_mixing(10, 3, 0.5)
    assert early_learning.ignored_until(exchangeable_kernels.rates(kernel, 10, 3), 3, 0.5, mixing) == 0


def test_a_thousand_values_take_less_than_a_second():
    eps, start = np.linspace(0.01, 0.99, 1000), clock.perf_counter()
    mixing = early_learning.expected_mixing(500, 10, eps)
    rates = exchangeable_kernels.rates(Exchangeable(1.0, 0.2, 0.1), 500, 10)
    until = early_learning.ignored_until(rates, 10, eps, mixing)
    losses = early_learning.losses(until, rates, 10, eps, mixing)
    assert clock.perf_counter() - start < 1
    assert until.shape == losses.restored.shape == (1000,)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: early_learning.expected_mixing(3, 4, 0.1), "n_per_class"),
        (lambda: early_learning.expected_mixing(3, 1, 0.5), "n_classes"),
        (lambda: early_learning.expected_mixing(3, 2, 1.0), "permuted_fraction"),
        (lambda: early_learning.realized_mixing([0, 0, 1], [0, 1, 0], 2), "true"),
        (lambda: early_learning.realized_mixing([0, 1], [0, -1], 2), "trained"),
        (lambda: early_learning.realized_mixing([0, 2], [0, 1], 2), "true"),
        (lambda: early_learning.realized_mixing([0, 1], [0, 1, 1], 2), "trained"),
        (lambda: early_learning.losses(-1.0, Rates(1, 1, 1), 2, 0.5, Mixing(0.1, 0)), "time"),
        (lambda: early_learning.losses(1.0, Rates(1, 1, 1), 2, 0.5, Mixing(np.nan, 0)), "mixing"),
        (lambda: early_learning.ignored_until(Rates(1, 1, 0.1), 2, 0.5, Mixing(0.1, 0), 1.0), "share"),
        (lambda: early_learning.ignored_until(Rates(1, 1, 0), 2, 0.5, Mixing(0.1, 0)), "rates"),
        (lambda: early_learning.ignored_until(Rates(1, 1, 2), 2, 0.5, Mixing(0.1, 0)), "rates"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()
