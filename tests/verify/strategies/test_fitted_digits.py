"""Tests of networks that fit labels of digits, and of what is measured on them, on two networks of each kind."""

import numpy as np
import pytest

from verify.strategies.fitted_digits import CLASSES, DEPTH, IMAGES_OF_CLASS, LINEAR, RANDOM_FEATURES, RELU, FittedDigits

# Networks are trained in properties.
pytestmark = [pytest.mark.needs_torch, pytest.mark.settled]
SEEDS = (10**15, 10**15 + 1)
N = CLASSES * IMAGES_OF_CLASS


@pytest.fixture(scope="module")
def linear():
    return FittedDigits(SEEDS, 0.5, LINEAR, RANDOM_FEATURES)


@pytest.fixture(scope="module")
def relu():
    return FittedDigits(SEEDS, 0.5)


def test_networks_of_one_seed_have_the_same_images_and_start_whatever_their_labels(relu):
    other = FittedDigits(SEEDS, 0.0)
    np.testing.assert_array_equal(relu.inputs, other.inputs)
    for (weights, _), (same, _) in zip(relu.started, other.started, strict=True):
        np.testing.assert_array_equal(weights, same)
    assert not other.labels[0].drawn.any()
    assert relu.labels[0].drawn.sum() == N / 2


def test_networks_have_images_and_labels_of_their_own(relu):
    assert np.abs(relu.inputs[0] - relu.inputs[1]).max() > 1
    assert (relu.labels[0].trained != relu.labels[1].trained).any()
    assert (FittedDigits(SEEDS[1:], 0.5).inputs[0] == relu.inputs[1]).all()


def test_drawn_networks_have_the_seeds_of_their_stream():
    one, same, other = (FittedDigits.drawn(3, np.random.default_rng(seed), 0.5).seeds for seed in (0, 0, 1))
    assert one == same
    assert len({*one, *other}) == 6


def test_unseen_images_are_none_of_those_trained_on_and_have_their_mean_subtracted(relu):
    assert relu.unseen.shape == (2, 300, 64)
    for own, others in zip(relu.inputs, relu.unseen, strict=True):
        distances = np.linalg.norm(own[:, None] - others, axis=2)
        assert distances.min() > 0.1
        assert np.abs(others.mean(0)).max() < 0.5


def test_sensitivity_is_the_log_of_a_mean_norm_and_that_of_a_linear_network_is_its_matrix(linear):
    whole = [weights.numpy() for weights, _ in linear.trained]
    product = whole[0]
    for weights in whole[1:]:
        product = product @ weights
    logits = linear.inputs @ product
    found = linear.log_sensitivities(linear.trained, linear.inputs, relative=True)
    for network in range(2):
        spread = np.sqrt(logits[network].var(axis=1).mean())
        bare = np.log(np.linalg.norm(product[network]) / spread)
        # Biases, which the product leaves out, move the logits a little.
        assert found[network] == pytest.approx(bare, abs=0.05)


def test_a_linear_map_of_the_random_features_returns_any_labels(linear):
    labels = np.random.default_rng(0).integers(CLASSES, size=N)
    weights = np.linalg.lstsq(linear.inputs[0], np.eye(CLASSES)[labels], rcond=None)[0]
    assert ((linear.inputs[0] @ weights).argmax(1) == labels).mean() > 0.99


def test_every_layer_of_a_linear_network_is_linear(linear):
    assert linear.second_differences(linear.trained) == pytest.approx(np.zeros((2, DEPTH)), abs=1e-4)


def test_every_layer_of_a_linear_network_of_the_pixels_is_predicted_from_them():
    started = FittedDigits(SEEDS, 0.0, LINEAR)
    # Some pixels differ from 0 in one image alone, which cannot be predicted from the others.
    assert started.r2_from_input(started.started) == pytest.approx(np.ones((2, DEPTH)), abs=1e-4)
    assert started.cka_with_input(started.started).max() < 1


def test_a_network_with_relu_bends_and_is_less_linear_deeper(relu):
    bent, r2 = relu.second_differences(relu.trained), relu.r2_from_input(relu.trained)
    assert bent.shape == r2.shape == (2, DEPTH)
    assert bent.min() > 0.1
    assert (np.diff(r2) < 0).all()
    np.testing.assert_array_equal(relu.r2_from_input(relu.trained, slice(-1, None))[:, 0], r2[:, -1])


def test_permuted_labels_gain_in_the_last_layer_and_not_before_training(relu):
    gains, before = relu.log_gains(relu.trained), relu.log_gains(relu.started)
    assert gains.shape == (2, DEPTH)
    assert gains[:, -1].min() > 0.2
    assert np.abs(before).max() < 0.2


def test_the_readout_of_pixels_knows_true_labels_and_no_permuted_ones(relu):
    def share(attribute, shuffled):
        return relu.separations(relu.inputs, [getattr(one, attribute) for one in relu.labels], shuffled).mean()

    assert share("true", False) > share("true", True) + 0.2
    assert share("trained", False) == pytest.approx(share("trained", True), abs=0.12)


def test_architectures_are_what_they_say():
    assert FittedDigits(SEEDS, 0.5).shape.activations == RELU
    assert FittedDigits(SEEDS, 0.5, LINEAR).shape.depth == DEPTH
