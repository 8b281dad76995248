import numpy as np
import pytest

from theory.identity import convolutional_kernels, gaussian_cosines, identity_maps, one_image_outputs
from theory.identity.convolutional_kernels import Convolutions

RNG = np.random.default_rng(0)
SIDE = 8
TRAINING, *TESTS = RNG.standard_normal((3, SIDE, SIDE))


def test_one_layer_is_theorem_2():
    """The mean is the part of each patch in the span of the training patches, the noise the rest through initial filters."""
    training, image, gain = RNG.standard_normal((4, 4)), RNG.standard_normal((4, 4)), 0.7
    (found,) = one_image_outputs.trained_outputs(Convolutions(1, 5, gain), training, [image], 1e-12)
    seen = identity_maps.patches(image[None], 5)
    unseen = identity_maps.outside(identity_maps.patch_basis(training[None], 5), seen)
    copied = (seen - unseen) @ identity_maps.copying_filters(1, 5)[0]
    assert abs(unseen).max() > 0.1
    np.testing.assert_allclose(found.mean.ravel(), copied, atol=1e-4)
    np.testing.assert_allclose(found.covariance, gain / 25 * unseen @ unseen.T, atol=1e-4)


@pytest.mark.parametrize("network", [Convolutions(3, 3, 1.7, 0.1), Convolutions(4, 3, 0.5, padding="circular")])
@pytest.mark.parametrize("relative_loss", [0.3, 2e-2])
def test_descent_of_drawn_outputs_on_the_kernel(network, relative_loss):
    """Outputs for both images drawn at the start, and changed by steps on the tangent kernel until the expected loss is met."""
    n, (training, image), pixels = 4000, RNG.standard_normal((2, 5, 5)), 25
    kernels = {
        (i, j): convolutional_kernels.output_kernels(network, one, other)
        for i, one in enumerate((training, image))
        for j, other in enumerate((training, image))
    }
    initial = {pair: kernel.initial.reshape(pixels, pixels) for pair, kernel in kernels.items()}
    shown, crossed = (kernels[i, 0].tangent.reshape(pixels, pixels) for i in (0, 1))
    step, target = 0.05 / np.linalg.eigvalsh(shown)[-1], training.ravel()
    left, passed = np.eye(pixels), np.zeros((pixels, pixels))
    while ((left @ target) ** 2).sum() + np.trace(left @ initial[0, 0] @ left.T) > relative_loss * target @ target:
        passed, left = passed + step * crossed @ left, left - step * shown @ left
    values, axes = np.linalg.eigh(np.block([[initial[i, j] for j in (0, 1)] for i in (0, 1)]))
    start = RNG.standard_normal((n, 2 * pixels)) @ (axes * np.sqrt(np.maximum(values, 0))).T
    ends = start[:, pixels:] + (target - start[:, :pixels]) @ passed.T
    (found,) = one_image_outputs.trained_outputs(network, training, [image], relative_loss)
    np.testing.assert_allclose(found.mean.ravel(), passed @ target, atol=0.02)
    assert np.mean(abs(found.mean)) > 0.1
    covariance = np.cov(ends.T)
    assert np.linalg.norm(covariance - found.covariance) < 0.1 * np.linalg.norm(covariance)


def test_correlations_are_cosines_with_both_images():
    network = Convolutions(3, 3, 1.0, 0.1)
    found = one_image_outputs.correlations(network, TRAINING, TESTS, 1e-2)
    for index, output in enumerate(one_image_outputs.trained_outputs(network, TRAINING, TESTS, 1e-2)):
        images = np.stack([TESTS[index].ravel(), TRAINING.ravel()])
        expected = gaussian_cosines.cosines(output.mean.ravel(), output.covariance, images)
        np.testing.assert_array_equal([found.identity.mean[index], found.constant.mean[index]], expected.mean)
        np.testing.assert_array_equal([found.identity.deviation[index], found.constant.deviation[index]], expected.deviation)


def test_the_training_image_is_reproduced_and_its_shifts_with_circular_padding():
    network = Convolutions(4, 3, 1.0, padding="circular")
    moved = np.roll(TRAINING, (2, -1), (0, 1))
    found = one_image_outputs.correlations(network, TRAINING, [TRAINING, moved], 1e-6)
    np.testing.assert_allclose(found.identity.mean, 1, atol=1e-5)
    shifted = (moved * TRAINING).sum() / (TRAINING**2).sum()
    np.testing.assert_allclose(found.constant.mean, [1, shifted], atol=1e-3)


def test_depth_drives_relu_networks_to_the_constant_and_linear_ones_much_less():
    """A ring as the training image, and a cross."""
    training, image = np.zeros((12, 12)), np.zeros((12, 12))
    training[3:9, 3:9] = 1
    training[5:7, 5:7] = 0
    image[5:7, 2:10] = image[2:10, 5:7] = 1
    found = {
        (activation, depth): one_image_outputs.correlations(
            Convolutions(depth, 5, 0.3, 0.1, "zero", activation), training, [image], 1e-2
        )
        for activation in ("relu", "linear")
        for depth in (2, 12)
    }
    assert found["relu", 12].constant.mean[0] > found["relu", 2].constant.mean[0] + 0.1
    assert found["linear", 12].identity.mean[0] > found["relu", 12].identity.mean[0] + 0.1


def test_a_loss_that_descent_leaves_is_refused(monkeypatch):
    """Every output can be learned, but some directions of smooth images so slowly that only rounding is left of them."""
    monkeypatch.setattr(one_image_outputs, "LATEST", 10.0)
    with pytest.raises(ValueError, match=r"relative_loss must be larger than 0\.\d+, what gradient descent leaves"):
        one_image_outputs.correlations(Convolutions(3, 3), TRAINING, TESTS, 1e-3)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"relative_loss": 0.0}, "relative_loss"),
        ({"relative_loss": 1.0}, "relative_loss"),
        ({"training": np.zeros((4, 4))}, "training"),
        ({"images": [np.ones((4, 5))]}, "images"),
        ({"images": [np.ones((4, 4)), np.zeros((4, 4))]}, "images"),
        ({"images": []}, "images"),
    ],
)
def test_outside_the_domain_is_refused_by_name(change, name):
    arguments = {"network": Convolutions(2, 3), "training": np.eye(4), "images": [np.ones((4, 4))], "relative_loss": 0.1}
    with pytest.raises(ValueError, match=f"{name} must be"):
        one_image_outputs.correlations(**(arguments | change))
