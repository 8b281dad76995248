"""Tests of two-layer networks: outputs by hand, the Hessian by differences, and descent of many as of each alone."""

import numpy as np
import pytest
import torch

from empirical.toy_models.two_layer_networks import Networks, descend, loss_hessian


@pytest.fixture
def one():
    """A network of 4 units on 3 inputs, with 6 points and labels."""
    rng = np.random.default_rng(0)
    w, b, v, points, labels = (rng.standard_normal(shape) for shape in ((4, 3), 4, 4, (6, 3), 6))
    return (w, b, v, 0.3), points, labels


def by_hand(parameters, points):
    w, b, v, beta = parameters
    return np.maximum(points @ w.T - b, 0) @ v + beta


def loss(flat, points, labels):
    """Of parameters in the order of the Hessian: w unit by unit within each input, b, v, beta."""
    parameters = flat[:12].reshape(3, 4).T, flat[12:16], flat[16:20], flat[20]
    return np.square(by_hand(parameters, points) - labels).mean() / 2


def flattened(parameters):
    w, b, v, beta = parameters
    return np.concatenate([w.T.ravel(), b, v, [beta]])


def test_outputs_are_those_by_hand(one):
    parameters, points, _ = one
    assert Networks.of(*parameters).at(points[None])[0] == pytest.approx(by_hand(parameters, points), rel=1e-12)


def test_the_hessian_is_that_of_second_differences(one):
    parameters, points, labels = one
    flat, step, unit = flattened(parameters), 1e-4, np.eye(21)
    expected = np.empty((21, 21))
    for i in range(21):
        for j in range(21):
            corners = [
                sign * other * loss(flat + step * (sign * unit[i] + other * unit[j]), points, labels)
                for sign in (1, -1)
                for other in (1, -1)
            ]
            expected[i, j] = sum(corners) / (4 * step**2)
    np.testing.assert_allclose(loss_hessian(Networks.of(*parameters), points, labels), expected, atol=1e-6)


def test_a_step_is_against_the_gradient_of_the_mean_loss(one):
    parameters, points, labels = one
    flat, rate, small = flattened(parameters), 0.1, 1e-6
    along = [loss(flat + small * e, points, labels) - loss(flat - small * e, points, labels) for e in np.eye(21)]
    moved = descend(Networks.of(*parameters), points[None], labels[None], rate, 1)
    found = np.concatenate([part.flatten().numpy() for part in moved.parameters])
    assert found == pytest.approx(flat - rate * np.array(along) / (2 * small), abs=1e-8)


def test_networks_descend_as_each_would_alone():
    rng = np.random.default_rng(1)
    points, labels = rng.standard_normal((2, 9, 5)), rng.standard_normal((2, 9))
    drawn = lambda chosen: Networks.drawn(5, 7, [np.random.default_rng(seed) for seed in chosen], 0.5)  # noqa: E731
    together = descend(drawn([3, 4]), points, labels, 0.1, 50).at(points)
    alone = descend(drawn([4]), points[1:], labels[1:], 0.1, 50).at(points[1:])
    assert together[1] == pytest.approx(alone[0], abs=1e-5)
    assert np.square(together - labels).mean() < np.square(labels).mean()


def test_drawn_weights_have_their_scales():
    drawn = Networks.drawn(50, 400, [np.random.default_rng(0)], 0.7)
    assert drawn.bias.dtype == torch.float32
    assert float(drawn.directions.std()) == pytest.approx(0.7, rel=0.02)
    assert float(drawn.outputs.std()) == pytest.approx(1 / 20, rel=0.1)
    assert not drawn.thresholds.any()


def test_descent_is_that_of_autograd():
    """In float32, step after step."""
    rng, rate = np.random.default_rng(2), 0.1
    points, labels = rng.standard_normal((3, 12, 5)), rng.standard_normal((3, 12))
    started = Networks.drawn(5, 8, [np.random.default_rng(seed) for seed in range(3)], 0.5)
    shown, wanted = torch.from_numpy(points).float(), torch.from_numpy(labels).float()
    leaves = [one.clone().requires_grad_() for one in started.parameters]
    for _ in range(20):
        w, b, v, beta = leaves
        outputs = ((shown @ w - b).relu() @ v + beta)[..., 0]
        slopes = torch.autograd.grad((outputs - wanted).square().mean(1).sum() / 2, leaves)
        leaves = [(one - rate * slope).detach().requires_grad_() for one, slope in zip(leaves, slopes, strict=True)]
    for found, expected in zip(descend(started, points, labels, rate, 20).parameters, leaves, strict=True):
        assert found.numpy() == pytest.approx(expected.detach().numpy(), abs=1e-5)
