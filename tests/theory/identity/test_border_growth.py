import numpy as np
import pytest
from scipy.signal import correlate2d

from theory.identity import border_growth

RNG = np.random.default_rng(0)


def layers_of(image, depth, kernel, padding):
    """The activations of a random network of three channels, with biases, tanh and skip connections, layer by layer."""
    held, found = [image] * 3, []
    for _ in range(depth):
        filters, biases = RNG.standard_normal((3, 3, kernel, kernel)), RNG.standard_normal(3)
        modes = {"mode": "same", "boundary": "fill" if padding == "zero" else "wrap"}
        sums = [sum(correlate2d(x, k, **modes) for x, k in zip(held, own, strict=True)) / kernel for own in filters]
        held = [np.tanh(one + bias) + before for one, bias, before in zip(sums, biases, held, strict=True)]
        found.append(np.stack(held))
    return found


@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("shape", [(12, 12), (9, 13)])
def test_pixels_of_a_class_are_equal_and_classes_differ(shape, kernel):
    """Exact in every layer, and no larger classes would do."""
    for index, activations in enumerate(layers_of(np.ones(shape), 4, kernel, "zero")):
        classes = border_growth.equal_pixels(shape, index + 1, kernel)
        first = [np.argmax(classes.ravel() == one) for one in range(classes.max() + 1)]
        values = activations.reshape(3, -1)
        np.testing.assert_allclose(values, values[:, first][:, classes.ravel()], atol=1e-12)
        gaps = abs(values[:, first][:, :, None] - values[:, first][:, None]).max(0) + np.eye(len(first))
        assert gaps.min() > 1e-9


def test_rings_grow_from_the_border_layer_by_layer():
    rings = border_growth.rings((17, 17))
    assert rings[0].max() == 0
    assert rings[8, 8] == 8
    for index, activations in enumerate(layers_of(np.ones((17, 17)), 3, 5, "zero")):
        differs = abs(activations - activations[:, 8:9, 8:9]).max(0) > 1e-9
        reach = border_growth.receptive_reach(index + 1, 5)
        assert {ring for ring in range(9) if differs[rings == ring].any()} == set(range(reach))


def test_circular_padding_keeps_a_constant_image_constant():
    for activations in layers_of(np.ones((7, 7)), 3, 3, "circular"):
        assert np.ptp(activations, axis=(1, 2)).max() < 1e-12
    image = RNG.random((7, 7))
    bound = border_growth.constant_image_bound(image, [1, 5], 3, "circular")
    np.testing.assert_allclose(bound, image.sum() / 7 / np.linalg.norm(image))


@pytest.mark.parametrize("shape", [(10, 10), (8, 11)])
@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_the_bound_is_the_best_output_that_is_constant_within_classes(depth, shape):
    """By least squares on indicators; the catalogue of pixels outside the middle as classes of their own is a larger bound."""
    image, reach = RNG.random(shape), depth
    classes = border_growth.equal_pixels(shape, depth, 3).ravel()
    indicators = np.equal.outer(classes, np.arange(classes.max() + 1)).astype(float)
    best = indicators @ np.linalg.lstsq(indicators, image.ravel(), rcond=None)[0]
    cosine = best @ image.ravel() / np.linalg.norm(best) / np.linalg.norm(image)
    found = border_growth.constant_image_bound(image, depth, 3)
    assert found == pytest.approx(cosine)
    middle = image[reach : shape[0] - reach, reach : shape[1] - reach]
    loose = np.sqrt(1 - ((middle - middle.mean()) ** 2).sum() / (image**2).sum())
    assert found <= loose + 1e-12
    assert (found < loose - 0.01) == (depth > 0)


def test_the_bound_holds_for_networks_and_tightens_with_fewer_layers():
    image = RNG.random((11, 11))
    bounds = border_growth.constant_image_bound(image, np.arange(7), 3)
    assert np.all(np.diff(bounds) > -1e-12)
    assert bounds[0] < bounds[2] < bounds[5]
    np.testing.assert_allclose(bounds[5:], 1)
    for bound, output in zip(bounds[1:], layers_of(np.ones((11, 11)), 6, 3, "zero"), strict=True):
        for one in output:
            assert abs((one * image).sum()) <= (bound + 1e-12) * np.linalg.norm(one) * np.linalg.norm(image)


def test_shift_correlations():
    image = RNG.random((5, 6))
    found = border_growth.shift_correlations(image)
    expected = [[(np.roll(image, (i, j), (0, 1)) * image).sum() / (image**2).sum() for j in range(6)] for i in range(5)]
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: border_growth.receptive_reach(-1, 3), "depth"),
        (lambda: border_growth.receptive_reach(1, 4), "kernel"),
        (lambda: border_growth.equal_pixels((4, 4), 1, 3, "reflect"), "padding"),
        (lambda: border_growth.constant_image_bound(np.zeros((4, 4)), 1, 3), "training"),
        (lambda: border_growth.constant_image_bound(np.ones(4), 1, 3), "training"),
        (lambda: border_growth.shift_correlations(np.zeros((4, 4))), "training"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        call()
