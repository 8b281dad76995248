import numpy as np
import pytest
import torch
from scipy.signal import correlate2d

from empirical.toy_models import linear_networks
from empirical.toy_models.linear_networks import NotConverged


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("n_images", [1, 3])
def test_a_connected_layer_reproduces_what_it_was_shown(rng, n_images):
    images = rng.standard_normal((n_images, 12))
    layer = linear_networks.train_connected(images, 0.5, rng)
    np.testing.assert_allclose(images @ layer.weights[0].T, images, atol=1e-9)
    assert layer.gradient <= linear_networks.TOLERANCE
    assert layer.loss < 1e-18
    moved = layer.weights[0] - layer.start[0]
    assert np.linalg.matrix_rank(moved, tol=1e-8) == n_images


@pytest.mark.parametrize(("n_channels", "kernel", "side"), [(1, 3, 7), (2, 3, 9), (2, 3, 3)])
def test_a_convolution_reproduces_its_image_by_least_squares(rng, n_channels, kernel, side):
    image = rng.standard_normal((n_channels, side, side))
    layer = linear_networks.train_convolution(image, kernel, 0.4, rng)
    filters, output = layer.weights[0], linear_networks.convolve(layer.weights[0], image[None])[0].numpy()
    by_hand = [sum(correlate2d(x, k, "same") for x, k in zip(image, filter_, strict=True)) for filter_ in filters]
    np.testing.assert_allclose(output, by_hand, atol=1e-12)
    np.testing.assert_allclose(output, image, atol=1e-9)


def test_a_convolution_on_a_smooth_image_is_refused(rng, monkeypatch):
    monkeypatch.setattr(linear_networks, "MAX_STEPS", 50)
    axis = np.arange(12) - 5.5
    with pytest.raises(NotConverged, match="better conditioned"):
        linear_networks.train_convolution(np.exp(-(axis[:, None] ** 2 + axis**2) / 18)[None], 5, 0.5, rng)


def test_starts_are_orthogonal_at_their_scale(rng):
    start = linear_networks.orthogonal_start(9, 3, 4, 0.2, rng)
    assert [weight.shape for weight in start] == [(9, 9)] * 3 + [(3, 9)]
    for weight in start:
        np.testing.assert_allclose(weight @ weight.T, 0.04 * np.eye(len(weight)), atol=1e-15)


def test_a_step_of_a_deep_network_is_autograds(rng, monkeypatch):
    inputs, start = rng.standard_normal((2, 3, 8)), linear_networks.orthogonal_start(8, 2, 3, 0.5, rng)
    weights = [torch.tensor(weight, requires_grad=True) for weight in start]
    output = torch.tensor(inputs).flatten(0, 1)
    for weight in weights:
        output = output @ weight.T
    labels = torch.tensor([[1.0, 0]] * 3 + [[0, 1.0]] * 3, dtype=torch.float64)
    ((output - labels) ** 2).sum().div(2).backward()
    taken = []
    monkeypatch.setattr(linear_networks, "MAX_STEPS", 2)
    monkeypatch.setattr(linear_networks, "_products", _recording(linear_networks._products, taken))
    with pytest.raises(NotConverged):
        linear_networks.train_deep(inputs, start, 0.01)
    for before, after, weight in zip(start, taken[1], weights, strict=True):
        assert weight.grad is not None
        np.testing.assert_allclose(before - after, 0.01 * weight.grad.numpy(), atol=1e-14)


def _recording(products, taken):
    def recorded(weights):
        taken.append([weight.numpy().copy() for weight in weights])
        return products(weights)

    return recorded


def test_a_deep_network_learns_its_labels(rng):
    inputs = np.linalg.qr(rng.standard_normal((20, 8)))[0].T.reshape(2, 4, 20)
    start = linear_networks.orthogonal_start(20, 2, 3, 0.3, rng)
    trained = linear_networks.train_deep(inputs, start, 0.05)
    assert trained.gradient <= linear_networks.TOLERANCE
    assert trained.loss < 1e-18
    features = linear_networks.deep_features(inputs, trained.weights)
    assert features.shape == (3, 2, 4, 20)
    np.testing.assert_array_equal(features[0], inputs)
    np.testing.assert_allclose(features[-1] @ trained.weights[-1].T, np.repeat(np.eye(2)[:, None], 4, axis=1), atol=1e-9)


@pytest.mark.parametrize(("n", "d"), [(9, 4), (4, 9)])
def test_regression_ends_at_least_squares(rng, n, d):
    design, truth, labels = rng.standard_normal((n, d)), rng.standard_normal(d), rng.standard_normal((n, 3))
    errors = linear_networks.regression_errors(design, labels, truth, 0.5, 4000)
    assert errors.shape == (4001, 3)
    np.testing.assert_allclose(errors[0], truth @ truth)
    last = np.linalg.pinv(design) @ labels
    np.testing.assert_allclose(errors[-1], ((last - truth[:, None]) ** 2).sum(0), rtol=1e-6)
    np.testing.assert_array_equal(linear_networks.final_errors(design, labels, truth, 0.5, 4000), errors[-1])
    one_step = 0.5 * design.T @ labels / n
    np.testing.assert_allclose(errors[1], ((one_step - truth[:, None]) ** 2).sum(0))


def test_the_same_generator_trains_the_same_network():
    image = np.random.default_rng(3).standard_normal((1, 5, 5))
    one, other = (linear_networks.train_convolution(image, 3, 0.5, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one.weights[0], other.weights[0])
