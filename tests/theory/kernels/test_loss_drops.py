"""Tests of drops of the loss, and of what summed alignment exceeds them by, against descent step by step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.kernels import loss_drops


def problem(n=7, f=4, k=2, seed=0):
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((n, f))
    kernel = features @ features.T
    return features, kernel, rng.standard_normal((n, k)), n / np.linalg.eigvalsh(kernel)[-1]


def descended(features, targets, rate, n_steps):
    """Summed alignments and drops, step by step."""
    weights, n = np.zeros((features.shape[1], targets.shape[1])), len(features)
    summed = np.zeros(n)
    for _ in range(n_steps):
        residuals = features @ weights - targets
        mean = features.T @ residuals / n
        summed += rate * (residuals * (features @ mean)).sum(1)
        weights = weights - rate * mean
    return summed, ((targets**2).sum(1) - ((features @ weights - targets) ** 2).sum(1)) / 2


@given(st.integers(2, 9), st.integers(1, 12), st.integers(1, 3), st.floats(0.01, 1.9), st.integers(0, 40), st.integers(0, 99))
def test_drop_and_excess_are_those_of_descent_at_any_rate(n, f, k, pace, n_steps, seed):
    features, kernel, targets, largest = problem(n, f, k, seed)
    summed, drops = descended(features, targets, pace * largest, n_steps)
    np.testing.assert_allclose(loss_drops.loss_drop(kernel, targets, pace * largest, n_steps), drops, atol=1e-9)
    excess = loss_drops.alignment_excess(kernel, targets, pace * largest, n_steps)
    np.testing.assert_allclose(excess, summed - drops, atol=1e-9)
    assert np.all(excess >= -1e-12)


def test_the_excess_is_of_first_order_in_the_rate():
    _, kernel, targets, largest = problem()
    found = [loss_drops.alignment_excess(kernel, targets, largest / 2**k, 50 * 2**k) for k in (6, 7, 8)]
    np.testing.assert_allclose(found[0] / found[1], 2, rtol=0.02)
    np.testing.assert_allclose(found[1] / found[2], 2, rtol=0.01)


def test_small_rates_have_the_limit_of_the_docstring():
    _, kernel, targets, largest = problem()
    lr, n_steps = largest / 4096, 4096 * 3
    values, modes = np.linalg.eigh(kernel / 7)
    values = np.maximum(values, 0)
    total = values[:, None] + values
    safe = np.where(total > 0, total, 1)
    limit = lr * np.outer(values, values) * -np.expm1(-total * lr * n_steps) / safe
    wanted = modes.T @ targets
    expected = np.einsum("ia,ab,ib->i", modes, limit * (wanted @ wanted.T), modes) / 2
    np.testing.assert_allclose(loss_drops.alignment_excess(kernel, targets, lr, n_steps), expected, rtol=2e-3)


def test_no_step_drops_nothing():
    _, kernel, targets, largest = problem()
    for found in (loss_drops.loss_drop, loss_drops.alignment_excess):
        np.testing.assert_allclose(found(kernel, targets, largest, 0), 0, atol=1e-14)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"targets": np.ones((6, 2))}, "targets must be of shape"),
        ({"targets": np.full((7, 2), np.nan)}, "targets must be finite"),
        ({"learning_rate": 0.0}, "learning_rate must be"),
        ({"n_steps": 1.5}, "n_steps must be"),
        ({"kernel": -np.eye(7)}, "positive semidefinite"),
    ],
)
def test_outside_the_domain_is_refused_by_name(changed, words):
    _, kernel, targets, largest = problem()
    with pytest.raises(ValueError, match=words):
        loss_drops.alignment_excess(**{"kernel": kernel, "targets": targets, "learning_rate": largest, "n_steps": 3, **changed})
