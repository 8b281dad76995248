"""The theory of networks that reproduce one image against networks that torch trained."""

import numpy as np
import pytest
import torch

from empirical.toy_models import one_image_networks
from empirical.toy_models.image_correlations import correlation
from empirical.toy_models.one_image_networks import Connected, Convolutional
from empirical.toy_models.one_image_training import train
from empirical.toy_models.stacked_optimizers import Adam, Descent
from theory.identity import border_growth, one_image_outputs, wide_networks
from theory.identity.convolutional_kernels import Convolutions

pytestmark = pytest.mark.slow
DOUBLE = torch.float64
SIDE = 8


def drawings():
    """A ring, a cross, a bar and an angle, (4, 8, 8), of uneven ink so that their patches are well conditioned."""
    images = np.zeros((4, SIDE, SIDE))
    images[0, 1:7, 1:7] = 1
    images[0, 3:5, 3:5] = 0
    images[1, 3:5, 1:7] = images[1, 1:7, 3:5] = 1
    images[2, 1:7, 2:4] = 1
    images[3, 1:7, 1:3] = images[3, 5:7, 1:6] = 1
    return images + 0.3 * np.random.default_rng(3).random(images.shape) * (images > 0)


def intercept(widths, gaps, errors):
    """Of the line through gaps over 1/width, with its standard error."""
    design = np.stack([np.ones(len(widths)), 1 / np.asarray(widths)], axis=1) / np.asarray(errors)[:, None]
    covariance = np.linalg.inv(design.T @ design)
    return (covariance @ design.T @ (np.asarray(gaps) / errors))[0], np.sqrt(covariance[0, 0])


@pytest.mark.settled
@pytest.mark.parametrize(("activation", "padding"), [("relu", "zero"), ("linear", "circular")])
def test_convolutional_networks_approach_the_kernels(activation, padding):
    """Means of corr_id and corr_const, extrapolated in 1/channels; and at 32 channels their spread between networks."""
    training, *tests = drawings()
    channels, n_networks, gaps = (8, 16, 32), 24, {"identity": [], "constant": []}
    errors = {name: [] for name in gaps}
    for width in channels:
        network = Convolutions(3, 3, 1.0, 1 / width, padding, activation)
        expected = one_image_outputs.correlations(network, training, tests, 0.03)
        trained = train(
            Convolutional(3, 3, width, 1.0, activation, padding),
            training[None],
            range(n_networks),
            Descent(0.05, 0.9),
            0.03,
            dtype=DOUBLE,
        )
        outputs = one_image_networks.outputs(trained.architecture, trained.weights, np.stack(tests))
        for name, images, theory in (("identity", tests, expected.identity), ("constant", training, expected.constant)):
            measured = correlation(outputs, np.asarray(images))
            gaps[name].append(np.mean(measured - theory.mean))
            errors[name].append(measured.mean(1).std() / np.sqrt(n_networks))
            if width == channels[-1]:
                spread = np.sqrt(measured.var(0).mean() / np.mean(theory.deviation**2))
                assert 0.6 < spread < 1.6
    for name, found in gaps.items():
        gap, error = intercept(channels, found, errors[name])
        assert abs(gap) < 4.5 * error, name
        assert error < 0.01, name
        assert abs(found[-1]) < 0.02, name


@pytest.mark.settled
@pytest.mark.parametrize(("activation", "gain", "depth"), [("linear", 1.0, 3), ("relu", 1.0, 2), ("relu", 2.0, 3)])
def test_connected_networks_of_unequal_layers_approach_the_limit(activation, gain, depth):
    """Plain gradient descent, under which the first layer learns at D/width of the others' rate."""
    training, *tests = drawings()[:, ::2, ::2]
    width, n_networks = 16 * training.size, 48
    trained = train(Connected(depth, width, gain, activation), training[None], range(n_networks), Descent(), 1e-6)
    outputs = one_image_networks.outputs(trained.architecture, trained.weights, np.stack(tests))
    measured = correlation(outputs, training)
    rho = correlation(np.stack(tests), training)
    expected = wide_networks.constant_correlation(rho, depth, gain, activation, training.size, first_rate=training.size / width)
    gap, error = np.mean(measured - expected), measured.mean(1).std() / np.sqrt(n_networks)
    assert abs(gap) < 4.5 * error + 0.02
    assert error < 0.04


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "skip"])
def grown(request):
    """Networks of 4 layers that reproduce the ring, with zero padding."""
    return train(Convolutional(4, 3, 8, 1 / 3, skip=request.param), drawings()[:1], range(3), Adam(0.003), 1e-3, dtype=DOUBLE)


def test_a_constant_image_changes_from_the_border_inwards(grown):
    """Exactly, layer by layer; activations of different classes differ."""
    layers = one_image_networks.activations(grown.architecture, grown.weights, np.full((1, SIDE, SIDE), 0.7))
    for depth, activations in enumerate(layers, start=1):
        classes = border_growth.equal_pixels((SIDE, SIDE), depth, 3).ravel()
        values = activations.reshape(-1, SIDE**2)
        first = np.array([np.argmax(classes == one) for one in classes])
        scale = abs(values).max()
        np.testing.assert_allclose(values, values[:, first], atol=1e-12 * scale)
        if depth < 4:
            outside = border_growth.rings((SIDE, SIDE)) < depth
            middle = values[:, [SIDE**2 // 2 + SIDE // 2]]
            assert np.all(abs(values - middle).max(0)[outside.ravel()] > 1e-6 * scale)


def test_the_bound_on_a_constant_image(grown):
    training = drawings()[0]
    outputs = one_image_networks.outputs(grown.architecture, grown.weights, np.ones((1, SIDE, SIDE)))
    bound = border_growth.constant_image_bound(training, 4, 3)
    assert np.all(abs(correlation(outputs, training)) <= bound + 1e-12)
    shallow = train(Convolutional(2, 3, 8, 1 / 3), training[None], range(3), Adam(0.003), 1e-3, dtype=DOUBLE)
    outputs = one_image_networks.outputs(shallow.architecture, shallow.weights, np.ones((1, SIDE, SIDE)))
    bound = border_growth.constant_image_bound(training, 2, 3)
    assert bound < 0.99
    assert np.all(abs(correlation(outputs, training)) <= bound + 1e-12)


def test_circular_networks_reproduce_shifts_of_their_image():
    training = drawings()[0]
    trained = train(Convolutional(3, 3, 8, padding="circular"), training[None], range(3), Adam(0.003), 1e-3, dtype=DOUBLE)
    moved = np.stack([np.roll(training, shift, (0, 1)) for shift in ((1, 0), (3, 5))])
    own, shifted = (one_image_networks.outputs(trained.architecture, trained.weights, one) for one in (training[None], moved))
    np.testing.assert_allclose(shifted[:, 1], np.roll(own[:, 0], (3, 5), (1, 2)), atol=1e-12)
    expected = border_growth.shift_correlations(training)
    np.testing.assert_allclose(correlation(shifted[:, 0], training), expected[1, 0], atol=0.05)
    np.testing.assert_allclose(correlation(shifted[:, 1], training), expected[3, 5], atol=0.05)
    constant = one_image_networks.outputs(trained.architecture, trained.weights, np.ones((1, SIDE, SIDE)))
    bound = border_growth.constant_image_bound(training, 3, 3, "circular")
    np.testing.assert_allclose(abs(correlation(constant, training)), bound)
