import numpy as np
import pytest
from scipy.signal import correlate2d

from theory.identity import identity_maps

RNG = np.random.default_rng(0)


def descended(start, inputs, targets):
    """What gradient descent on ||X w - y||^2 comes to, by the pseudoinverse: rows of start are filters."""
    return start + (np.linalg.pinv(inputs) @ (targets - inputs @ start.T)).T


@pytest.mark.parametrize("n_images", [1, 3])
def test_a_connected_layer_is_the_end_of_descent(n_images):
    training, images = RNG.standard_normal((n_images, 9)), RNG.standard_normal((5, 9))
    weights = RNG.standard_normal((9, 9))
    trained = descended(weights, training, training)
    np.testing.assert_allclose(identity_maps.connected_output(weights, training, images), images @ trained.T, atol=1e-13)
    np.testing.assert_allclose(identity_maps.connected_output(weights, training, training), training, atol=1e-13)


def test_correlations_over_drawn_weights():
    training, images, scale, n = RNG.standard_normal((1, 12)), RNG.standard_normal((2, 12)), 0.4, 8_000
    images[1] -= training[0] * (images[1] @ training[0]) / (training[0] @ training[0])
    weights = scale * RNG.standard_normal((n, 12, 12))
    outputs = np.stack([identity_maps.connected_output(w, training, images) for w in weights])
    expected = identity_maps.expected_correlations(training, images, scale)
    sizes = np.linalg.norm(outputs, axis=-1)
    cosines = (outputs * images).sum(-1) / sizes / np.linalg.norm(images, axis=-1)
    constant = outputs @ training[0] / sizes / np.linalg.norm(training)
    for drawn, predicted in (
        (cosines, expected.identity),
        (constant, expected.constant[..., 0]),
        (np.einsum("nid,d->ni", outputs, _orthogonal(training, images)) ** 2 / sizes**2, expected.noise**2),
    ):
        np.testing.assert_array_less(abs(drawn.mean(0) - predicted), 4.5 * drawn.std(0) / np.sqrt(n) + 1e-15)
    assert abs(expected.identity[1]) < 1e-14
    assert expected.noise[1] == pytest.approx(12**-0.5)


def _orthogonal(training, images):
    """A unit vector orthogonal to the training image: noise alone."""
    unit = np.linalg.svd(np.vstack([training, images]))[2][-1]
    return unit / np.linalg.norm(unit)


@pytest.mark.parametrize("dim", [6, 30])
def test_an_image_in_the_span_is_reproduced(dim):
    training = RNG.standard_normal((2, dim))
    found = identity_maps.expected_correlations(training, training, 0.5)
    np.testing.assert_allclose(found.noise, 0, atol=1e-11)
    np.testing.assert_allclose(found.identity, 1)
    np.testing.assert_allclose(np.diag(found.constant), 1)


def test_patches_are_what_a_filter_sees():
    image, filters = RNG.standard_normal((2, 5, 6)), RNG.standard_normal((2, 2, 3, 3))
    seen = identity_maps.patches(image, 3)
    expected = [
        sum(correlate2d(plane, kernel, "same") for plane, kernel in zip(image, filter_, strict=True)) for filter_ in filters
    ]
    np.testing.assert_allclose((seen @ filters.reshape(2, -1).T).T.reshape(2, 5, 6), expected, atol=1e-13)
    copied = seen @ identity_maps.copying_filters(2, 3).T
    np.testing.assert_allclose(copied.T.reshape(image.shape), image)


@pytest.mark.parametrize(("n_images", "n_channels", "kernel", "side"), [(1, 1, 3, 6), (1, 2, 3, 3), (1, 1, 5, 4), (2, 2, 3, 3)])
def test_a_convolution_is_the_end_of_descent(n_images, n_channels, kernel, side):
    training = RNG.standard_normal((n_images, n_channels, side, side))
    test = RNG.standard_normal((n_channels, side + 1, side + 2))
    filters = 0.3 * RNG.standard_normal((n_channels, n_channels, kernel, kernel))
    seen = identity_maps.patches(training, kernel).reshape(-1, n_channels * kernel**2)
    targets = np.moveaxis(training, 1, -1).reshape(-1, n_channels)
    trained = descended(filters.reshape(n_channels, -1), seen, targets)
    output = (identity_maps.patches(test, kernel) @ trained.T).T.reshape(test.shape)
    np.testing.assert_allclose(identity_maps.convolved_errors(filters, training, test), output - test, atol=1e-12)


def square():
    image = np.zeros((1, 28, 28))
    image[0, 10:14, 12:15] = 1
    return image


def blob():
    axis = np.arange(28) - 13.5
    return np.exp(-(axis[:, None] ** 2 + axis**2) / 18)[None]


@pytest.mark.parametrize("image", [square(), np.ones((1, 28, 28)), blob()], ids=["square", "constant", "blob"])
def test_simple_images_span_all_patches(image):
    assert len(identity_maps.patch_basis(image, 5)) == 25
    test = RNG.random((1, 28, 28))
    filters = RNG.standard_normal((1, 1, 5, 5))
    assert abs(identity_maps.convolved_errors(filters, image, test)).max() < 1e-12
    assert identity_maps.expected_error(image, test, 5, 1.0) < 1e-24


def test_the_condition_of_simple_images():
    sizes = [
        np.linalg.svd(identity_maps.patches(image, 5), compute_uv=False) for image in (blob(), np.ones((1, 28, 28)), square())
    ]
    ratios = [found[-1] / found[0] for found in sizes]
    np.testing.assert_allclose(ratios, [7e-7, 2e-3, 5e-2], rtol=0.3)


def test_proportional_channels_span_a_third():
    image = square() * np.array([1.0, 0.5, 0.2])[:, None, None]
    assert len(identity_maps.patch_basis(image, 5)) == 25
    test = RNG.random((3, 28, 28))
    assert identity_maps.expected_error(image, test, 5, 0.1) > 0.05


def test_the_expected_error_over_drawn_filters_and_its_bound():
    training, test, scale, n = RNG.random((2, 3, 3)), RNG.random((2, 4, 4)), 0.7, 1500
    errors = [
        (identity_maps.convolved_errors(scale * RNG.standard_normal((2, 2, 3, 3)), training, test) ** 2).mean()
        for _ in range(n)
    ]
    predicted = identity_maps.expected_error(training, test, 3, scale)
    assert abs(np.mean(errors) - predicted) < 4.5 * np.std(errors) / np.sqrt(n)
    rank = len(identity_maps.patch_basis(training, 3))
    assert rank == 9
    assert predicted < identity_maps.error_bound(2, 3, rank, scale)
    assert identity_maps.error_bound(2, 3, 18, scale) == 0


def test_the_bound_has_the_order_of_theorem_2():
    n_weights = 3**2 * 5**2
    assert identity_maps.error_bound(3, 5, 25) == pytest.approx(n_weights * (75 - 25) / 3, rel=0.03)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: identity_maps.patches(np.ones((1, 4, 4)), 2), "kernel"),
        (lambda: identity_maps.span_basis([[np.nan]]), "vectors"),
        (lambda: identity_maps.expected_correlations(np.ones(3), np.zeros(3), 1.0), "images"),
        (lambda: identity_maps.error_bound(1, 3, 10), "rank"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        call()
