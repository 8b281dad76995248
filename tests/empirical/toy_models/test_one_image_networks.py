import numpy as np
import pytest
import torch
from scipy.signal import correlate2d

from empirical.toy_models import one_image_networks
from empirical.toy_models.one_image_networks import Connected, Convolutional

RNG = np.random.default_rng(0)
SHAPE = (5, 6)
DOUBLE = torch.float64
ARCHITECTURES = [
    Connected(1, 4),
    Connected(3, 7, 0.5),
    Connected(3, 30, 0.5, skip=True),
    Connected(2, 9, activation="linear"),
    Convolutional(1, 3, 4),
    Convolutional(3, 3, 4, 0.5),
    Convolutional(3, 3, 4, 0.5, padding="circular"),
    Convolutional(4, 5, 3, 0.5, skip=True),
    Convolutional(2, 3, 4, activation="linear"),
]


def by_hand(architecture, weights, image):
    """The output of one network for one image, with scipy's convolution."""
    connected = isinstance(architecture, Connected)
    held = image.ravel() if connected else image[None]
    for index, layer in enumerate(weights):
        if connected:
            raised = layer @ held
        else:
            mode = {"mode": "same", "boundary": "fill" if architecture.padding == "zero" else "wrap"}
            raised = np.stack([sum(correlate2d(x, k, **mode) for x, k in zip(held, own, strict=True)) for own in layer])
        if architecture.activation == "relu" and index < len(weights) - 1:
            raised = np.maximum(raised, 0)
        held = raised + held if architecture.skip and held.shape == raised.shape else raised
    return held.reshape(image.shape)


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
@pytest.mark.parametrize("shared", [True, False])
def test_outputs_network_by_network(architecture, shared):
    images = RNG.standard_normal((4, *SHAPE) if shared else (3, 4, *SHAPE))
    weights = one_image_networks.initial_weights(architecture, SHAPE, [5, 6, 7], DOUBLE)
    found = one_image_networks.outputs(architecture, weights, images)
    assert found.shape == (3, 4, *SHAPE)
    for network in range(3):
        own = [layer[network].numpy() for layer in weights]
        for place, image in enumerate(images if shared else images[network]):
            np.testing.assert_allclose(found[network, place], by_hand(architecture, own, image), atol=1e-12)


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_weights_have_the_gain_and_depend_on_the_seed_only(architecture):
    weights = one_image_networks.initial_weights(architecture, SHAPE, range(200), DOUBLE)
    assert len(weights) == architecture.depth
    for layer in weights:
        n_inputs = layer[0, 0].numel()
        values = layer.numpy().ravel() * np.sqrt(n_inputs / architecture.gain)
        assert abs(np.mean(values)) < 4.5 / np.sqrt(values.size)
        assert abs(np.mean(values**2) - 1) < 4.5 * np.sqrt(2 / values.size)
    alone = one_image_networks.initial_weights(architecture, SHAPE, [17], DOUBLE)
    for one, layer in zip(alone, weights, strict=True):
        np.testing.assert_array_equal(one[0], layer[17])


def test_activations_end_in_the_output():
    architecture, images = Convolutional(3, 3, 4), RNG.standard_normal((2, *SHAPE))
    weights = one_image_networks.initial_weights(architecture, SHAPE, [1, 2, 3])
    found = one_image_networks.activations(architecture, weights, images)
    assert [one.shape for one in found] == [(3, 2, 4, *SHAPE), (3, 2, 4, *SHAPE), (3, 2, 1, *SHAPE)]
    assert found[0].min() == 0
    np.testing.assert_array_equal(found[-1][:, :, 0], one_image_networks.outputs(architecture, weights, images))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Convolutional(2, 4, 3), "kernel must be odd"),
        (lambda: Convolutional(0, 3, 3), "depth must be a whole number >= 1; received 0"),
        (lambda: Convolutional(2, 3, 0), "n_channels must be"),
        (lambda: Convolutional(2, 3, 3, padding="reflect"), "padding must be"),
        (lambda: Connected(2, 0), "width must be"),
        (lambda: Connected(2, 3, -1.0), "gain must be"),
        (lambda: Connected(2, 3, activation="tanh"), "activation must be"),
        (lambda: one_image_networks.for_each(np.ones((2, 3, 4, 4)), 3, DOUBLE), r"images must be \(m, H, W\) or \(3 networks"),
        (lambda: one_image_networks.for_each(np.ones((4, 4)), 3, DOUBLE), r"received shape \(4, 4\)"),
        (lambda: one_image_networks.for_each(np.full((1, 4, 4), np.nan), 3, DOUBLE), "images must be finite"),
    ],
)
def test_impossible_networks_and_images_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
