"""Tests of the law of alignment against every permutation of a few labels, and against the covariance written out."""

from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.kernels import alignment_laws, label_noise

CLASSES = np.array([0, 0, 0, 1, 1, 2])


def symmetric(n, seed=0):
    matrix = np.random.default_rng(seed).standard_normal((n, n))
    return matrix + matrix.T


def everything(classes, n_permuted):
    """Every labelling of a permutation of m of the labels, and its probability."""
    found = Counter()
    for chosen in combinations(range(len(classes)), n_permuted):
        for order in permutations(chosen):
            labels = classes.copy()
            labels[list(chosen)] = classes[list(order)]
            found[tuple(labels)] += 1
    counts = np.array(list(found.values()), dtype=float)
    return np.array(list(found)), counts / counts.sum()


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("n_permuted", [2, 3, 6])
def test_mean_and_probability_given_the_label_are_those_over_all_permutations(n_permuted, own):
    kernel = symmetric(6)
    law = alignment_laws.alignment_law(kernel, CLASSES, 3, n_permuted, own=own)
    labellings, weights = everything(CLASSES, n_permuted)
    used = kernel if own else kernel - np.diag(np.diag(kernel))
    scores = np.einsum("ij,kjc->kic", used, np.eye(3)[labellings] - 1 / 3) / 6
    for example in range(6):
        for label in range(3):
            chosen = labellings[:, example] == label
            assert law.probability[example, label] == pytest.approx(weights[chosen].sum(), abs=1e-14)
            mean = np.average(scores[chosen, example, label], weights=weights[chosen])
            assert law.mean[example, label] == pytest.approx(mean, abs=1e-13)


@pytest.mark.parametrize("n_permuted", [2, 4, 6])
def test_the_variance_is_that_over_all_permutations(n_permuted):
    kernel = symmetric(6, 1)
    law = alignment_laws.alignment_law(kernel, CLASSES, 3, n_permuted)
    labellings, weights = everything(CLASSES, n_permuted)
    scores = np.einsum("ij,kjc->kic", kernel - np.diag(np.diag(kernel)), np.eye(3)[labellings]) / 6
    mean = np.tensordot(weights, scores, 1)
    np.testing.assert_allclose(law.variance, np.tensordot(weights, (scores - mean) ** 2, 1), atol=1e-13)


@settings(max_examples=25, deadline=None)
@given(st.integers(6, 25), st.integers(2, 5), st.data())
def test_sums_over_classes_give_what_the_whole_covariance_gives(n, n_classes, data):
    seed, n_permuted = data.draw(st.integers(0, 99)), data.draw(st.integers(2, n))
    classes = np.random.default_rng(seed).integers(n_classes, size=n)
    kernel = symmetric(n, seed)
    others = kernel - np.diag(np.diag(kernel))
    law = alignment_laws.alignment_law(kernel, classes, n_classes, n_permuted)
    for label in set(classes.tolist()):
        mean, covariance = label_noise.permutation_moments(classes == label, n_permuted)
        given_own = others @ (mean - 1 / n_classes) + (others * covariance).sum(1) / mean
        np.testing.assert_allclose(law.mean[:, label], given_own / n, atol=1e-10)
        np.testing.assert_allclose(law.variance[:, label], np.diag(others @ covariance @ others) / n**2, atol=1e-10)


def test_a_class_without_examples_is_no_label():
    law = alignment_laws.alignment_law(symmetric(6), CLASSES, 4, 4)
    assert np.all(law.probability[:, 3] == 0)
    assert np.all(law.variance[:, 3] == 0)
    np.testing.assert_allclose(law.probability.sum(1), 1)


def test_what_all_examples_have_in_common_is_centred_away():
    features = np.random.default_rng(2).standard_normal((8, 3))
    about_mean = features - features.mean(0)
    shifted = features + np.array([5.0, 0.0, -2.0])
    np.testing.assert_allclose(alignment_laws.centred(shifted @ shifted.T), about_mean @ about_mean.T, atol=1e-12)


def test_the_law_scales_with_the_kernel():
    one, twice = (alignment_laws.alignment_law(scale * symmetric(6), CLASSES, 3, 4, own=True) for scale in (1, 2))
    np.testing.assert_allclose(twice.mean, 2 * one.mean)
    np.testing.assert_allclose(twice.variance, 4 * one.variance)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((np.ones((3, 4)), CLASSES, 3, 2), "kernel must be a square"),
        ((np.ones((5, 5)), CLASSES, 3, 2), "as many as classes"),
        ((np.full((6, 6), np.nan), CLASSES, 3, 2), "kernel must be finite"),
        ((np.ones((6, 6)), CLASSES, 2, 2), "below n_classes = 2"),
        ((np.ones((6, 6)), CLASSES, 1, 2), "n_classes must be"),
        ((np.ones((6, 6)), CLASSES + 0.5, 3, 2), "classes must be a whole number"),
        ((np.ones((6, 6)), CLASSES, 3, 1), "n_permuted must be"),
        ((np.ones((6, 6)), CLASSES, 3, 7), "at most the number of labels"),
    ],
)
def test_outside_the_domain_is_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        alignment_laws.alignment_law(*arguments)
