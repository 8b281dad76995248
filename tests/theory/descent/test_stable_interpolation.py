"""Tests of interpolating networks on a sphere against their kernel by hand, and of how flat they can be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.descent import stable_interpolation as interpolation


def problem(n, d, seed):
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((n, d))
    return points / np.linalg.norm(points, axis=1, keepdims=True), rng.standard_normal(n)


def kernel_of(network, points):
    """Products of the gradients of the outputs at the points, for w, b, v and beta, unit by unit."""
    inside = points @ network.directions.T - network.thresholds
    active = (inside > 0).astype(float)
    of_w = [active[:, [k]] * network.outputs[k] * points for k in range(len(network.outputs))]
    gradients = np.hstack([*of_w, -active * network.outputs, np.maximum(inside, 0), np.ones((len(points), 1))])
    return gradients @ gradients.T


@given(st.integers(2, 15), st.integers(3, 8), st.integers(0, 99))
def test_the_network_interpolates_and_its_kernel_has_the_predicted_eigenvalue(n, d, seed):
    points, labels = problem(n, d, seed)
    network = interpolation.interpolating_network(points, labels)
    inside = points @ network.directions.T - network.thresholds
    np.testing.assert_allclose(np.maximum(inside, 0) @ network.outputs + network.bias, labels, atol=1e-9)
    np.testing.assert_array_equal(inside > 0, np.eye(n, dtype=bool))
    largest = np.linalg.eigvalsh(kernel_of(network, points))[-1] / n
    assert interpolation.sharpness(labels) == pytest.approx(largest, rel=1e-9)
    assert 1 <= largest <= interpolation.sharpness_bound(labels) + 1e-12


def test_labels_of_one_size_reach_the_bound_and_it_is_below_the_published_one():
    for size in (0.1, 1.0, np.sqrt(2), 7.0):
        labels = size * np.array([1.0, -1, 1, 1])
        assert interpolation.sharpness(labels) == pytest.approx(1 + 2 * np.sqrt(2) * size / 4, rel=1e-12)
        assert interpolation.sharpness_bound(labels) <= 1 + (size**2 + 2) / 4 + 1e-12


def test_no_other_activation_is_flatter():
    """h(g) = g^2 + 2 y^2 / g^2 on a grid of activations."""
    activations = np.geomspace(0.01, 100, 4001)
    for label in (0.3, 2.0):
        least = (activations**2 + 2 * label**2 / activations**2).min()
        assert interpolation.unit_kernels([label])[0] == pytest.approx(least, rel=1e-4)


def test_a_label_of_0_needs_no_unit():
    points, _ = problem(4, 5, 0)
    network = interpolation.interpolating_network(points, [0, 2.0, 0, -1])
    assert network.directions.shape == (2, 5)
    assert interpolation.sharpness([0.0, 0.0]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("points", "labels", "words"),
    [
        (np.eye(3)[[0, 1, 1]], [1, 2, 3], "distinct"),
        (2 * np.eye(3), [1, 2, 3], "of norm 1"),
        (np.eye(3), [1, 2], "points must be of shape"),
        (np.eye(3), [1, 2, np.nan], "labels must be finite"),
        (np.eye(3), [], "labels must be of shape"),
    ],
)
def test_outside_the_domain_is_refused_by_name(points, labels, words):
    with pytest.raises(ValueError, match=words):
        interpolation.interpolating_network(points, labels)
