import numpy as np
import pytest

from tests.theory.identity import connected_networks as networks
from theory.identity import identity_maps, rotation_symmetry

SIZE = 7


def rotation_about(targets, rng):
    """A random orthogonal matrix that leaves the columns of targets where they are."""
    basis, n_fixed = np.linalg.qr(np.hstack([targets, rng.standard_normal((SIZE, SIZE))]))[0], targets.shape[1]
    turned = np.eye(SIZE)
    turned[n_fixed:, n_fixed:] = np.linalg.qr(rng.standard_normal((SIZE - n_fixed,) * 2))[0]
    return basis @ turned @ basis.T


@pytest.mark.parametrize("activation", ["linear", "relu"])
@pytest.mark.parametrize(("depth", "n_images"), [(1, 1), (2, 1), (4, 2)])
def test_turning_the_last_layer_turns_the_trained_output(depth, n_images, activation):
    """The derivation itself, at a step in the middle of training."""
    rng = np.random.default_rng(depth)
    training, images = rng.standard_normal((SIZE, n_images)), rng.standard_normal((SIZE, 5))
    start = networks.drawn(rng, 1, [SIZE] + [9] * (depth - 1) + [SIZE])
    turn = rotation_about(training, rng)
    ends = [
        networks.outputs(networks.trained([*start[:-1], last], 1.0, activation, training, n_steps=20), 1.0, activation, images)
        for last in (start[-1], turn @ start[-1])
    ]
    np.testing.assert_allclose(ends[1], turn @ ends[0], atol=1e-12)
    assert abs(ends[1] - ends[0]).max() > 0.01


@pytest.fixture(scope="module", params=[(1, "linear", 1), (3, "linear", 1), (3, "relu", 1), (2, "relu", 3)], ids=str)
def measured(request):
    """Test images, (m, D); training images, (n, D); cosines of 4,000 networks with both, (networks, m) and (networks, m, n)."""
    depth, activation, n_images = request.param
    rng = np.random.default_rng(11)
    training, images = rng.standard_normal((SIZE, n_images)), rng.standard_normal((SIZE, 4))
    images[:, 0] += training.sum(1)
    start = networks.drawn(rng, 4000, [SIZE] + [6] * (depth - 1) + [SIZE])
    weights = networks.trained(start, 1.0, activation, training, share=0.1, n_steps=15)
    found = networks.outputs(weights, 1.0, activation, images)
    # A network whose hidden units are all off for an image has no cosine; which ones are does not depend on the last layer.
    found = found[(found**2).sum(1).min(1) > 0]
    assert len(found) > 3000
    with_targets = np.stack([networks.cosines(found, one[:, None]) for one in training.T], axis=-1)
    return images.T, training.T, networks.cosines(found, images), with_targets


def test_the_mean_cosine_of_networks(measured):
    images, training, cosines, with_targets = measured
    error = cosines - rotation_symmetry.cosine_within_span(with_targets, training, images)
    assert np.all(abs(error.mean(0)) < 4.5 * error.std(0) / np.sqrt(len(error)))
    assert np.all(error.std(0) > 0.01)


def test_the_mean_square_of_networks(measured):
    images, training, cosines, with_targets = measured
    squares = (cosines - rotation_symmetry.cosine_within_span(with_targets, training, images)) ** 2
    excess = squares - rotation_symmetry.mean_square_outside_span(with_targets, training, images)
    assert np.all(abs(excess.mean(0)) < 4.5 * excess.std(0) / np.sqrt(len(excess)))
    assert np.all(squares.mean(0) > 10 * excess.std(0) / np.sqrt(len(excess)))


def test_one_image_is_the_law_of_the_cosine():
    rng = np.random.default_rng(3)
    target, images, cosine = rng.standard_normal(SIZE), rng.standard_normal((5, SIZE)), rng.uniform(-1, 1, 5)
    rho = images @ target / np.linalg.norm(target) / np.linalg.norm(images, axis=1)
    found = rotation_symmetry.cosine_within_span(cosine[:, None], target, images)
    np.testing.assert_allclose(found, rho * cosine)
    spread = rotation_symmetry.mean_square_outside_span(cosine[:, None], target, images)
    np.testing.assert_allclose(spread, (1 - rho**2) * (1 - cosine**2) / (SIZE - 1))


def test_one_layer_is_theorem_1():
    """The law between the expected cosines of identity_maps, whose noise is isotropic."""
    rng = np.random.default_rng(4)
    training, images = rng.standard_normal((2, SIZE)), rng.standard_normal((5, SIZE))
    layer = identity_maps.expected_correlations(training, images, 0.4)
    found = rotation_symmetry.cosine_within_span(layer.constant, training, images)
    np.testing.assert_allclose(found, layer.identity, atol=1e-12)


def test_where_targets_span_everything_nothing_is_left_to_chance():
    rng = np.random.default_rng(5)
    targets, images, output = rng.standard_normal((SIZE + 3, SIZE)), rng.standard_normal((4, SIZE)), rng.standard_normal(SIZE)
    cosines = targets @ output / np.linalg.norm(targets, axis=1) / np.linalg.norm(output)
    expected = images @ output / np.linalg.norm(images, axis=1) / np.linalg.norm(output)
    np.testing.assert_allclose(rotation_symmetry.cosine_within_span(cosines, targets, images), expected)
    np.testing.assert_array_equal(rotation_symmetry.mean_square_outside_span(cosines, targets, images), np.zeros(4))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"target_cosines": [0.5]}, "target_cosines"),
        ({"target_cosines": [0.5, 1.5]}, "target_cosines"),
        ({"target_cosines": [0.5, np.nan]}, "target_cosines"),
        ({"images": np.zeros(3)}, "images"),
        ({"images": np.ones(4)}, "images"),
        ({"targets": [[1.0, 0, 0], [0, 0, 0]]}, "targets"),
    ],
)
@pytest.mark.parametrize("call", [rotation_symmetry.cosine_within_span, rotation_symmetry.mean_square_outside_span])
def test_outside_the_domain_is_refused_by_name(call, change, name):
    arguments = {"target_cosines": [0.5, 0.1], "targets": [[1.0, 0, 0], [0, 2.0, 0]], "images": np.ones(3)}
    with pytest.raises(ValueError, match=f"{name} must be"):
        call(**(arguments | change))
