import numpy as np
import pytest

from verify.strategies import digits
from verify.strategies.diluted_digits import CLASSES, DilutedDigits

# The digits come with scikit-learn, and networks are trained.
pytestmark = pytest.mark.needs_torch

SEEDS = (10**15, 10**15 + 1)
TRUE = np.repeat(np.arange(CLASSES), 20)


@pytest.mark.parametrize("noise", ["all", "others", "next"])
def test_every_image_has_its_right_label_and_its_share_of_drawn_ones(noise):
    counts = DilutedDigits(SEEDS, 20, 3.0, noise).counts
    assert counts.shape == (2, 200, CLASSES)
    np.testing.assert_array_equal(counts.sum((1, 2)), [800, 800])
    right = counts[:, np.arange(200), TRUE]
    assert right.min() >= 1
    assert (right.max() > 1) == (noise == "all")
    following = counts[:, np.arange(200), (TRUE + 1) % CLASSES].sum(1)
    shares = {"all": 0.1, "others": 1 / 9, "next": 1.0}
    np.testing.assert_allclose(following / 600, shares[noise], atol=0.04)


def test_the_share_of_right_labels_is_that_of_the_counts():
    np.testing.assert_allclose(DilutedDigits(SEEDS, 20, 3.0, "others").right_labels, 0.25)
    assert DilutedDigits(SEEDS, 20, 9.0, "all").right_labels == pytest.approx(0.19, abs=0.03)


def test_networks_learn_right_labels_and_are_ahead_of_others_by_their_lead():
    clean = DilutedDigits(SEEDS, 20, 0.0)
    assert clean.accuracy.min() > 0.8
    np.testing.assert_allclose(clean.lead, clean.accuracy - (1 - clean.accuracy) / 9)
    wrong = DilutedDigits(SEEDS, 20, 5.0, "next")
    assert wrong.lead.max() < -0.5
    assert wrong.accuracy.max() < 0.2


def test_class_means_are_those_of_the_images_where_labels_are_right():
    clean = DilutedDigits(SEEDS, 20, 0.0)
    means = clean.inputs.reshape(2, CLASSES, 20, -1).mean(2)
    own = ((clean.inputs[:, :, None] - means[:, None]) ** 2).sum(3).argmin(2)
    assert (own == TRUE).mean() > 0.85
    assert clean.class_mean_accuracy.min() > 0.8
    assert DilutedDigits(SEEDS, 20, 5.0).class_mean_accuracy.max() < clean.class_mean_accuracy.min()


def test_unseen_images_are_the_others():
    seen, (others, classes) = (taken(20, np.random.default_rng(3)) for taken in (digits.pixels, digits.unseen))
    everything = digits.of_first_classes(CLASSES)[0]
    both = np.concatenate([seen.reshape(200, -1), others])
    assert len(others) == len(classes) == len(everything) - 200
    # Both are about one mean, so that sums over all images tell which mean that is.
    mean = (everything.sum(0) - both.sum(0)) / len(everything)
    found = np.round(both + mean, 6)
    np.testing.assert_array_equal(found[np.lexsort(found.T)], (whole := np.round(everything, 6))[np.lexsort(whole.T)])
