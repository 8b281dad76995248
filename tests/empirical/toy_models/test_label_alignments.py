import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from empirical.toy_models import label_alignments

RNG = np.random.default_rng(0)
FEATURES, LABELS = RNG.standard_normal((9, 4)), RNG.integers(3, size=(5, 9))


def test_alignments_are_products_with_the_mean_gradient_of_a_readout_at_zero():
    """Of centred features, by the gradients written out; the example itself is one of the n."""
    centred = FEATURES - FEATURES.mean(0)
    for labels, found in zip(LABELS, label_alignments.alignments(centred @ centred.T, LABELS, 3), strict=True):
        residuals = np.eye(3)[labels] - 1 / 3
        mean = residuals.T @ centred / 9
        np.testing.assert_allclose(found, (centred @ mean.T)[np.arange(9), labels], atol=1e-13)


def test_an_example_that_is_left_out_has_no_part_in_its_score():
    kernel = label_alignments.centred(FEATURES @ FEATURES.T)
    others = label_alignments.without_themselves(kernel)
    found, whole = (label_alignments.alignments(one, LABELS, 3) for one in (others, kernel))
    np.testing.assert_allclose(whole - found, np.tile(np.diag(kernel) * (2 / 3) / 9, (5, 1)), atol=1e-13)


def test_centring_is_that_of_features():
    centred = FEATURES - FEATURES.mean(0)
    np.testing.assert_allclose(label_alignments.centred(FEATURES @ FEATURES.T), centred @ centred.T, atol=1e-12)


def test_the_area_is_that_of_scikit_learn_ties_included():
    scores, right = RNG.integers(6, size=(7, 30)).astype(float), RNG.random((7, 30)) < 0.6
    by_sklearn = [roc_auc_score(*pair) for pair in zip(right, scores, strict=True)]
    np.testing.assert_allclose(label_alignments.area(scores, right), by_sklearn)


def test_one_kind_alone_has_no_area():
    with pytest.raises(ValueError, match="one kind only"):
        label_alignments.area(np.zeros((2, 3)), np.array([[True, False, True], [True, True, True]]))


def test_the_alignment_of_an_eigenvector_is_its_eigenvalue_over_the_norm():
    kernels = np.stack([FEATURES @ FEATURES.T, FEATURES[::-1] @ FEATURES[::-1].T])
    values, modes = np.linalg.eigh(kernels)
    expected = values / np.linalg.norm(values, axis=1, keepdims=True)
    np.testing.assert_allclose(label_alignments.target_alignments(kernels, 3 * modes), expected, atol=1e-12)
