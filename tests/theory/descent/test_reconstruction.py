"""Tests of reconstruction from a layer that learns, against descent step by step and decoders fitted to the examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.descent import reconstruction


def problem(n, d, k, seed):
    rng = np.random.default_rng(seed)
    inputs, targets = rng.standard_normal((n, d)) * np.linspace(1, 2, d), rng.standard_normal((n, k))
    return inputs, targets, rng.standard_normal((k, d))


def brute(inputs, targets, start, rate, n_steps):
    """The error of a decoder fitted by least squares after descent step by step."""
    weights = start
    for _ in range(n_steps):
        weights = weights - rate * (inputs @ weights.T - targets).T @ inputs / len(inputs)
    outputs = inputs @ weights.T
    decoder = np.linalg.lstsq(outputs, inputs, rcond=None)[0]
    return np.square(inputs - outputs @ decoder).sum() / np.square(inputs).sum()


@given(st.integers(2, 20), st.integers(1, 8), st.integers(1, 3), st.integers(0, 30), st.integers(0, 99))
def test_errors_are_those_of_descent_and_fitted_decoders(n, d, k, n_steps, seed):
    inputs, targets, start = problem(n, d, k, seed)
    moment, cross = inputs.T @ inputs / n, targets.T @ inputs / n
    rate = 1 / np.linalg.eigvalsh(moment)[-1]
    found = reconstruction.errors(start, moment, cross, rate, [n_steps])[0]
    assert found == pytest.approx(brute(inputs, targets, start, rate, n_steps), abs=1e-8)


def test_a_single_output_explains_the_mean_mode_that_it_listens_to():
    values, weights = np.array([4.0, 1.0, 0.5]), np.array([[1.0, 3.0, 2.0]])
    heard = weights[0] ** 2 * values
    expected = 1 - (heard @ values / heard.sum()) / values.sum()
    assert reconstruction.errors(weights, np.diag(values), np.zeros((1, 3)), 0.1, [0])[0] == pytest.approx(expected, rel=1e-12)


def test_as_many_outputs_as_inputs_lose_nothing_and_outputs_of_0_lose_all():
    weights = np.array([[1.0, 2.0], [0.0, 1.0]])
    assert reconstruction.errors(weights, np.eye(2), np.zeros((2, 2)), 0.1, [0, 5]) == pytest.approx([0, 0], abs=1e-12)
    assert reconstruction.errors(0 * weights, np.eye(2), np.zeros((2, 2)), 0.1, [3]) == pytest.approx([1])


@given(st.floats(0.1, 4.0), st.floats(0.01, 1.0), st.floats(0.05, 20.0), st.floats(0.01, 1.0))
def test_with_two_modes_descent_from_0_only_loses_at_rates_up_to_one_over_the_larger(large, share, told, pace):
    moment = np.diag([large, share * large])
    cross = np.array([[1.0, told]]) @ moment
    found = reconstruction.errors(np.zeros((1, 2)), moment, cross, pace / large, range(1, 60))
    assert np.all(np.diff(found) > -1e-12)


def test_at_a_higher_rate_descent_from_0_gains_in_some_steps():
    moment = np.diag([4.0, 0.1])
    found = reconstruction.errors(np.zeros((1, 2)), moment, np.array([[1.0, 10.0]]) @ moment, 1.8 / 4, range(1, 10))
    assert np.diff(found).min() < -1e-3


def test_with_two_modes_descent_from_elsewhere_gains_first():
    moment, solution, steps = np.diag([4.0, 0.1]), np.array([[1.0, 10.0]]), range(1, 400, 3)
    cross = solution @ moment
    elsewhere = reconstruction.errors(np.array([[0.5, 0.5]]), moment, cross, 0.02, [0, *steps])
    assert elsewhere.min() < elsewhere[0] - 1e-4
    assert elsewhere[-1] > elsewhere.min() + 0.01


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"start": np.ones((1, 3))}, "start must be of shape"),
        ({"cross_moment": np.full((1, 2), np.nan)}, "cross_moment must be finite"),
        ({"second_moment": np.zeros((2, 2))}, "second_moment must be positive semidefinite"),
        ({"second_moment": np.diag([1.0, -1])}, "second_moment must be positive semidefinite"),
        ({"rate": 0.0}, "rate must be"),
        ({"steps": [0.5]}, "steps must be"),
    ],
)
def test_outside_the_domain_is_refused_by_name(changed, words):
    valid = {"start": np.ones((1, 2)), "second_moment": np.eye(2), "cross_moment": np.ones((1, 2)), "rate": 0.1, "steps": [1]}
    with pytest.raises(ValueError, match=words):
        reconstruction.errors(**{**valid, **changed})
