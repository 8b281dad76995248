"""Tests of the area under the curve against random permutations, random examples and normal scores."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from scipy import stats

from theory.kernels import alignment_laws, exchangeable_kernels, kernel_flow, mislabel_detection, output_gaps
from theory.kernels.alignment_laws import AlignmentLaw
from theory.kernels.mislabel_detection import ClassMoments

MOMENTS = ClassMoments(
    np.array([0.5, 0.3, 0.2]),
    np.random.default_rng(0).standard_normal((3, 12)),
    np.stack([np.diag(np.random.default_rng(k).uniform(0.5, 3, 12)) for k in range(3)]),
)
CYCLE = 0.8 * np.eye(3) + 0.2 * np.roll(np.eye(3), 1, axis=1)


def examples(n_per_class, n_classes, separation, rng):
    classes = np.repeat(np.arange(n_classes), n_per_class)
    means = separation * rng.standard_normal((n_classes, 10))
    features = means[classes] + rng.standard_normal((len(classes), 10)) * rng.uniform(0.5, 2, (len(classes), 1))
    return alignment_laws.centred(features @ features.T), classes


def permuted(classes, m, rng):
    labels, chosen = classes.copy(), rng.choice(len(classes), m, replace=False)
    labels[chosen] = classes[rng.permutation(chosen)]
    return labels


def area(scores, right):
    """By pairs, written out."""
    return np.mean((scores[right][:, None] > scores[~right]) + 0.5 * (scores[right][:, None] == scores[~right]))


def observed(kernel, classes, n_classes, m, own, n, rng):
    used = kernel if own else kernel - np.diag(np.diag(kernel))
    areas = []
    for labels in (permuted(classes, m, rng) for _ in range(n)):
        scores = (used @ (np.eye(n_classes)[labels] - 1 / n_classes))[np.arange(len(labels)), labels]
        areas.append(area(scores, labels == classes))
    return np.mean(areas), np.std(areas) / np.sqrt(n)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("m", [15, 40])
@pytest.mark.parametrize("separation", [0.3, 0.8])
def test_the_area_is_that_of_random_permutations(separation, m, own):
    """The standard error is .003; .015 is left for normality and independence."""
    rng = np.random.default_rng(m)
    kernel, classes = examples(15, 4, separation, rng)
    mean, error = observed(kernel, classes, 4, m, own, 600, rng)
    assert error < 0.004
    law = alignment_laws.alignment_law(kernel, classes, 4, m, own=own)
    assert mislabel_detection.auroc(law) == pytest.approx(mean, abs=3 * error + 0.015)


def test_pairs_are_weighted_by_the_chance_of_their_labels():
    rng = np.random.default_rng(3)
    kernel, classes = examples(4, 3, 0.5, rng)
    law = alignment_laws.alignment_law(kernel, classes, 3, 7)
    total = weight = 0.0
    for i, own in enumerate(classes):
        for j in range(12):
            for c in set(range(3)) - {classes[j]}:
                z = (law.mean[i, own] - law.mean[j, c]) / np.sqrt(law.variance[i, own] + law.variance[j, c])
                pair = law.probability[i, own] * law.probability[j, c]
                total, weight = total + pair * stats.norm.cdf(z), weight + pair
    assert mislabel_detection.auroc(law) == pytest.approx(total / weight, abs=1e-12)
    with patch.object(mislabel_detection, "PAIRS", 30):
        assert mislabel_detection.auroc(law) == pytest.approx(total / weight, abs=1e-12)


def test_without_information_the_area_is_a_half_and_with_all_of_it_one():
    classes = np.repeat(np.arange(3), 20)
    nothing = alignment_laws.alignment_law(np.eye(60), classes, 3, 20)
    assert mislabel_detection.auroc(nothing) == pytest.approx(0.5, abs=1e-12)
    same = np.equal.outer(classes, classes).astype(float)
    assert mislabel_detection.auroc(alignment_laws.alignment_law(same, classes, 3, 20)) > 0.999


def test_normal_scores_have_the_binormal_area():
    rng, gap, sigma = np.random.default_rng(4), 0.7, 0.6
    scores = sigma * rng.standard_normal(4000) + gap * (np.arange(4000) < 2000)
    assert mislabel_detection.binormal_auroc(gap, sigma) == pytest.approx(area(scores, np.arange(4000) < 2000), abs=0.02)
    np.testing.assert_allclose(mislabel_detection.binormal_auroc([0.0, np.sqrt(2)], 1.0), stats.norm.cdf([0, 1]))


def test_spread_is_the_deviation_within_both_groups():
    """Right examples: means 1 and 3, variance 1 and 3; wrong ones: means 0 and 0, variance 2."""
    law = AlignmentLaw(
        np.array([[1.0, 0.0], [0.0, 3.0]]), np.array([[1.0, 2.0], [2.0, 3.0]]), np.full((2, 2), 0.5), np.array([0, 1])
    )
    assert mislabel_detection.spread(law) == pytest.approx(np.sqrt((1 + 2 + 2) / 2))


@pytest.mark.needs_torch
@pytest.mark.parametrize(("fraction", "error"), [(0.1, 0.03), (0.3, 0.05), (0.6, 0.08)])
def test_three_numbers_give_the_area_on_digits_to_the_stated_error(fraction, error):
    """At the time of the largest gap, for tangent kernels of two networks; with the mean scores for the gap to .02."""
    worlds = pytest.importorskip("verify.strategies.mislabeled")
    for kernel in ("connected", "convolutional"):
        world = worlds.Mislabeled(kernel, 100, 10, fraction, 5)
        matrix, classes = world.matrix(), world.examples()[1]
        centred, rates = (
            alignment_laws.centred(matrix),
            exchangeable_kernels.rates(exchangeable_kernels.nearest(matrix, classes), 10, 10),
        )
        time = output_gaps.largest_spectral_gap_time(kernel_flow.rate_spectrum(centred, classes))
        response = 100 * kernel_flow.response(centred, time)
        law = alignment_laws.alignment_law(response, classes, 10, world.n_permuted, own=True)
        sigma, right = mislabel_detection.spread(law), np.arange(10) == classes[:, None]
        means = [np.average(law.mean[kind], weights=law.probability[kind]) for kind in (right, ~right)]
        area_of_pairs = mislabel_detection.auroc(law)
        three = mislabel_detection.binormal_auroc(output_gaps.gap(time, rates, fraction), sigma)
        assert three == pytest.approx(area_of_pairs, abs=error)
        assert mislabel_detection.binormal_auroc(means[0] - means[1], sigma) == pytest.approx(area_of_pairs, abs=0.02)


@pytest.mark.parametrize("noise", [CYCLE, 0.7 * np.eye(3) + 0.1, np.array([[0.6, 0.4, 0], [0, 1, 0], [0.1, 0.1, 0.8]])])
def test_class_moments_give_the_area_of_random_examples(noise):
    """60 draws of 150 examples: the standard error is .005 or less; normality of w . h leaves .01."""
    rng, areas = np.random.default_rng(5), []
    for _ in range(60):
        classes = rng.choice(3, 150, p=MOMENTS.shares)
        noisy = rng.standard_normal((150, 12)) * np.sqrt(np.diagonal(MOMENTS.covariances, axis1=1, axis2=2))[classes]
        features = MOMENTS.means[classes] + noisy
        labels = np.array([rng.choice(3, p=noise[k]) for k in classes])
        kernel = alignment_laws.centred(features @ features.T)
        np.fill_diagonal(kernel, 0)
        scores = (kernel @ (np.eye(3)[labels] - 1 / 3))[np.arange(150), labels]
        areas.append(area(scores, labels == classes))
    error = np.std(areas) / np.sqrt(60)
    assert error < 0.006
    found = mislabel_detection.class_moment_auroc(MOMENTS, noise, 150)
    assert found == pytest.approx(np.mean(areas), abs=3 * error + 0.01)


def test_class_moments_do_not_depend_on_the_origin_or_on_the_names_of_classes():
    found = mislabel_detection.class_moment_auroc(MOMENTS, CYCLE, 100)
    moved = replace(MOMENTS, means=MOMENTS.means + 7.0)
    assert mislabel_detection.class_moment_auroc(moved, CYCLE, 100) == pytest.approx(found, abs=1e-10)
    order = [2, 0, 1]
    renamed = ClassMoments(MOMENTS.shares[order], MOMENTS.means[order], MOMENTS.covariances[order])
    assert mislabel_detection.class_moment_auroc(renamed, CYCLE[np.ix_(order, order)], 100) == pytest.approx(found, abs=1e-10)


def test_more_examples_rank_better():
    found = [mislabel_detection.class_moment_auroc(MOMENTS, CYCLE, n) for n in (20, 100, 1000)]
    assert np.all(np.diff(found) > 0)


@pytest.mark.parametrize(
    ("wrong", "noise", "words"),
    [
        ({"shares": np.array([0.5, 0.5])}, CYCLE, "shares must be of shape"),
        ({"shares": np.array([0.9, 0.3, 0.2])}, CYCLE, "add to 1"),
        ({"covariances": np.ones((3, 12))}, CYCLE, "covariances must be"),
        ({"means": np.full((3, 12), np.inf)}, CYCLE, "means must be finite"),
        ({}, np.full((3, 3), 0.5), "noise must be rows"),
        ({}, np.eye(3), "labels are right and wrong"),
        ({}, np.eye(2), "noise must be of shape"),
    ],
)
def test_moments_outside_the_domain_are_refused_by_name(wrong, noise, words):
    with pytest.raises(ValueError, match=words):
        mislabel_detection.class_moment_auroc(replace(MOMENTS, **wrong), noise, 100)


def test_a_spread_of_zero_is_refused():
    with pytest.raises(ValueError, match="spread must be"):
        mislabel_detection.binormal_auroc(0.1, 0.0)
