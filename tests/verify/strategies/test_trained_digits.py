"""Tests of networks at several epochs of their training on digits: what they learn, what is decoded, and what transfers."""

import numpy as np
import pytest

from verify.strategies.trained_digits import EPOCHS, Scores, TrainedDigits, on_two_sets, recognized

# The digits come with scikit-learn, and networks are trained.
pytestmark = pytest.mark.needs_torch


@pytest.fixture(scope="module")
def trained():
    return TrainedDigits.drawn(2, 3, (0, 1, 2), 150, 0.05)


def test_networks_learn_their_classes_from_no_knowledge(trained):
    found = trained.accuracies()
    assert found.shape == (len(EPOCHS), 2)
    assert found[0].max() < 0.8
    assert found[-1].min() > 0.95


def test_networks_are_looked_at_within_an_epoch_and_their_start_is_that_of_any_schedule(trained):
    plain = TrainedDigits.drawn(2, 3, (0, 1, 2), 150, 0.2, 0.0, (0, 1 / 3, 15))
    found = plain.accuracies()
    assert found.shape == (3, 2)
    np.testing.assert_array_equal(found[0], trained.accuracies()[0])
    assert (found[1] != found[0]).all()
    assert found[-1].min() > 0.95


def test_images_are_those_of_the_classes_and_no_image_is_there_twice(trained):
    images, labels = trained.examples
    assert set(labels.ravel()) == {0, 1, 2}
    assert len(np.unique(images[0], axis=0)) == len(images[0])
    assert images.mean(1) == pytest.approx(np.zeros((2, 64)), abs=1e-12)


def test_errors_are_of_images_that_were_not_trained_on_or_fitted(trained):
    for decoder in ("linear", "non-linear"):
        errors = trained.reconstruction_errors(decoder, 100, 60)[:]
        assert errors.shape == (2, len(EPOCHS), 2)
        assert 0 < errors.min() < errors.max() < 1.2


def test_transfer_is_better_than_chance(trained):
    found = trained.transferred((7, 9), 50, 100)[:]
    assert found.shape == (2, len(EPOCHS), 2)
    assert found.min() > 0.7


def test_two_readouts_have_no_image_in_common():
    """Each is fitted to images of its own, so that what one chooses is independent of the other."""
    seen = []

    def score(features, wanted, n_fitted):
        seen.append((tuple(features[:, 0]), tuple(wanted), n_fitted))
        return features[n_fitted:, 0]

    images = np.arange(22.0).reshape(2, 11, 1)
    found = on_two_sets(score, [images, images + 100], images[..., 0], 3, 2)[:]
    assert [len({*seen[at][0], *seen[at + 4][0]}) for at in range(4)] == [10] * 4
    assert {n_fitted for *_, n_fitted in seen} == {3}
    np.testing.assert_array_equal(found[:, 0], [[3.5, 14.5], [8.5, 19.5]])
    np.testing.assert_array_equal(found[:, 1], found[:, 0] + 100)
    with pytest.raises(ValueError, match="two sets of 4 images to fit and 2 to judge need 12; received 11"):
        on_two_sets(score, [images], images[..., 0], 4, 2)


def test_a_readout_returns_what_is_linear_in_the_features():
    labels = np.arange(60) % 3
    assert recognized(np.eye(3)[labels], labels, 30).all()


def test_a_score_is_computed_once_and_only_where_it_is_read():
    asked, expected = [], np.arange(24.0).reshape(2, 4, 3)

    def score_at(*place):
        asked.append(place)
        return float(expected[place])

    scores = Scores((2, 4, 3), score_at)
    for of in (np.s_[0, 1:-1], np.s_[1, 0], np.s_[1, [2, 3, 2], np.arange(3)], np.s_[0, :2, 1]):
        np.testing.assert_array_equal(scores[of], expected[of])
    assert len(asked) == len({*asked}) == 6 + 3 + 3 + 1
    np.testing.assert_array_equal(scores[:], expected)
    assert len(asked) == len({*asked}) == 24
