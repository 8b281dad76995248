import time
import tracemalloc

import numpy as np
import pytest
from scipy.signal import correlate2d

from theory.identity import convolutional_kernels, identity_maps
from theory.identity.convolutional_kernels import Convolutions

RNG = np.random.default_rng(0)


def averaged(network, values):
    """The mean over a filter's offsets, pixel pair by pixel pair."""
    height, width = values.shape[:2]
    reach, found = network.kernel // 2, np.zeros(values.shape)
    offsets = [(i, j) for i in range(-reach, reach + 1) for j in range(-reach, reach + 1)]
    for p in np.ndindex(values.shape):
        for i, j in offsets:
            row, column, other_row, other_column = p[0] + i, p[1] + j, p[2] + i, p[3] + j
            if network.padding == "circular":
                found[p] += values[row % height, column % width, other_row % height, other_column % width]
            elif {row, other_row} <= set(range(height)) and {column, other_column} <= set(range(width)):
                found[p] += values[row, column, other_row, other_column]
    return found / network.kernel**2


def by_hand(network, first, second):
    """The recursion for the images' products with themselves and with each other, all alike."""
    images, pairs = (first, second), [(0, 0), (1, 1), (0, 1)]
    products = {(i, j): np.multiply.outer(images[i], images[j]) for i, j in pairs}
    tangent = inherited = None
    for _ in range(network.depth):
        covariance = {pair: network.gain * averaged(network, products[pair]) for pair in pairs}
        if inherited is None:
            tangent = covariance[0, 1] * (network.first_rate if network.depth > 1 else 1)
        else:
            tangent = covariance[0, 1] + network.gain * averaged(network, inherited)
        deviations = [np.sqrt(np.einsum("ijij->ij", covariance[i, i])) for i in (0, 1)]
        for i, j in pairs:
            sizes = np.multiply.outer(deviations[i], deviations[j])
            angle = np.arccos(np.clip(covariance[i, j] / sizes, -1, 1))
            slopes = (np.pi - angle) / (2 * np.pi)
            products[i, j] = sizes * (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / (2 * np.pi)
        if network.activation == "linear":
            products, slopes = covariance, 1.0
        inherited = slopes * tangent
    return covariance[0, 1], tangent


@pytest.mark.settled
@pytest.mark.parametrize("padding", ["zero", "circular"])
@pytest.mark.parametrize("activation", ["relu", "linear"])
@pytest.mark.parametrize(("depth", "kernel"), [(1, 3), (2, 3), (3, 3), (2, 5)])
def test_the_recursion_pixel_pair_by_pixel_pair(depth, kernel, activation, padding):
    network = Convolutions(depth, kernel, 1.3, 0.2, padding, activation)
    first, second = RNG.random((2, 5, 6))
    found = convolutional_kernels.output_kernels(network, first, second)
    initial, tangent = by_hand(network, first, second)
    np.testing.assert_allclose(found.initial, initial, atol=1e-7)
    np.testing.assert_allclose(found.tangent, tangent, atol=1e-7)
    start = convolutional_kernels.initial_covariance(network, first)
    np.testing.assert_array_equal(start, convolutional_kernels.output_kernels(network, first, first).initial)


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_one_layer_is_the_products_of_patches(activation):
    first, second = RNG.random((2, 4, 7))
    seen = [identity_maps.patches(one[None], 3) for one in (first, second)]
    found = convolutional_kernels.output_kernels(Convolutions(1, 3, 0.9, activation=activation), first, second)
    np.testing.assert_allclose(found.initial.reshape(28, 28), 0.1 * seen[0] @ seen[1].T)
    np.testing.assert_allclose(found.tangent, found.initial)


def drawn_covariances(network, n_channels, image, n_networks, rng):
    """The covariance of outputs of finite networks at the start, given all layers but the last, (networks, H W, H W)."""
    held = image[None, None] * np.ones((n_networks, 1, 1, 1))
    around = [(0, 0), (0, 0), *[(network.kernel // 2,) * 2] * 2]
    for layer in range(network.depth):
        padded = np.pad(held, around, mode="constant" if network.padding == "zero" else "wrap")
        windows = np.lib.stride_tricks.sliding_window_view(padded, (network.kernel,) * 2, axis=(2, 3))
        seen = windows.transpose(0, 1, 4, 5, 2, 3).reshape(n_networks, -1, image.size)
        if layer == network.depth - 1:
            return network.gain / seen.shape[1] * np.swapaxes(seen, 1, 2) @ seen
        scale = np.sqrt(network.gain / seen.shape[1])
        held = scale * rng.standard_normal((n_networks, n_channels, seen.shape[1])) @ seen
        held = (np.maximum(held, 0) if network.activation == "relu" else held).reshape(n_networks, -1, *image.shape)
    raise AssertionError


@pytest.mark.settled
@pytest.mark.parametrize(
    "network", [Convolutions(3, 3, 1.5), Convolutions(3, 3, 1.5, padding="circular"), Convolutions(2, 5, activation="linear")]
)
def test_the_covariance_of_drawn_networks(network):
    """Extrapolated from networks of 4 to 16 channels, whose means deviate by terms in 1/channels."""
    image, n, channels = RNG.random((5, 5)), 3000, np.array([4, 8, 16])
    drawn = [drawn_covariances(network, width, image, n, RNG) for width in channels]
    # The intercept of the line through the means, in 1/channels.
    weights = np.linalg.pinv(np.stack([np.ones(3), 1 / channels], axis=1))[0]
    found = np.tensordot(weights, [one.mean(0) for one in drawn], axes=1)
    error = np.sqrt(np.tensordot(weights**2, [one.var(0) / n for one in drawn], axes=1))
    expected = convolutional_kernels.initial_covariance(network, image).reshape(25, 25)
    assert abs((found - expected) / error).max() < 5
    assert np.median(error / expected) < 0.03


def test_black_pixels_have_exactly_no_variance():
    image = np.zeros((12, 12))
    image[5:7, 5:7] = RNG.random((2, 2))
    network = Convolutions(2, 3)
    found = convolutional_kernels.output_kernels(network, image, image)
    outside = np.ones((12, 12), dtype=bool)
    outside[3:9, 3:9] = False
    assert np.all(found.initial[outside] == 0)
    assert np.all(found.tangent[outside] == 0)
    assert np.all(np.einsum("ijij->ij", found.initial)[3:9, 3:9] > 0)
    assert np.all(np.isfinite(found.tangent))


def test_shifts_commute_with_circular_padding():
    network, image, other = Convolutions(3, 3, padding="circular"), *RNG.random((2, 6, 5))
    found = convolutional_kernels.output_kernels(network, image, other).tangent
    moved = convolutional_kernels.output_kernels(
        network, np.roll(image, (2, 1), (0, 1)), np.roll(other, (2, 1), (0, 1))
    ).tangent
    np.testing.assert_allclose(moved, np.roll(found, (2, 1, 2, 1), (0, 1, 2, 3)), atol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_kernels_are_powers_of_the_gain(activation):
    first, second = RNG.random((2, 5, 5))
    one, other = (
        convolutional_kernels.output_kernels(Convolutions(4, 3, gain, 0.1, "zero", activation), first, second)
        for gain in (1.0, 2.0)
    )
    np.testing.assert_allclose(other.initial, 2**4 * one.initial)
    np.testing.assert_allclose(other.tangent, 2**4 * one.tangent)


def test_a_filter_larger_than_the_image_sees_all_of_it():
    image = RNG.random((4, 4))
    found = convolutional_kernels.initial_covariance(Convolutions(1, 9), image)
    np.testing.assert_allclose(found[0, 0, 0, 0], (image**2).sum() / 81)
    shifted = correlate2d(image, image, "full")[3, 3 - 1]
    np.testing.assert_allclose(found[1, 1, 1, 2], shifted / 81)


@pytest.mark.slow
def test_the_size_of_mnist_at_depth_20_is_cheap():
    first, second = RNG.random((2, 28, 28))
    network, start = Convolutions(20, 5, 1 / 3), time.process_time()
    convolutional_kernels.output_kernels(network, first, second)
    assert time.process_time() - start < 20
    tracemalloc.start()
    convolutional_kernels.output_kernels(Convolutions(3, 5), first, second)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 11 * 784**2 * 8


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"depth": 0}, "depth"),
        ({"depth": 2.5}, "depth"),
        ({"kernel": 4}, "kernel"),
        ({"gain": -1.0}, "gain"),
        ({"gain": np.nan}, "gain"),
        ({"first_rate": 1.5}, "first_rate"),
        ({"padding": "reflect"}, "padding"),
        ({"activation": "tanh"}, "activation"),
    ],
)
def test_an_impossible_network_is_refused_by_name(change, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        Convolutions(**({"depth": 2, "kernel": 3} | change))


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        (np.zeros((3, 3)), np.ones((3, 3)), "first"),
        (np.ones((3, 3)), np.zeros((3, 3)), "second"),
        (np.ones((3, 3)), np.ones((3, 4)), "second"),
        (np.ones((1, 3, 3)), np.ones((3, 3)), "first"),
        (np.full((3, 3), np.inf), np.ones((3, 3)), "first"),
    ],
)
def test_impossible_images_are_refused_by_name(first, second, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        convolutional_kernels.output_kernels(Convolutions(2, 3), first, second)
