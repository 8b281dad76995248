"""Tests of how fast tasks are learned, against the flow integrated by a matrix exponential."""

import numpy as np
import pytest
from scipy.linalg import expm

from theory.kernels import task_losses


def problem(n=10, rank=10, seed=0):
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((n, rank))
    return features @ features.T, rng.standard_normal(n)


@pytest.mark.parametrize("rank", [4, 10])
def test_the_loss_is_that_of_the_flow(rank):
    kernel, target = problem(rank=rank)
    for time in (0.0, 0.3, 4.0):
        remaining = expm(-kernel * time / 10) @ target
        assert task_losses.relative_loss(kernel, target, time) == pytest.approx(remaining @ remaining / (target @ target))


def test_the_loss_is_that_of_descent_in_small_steps():
    kernel, target = problem()
    step, outputs = 1e-4, np.zeros(10)
    for _ in range(5000):
        outputs -= step * kernel @ (outputs - target) / 10
    relative = ((outputs - target) ** 2).sum() / (target**2).sum()
    assert task_losses.relative_loss(kernel, target, 0.5) == pytest.approx(relative, rel=1e-3)


def test_an_eigenvector_decays_at_twice_its_rate_and_is_learned_as_early_as_its_alignment_says():
    kernel, _ = problem()
    values, modes = np.linalg.eigh(kernel)
    times = np.array([[0.1, 1.0], [2.0, 0.0]])
    for value, mode in zip(values, modes.T, strict=True):
        np.testing.assert_allclose(task_losses.relative_loss(kernel, 3 * mode, times), np.exp(-2 * times * value / 10))
        assert task_losses.time_to(kernel, mode, 0.2) == pytest.approx(task_losses.earliest_time(kernel, mode, 0.2), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("fraction", [0.9, 0.5, 0.05])
def test_the_time_to_a_fraction_has_that_loss_and_is_not_before_the_earliest(seed, fraction):
    kernel, target = problem(seed=seed)
    time = task_losses.time_to(kernel, target, fraction)
    assert task_losses.relative_loss(kernel, target, time) == pytest.approx(fraction)
    assert time > task_losses.earliest_time(kernel, target, fraction)


@pytest.mark.parametrize("pace", [0.3, 1.0, 1.7])
@pytest.mark.parametrize("n_steps", [1, 4, 30])
def test_the_time_of_descent_is_a_whole_number_of_its_steps_where_a_step_ends_at_the_fraction(pace, n_steps):
    kernel, target = problem(rank=10)
    step = pace * 10 / np.linalg.eigvalsh(kernel)[-1]
    outputs = np.zeros(10)
    for _ in range(n_steps):
        outputs -= step * kernel @ (outputs - target) / 10
    fraction = ((outputs - target) ** 2).sum() / (target**2).sum()
    assert task_losses.time_to(kernel, target, fraction, step) == pytest.approx(n_steps * step)


def test_descent_is_faster_than_the_flow_and_is_the_flow_in_small_steps():
    kernel, modes = problem()[0], np.linalg.eigh(problem()[0])[1]
    step = 0.5 * 10 / np.linalg.eigvalsh(kernel)[-1]
    flow, descent, slow = (task_losses.time_to(kernel, modes[:, -1], 0.5, rate) for rate in (0.0, step, step / 1000))
    assert descent / flow == pytest.approx(0.5 / np.log(2))
    assert slow / flow == pytest.approx(1, abs=1e-3)


def test_a_part_that_is_never_learned_stays():
    kernel = np.diag([2.0, 0.0])
    assert task_losses.relative_loss(kernel, [1, 1], 1e6) == pytest.approx(0.5)
    assert task_losses.time_to(kernel, [1, 1], 0.75) == pytest.approx(np.log(2) / 2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: task_losses.relative_loss(np.eye(2), [0, 0], 1.0), "not 0"),
        (lambda: task_losses.relative_loss(np.eye(2), [1, 1, 1], 1.0), "as long as the 2 examples"),
        (lambda: task_losses.relative_loss(np.eye(2), [1, 1], -1.0), "time must be >= 0"),
        (lambda: task_losses.time_to(np.diag([1.0, 0.0]), [1, 1], 0.4), "never learned"),
        (lambda: task_losses.time_to(np.eye(2), [1, 1], 1.0), "above 0 and below 1"),
        (lambda: task_losses.time_to(np.eye(2), [1, 1], 0.5, 4.0), "step must be 0 or more, and below 4"),
        (lambda: task_losses.time_to(np.eye(2), [1, 1], 0.5, -1.0), "step must be 0 or more"),
        (lambda: task_losses.earliest_time(np.eye(3), [1, 1], 0.5), "a row for each of 2"),
        (lambda: task_losses.earliest_time(np.diag([1.0, 0.0]), [0, 1], 0.5), "mean rate above 0"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
