from itertools import combinations, permutations

import numpy as np
import pytest

from theory.kernels import label_noise


@pytest.mark.parametrize("n_permuted", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("labels", [[1, 1, -1, 1, -1, -1], [0.3, -2, 1, 0, 0, 5], [1, 0, 0, 0, 1, 0]], ids=str)
def test_the_moments_are_those_over_all_permutations(labels, n_permuted):
    labels, drawn = np.array(labels, dtype=float), []
    for chosen in combinations(range(6), n_permuted):
        for order in permutations(chosen):
            permuted = labels.copy()
            permuted[list(chosen)] = labels[list(order)]
            drawn.append(permuted)
    mean, covariance = label_noise.permutation_moments(labels, n_permuted)
    np.testing.assert_allclose(mean, np.mean(drawn, axis=0), atol=1e-13)
    np.testing.assert_allclose(covariance, np.cov(np.transpose(drawn), bias=True), atol=1e-12)


@pytest.mark.parametrize("n_permuted", [1, 2, 5, 9])
def test_one_hot_columns_have_the_moments_of_their_numbers(n_permuted):
    classes = np.array([0, 0, 1, 2, 2, 2, 1, 0, 4])
    found = label_noise.one_hot_moments(np.bincount(classes, minlength=5), n_permuted)
    for column in range(5):
        own = (classes == column).astype(int)
        mean, covariance = label_noise.permutation_moments(own, n_permuted)
        np.testing.assert_allclose(found.mean[own, column], mean, atol=1e-14)
        np.testing.assert_allclose(found.variance[own, column], np.diag(covariance), atol=1e-14)
        apart = ~np.eye(9, dtype=bool)
        np.testing.assert_allclose(found.covariance[own[:, None], own, column][apart], covariance[apart], atol=1e-14)


def test_counts_outside_the_domain_are_refused_by_name():
    for counts, n_permuted, words in (([1, 1], 1, "label_counts must be"), ([3, 3], 7, "n_permuted"), ([2.5, 3], 2, "whole")):
        with pytest.raises(ValueError, match=words):
            label_noise.one_hot_moments(counts, n_permuted)


def test_the_sum_of_labels_never_changes():
    _, covariance = label_noise.permutation_moments(np.random.default_rng(0).standard_normal(30), 12)
    np.testing.assert_allclose(covariance.sum(0), 0, atol=1e-12)


@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
def test_with_many_labels_the_moments_are_the_limit(fraction):
    labels = np.random.default_rng(1).standard_normal(1500)
    mean, covariance = label_noise.permutation_moments(labels, max(1, round(fraction * len(labels))))
    gain, noise = label_noise.permuted_noise(fraction, labels.var())
    np.testing.assert_allclose(mean - labels.mean(), gain * (labels - labels.mean()), atol=3e-3)
    assert np.diag(covariance).mean() == pytest.approx(float(noise), abs=3e-3)
    assert abs(covariance - np.diag(np.diag(covariance))).max() < 0.06


def test_labels_of_signs_keep_their_variance():
    gain, noise = label_noise.permuted_noise([0.0, 0.4, 1.0], 2 / np.pi, 1 - 2 / np.pi)
    np.testing.assert_allclose(gain**2 * 2 / np.pi + noise, 1)


def test_outside_the_domain_is_refused_by_name():
    with pytest.raises(ValueError, match="permuted_fraction must be"):
        label_noise.permuted_noise(1.2, 1.0)
    with pytest.raises(ValueError, match="n_permuted must be"):
        label_noise.permutation_moments(np.ones(5), 6)
