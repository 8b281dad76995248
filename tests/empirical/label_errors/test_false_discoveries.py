"""The share of false discoveries over many verified samples, the power said beforehand, and samples that are not random."""

import numpy as np
import pytest

from empirical.label_errors import false_discoveries
from empirical.label_errors.verified import Verified

N, SHARE, RATE = 2000, 0.2, 0.1


def scored(rng, auroc_shift=2.5, n=N, share=SHARE):
    wrong = np.arange(n) < share * n
    return wrong, rng.standard_normal(n) + auroc_shift * wrong


def found(wrong, scores, index):
    """The share of right labels among those reported, and the share of wrong ones that is."""
    sample = Verified(index, ~wrong[index])
    rest = np.setdiff1d(np.arange(len(wrong)), index)
    q = false_discoveries.q_values(false_discoveries.p_values(scores, sample)[rest])
    reported = rest[q <= RATE]
    return (~wrong[reported]).mean() if len(reported) else 0.0, wrong[reported].sum() / wrong[rest].sum()


def test_p_values_are_shares_of_verified_right_labels():
    sample = Verified(np.array([0, 1, 2, 3]), np.array([True, True, False, True]))
    scores = np.array([1.0, 2.0, 9.0, 3.0, 0.5, 2.0, 2.5, 4.0])
    assert false_discoveries.p_values(scores, sample)[4:].tolist() == [1.0, 3 / 4, 2 / 4, 1 / 4]


@pytest.mark.settled
@pytest.mark.parametrize("size", [100, 400])
def test_random_samples_keep_the_rate(size):
    """Over 400 samples the mean share has a standard error of .005 or less."""
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(400):
        wrong, scores = scored(rng)
        shares.append(found(wrong, scores, rng.choice(N, size, replace=False))[0])
    assert np.mean(shares) <= RATE * (1 - SHARE) + 3 * np.std(shares) / 20


def test_a_sample_of_the_easier_half_does_not_keep_it_and_is_seen():
    rng = np.random.default_rng(1)
    shares = []
    for _ in range(50):
        wrong, scores = scored(rng)
        easier = np.flatnonzero(scores < np.median(scores))
        index = rng.choice(easier, 150, replace=False)
        shares.append(found(wrong, scores, index)[0])
        words = false_discoveries.not_random(scores, Verified(index, ~wrong[index]))
        assert "easier than the others" in words
        assert "no random sample" in words
    assert np.mean(shares) > 0.3


def test_suspicious_examples_alone_are_seen():
    wrong, scores = scored(np.random.default_rng(2))
    index = np.argsort(-scores)[:100]
    assert "more suspicious" in false_discoveries.not_random(scores, Verified(index, ~wrong[index]))


def test_random_samples_are_hardly_ever_warned_about():
    rng = np.random.default_rng(3)
    wrong, scores = scored(rng)
    draws = (rng.choice(N, 150, replace=False) for _ in range(300))
    assert sum(bool(false_discoveries.not_random(scores, Verified(i, ~wrong[i]))) for i in draws) <= 3


def test_a_sample_of_everything_is_random():
    wrong, scores = scored(np.random.default_rng(4), n=50)
    assert false_discoveries.not_random(scores, Verified(np.arange(50), ~wrong)) == ""


@pytest.mark.settled
@pytest.mark.parametrize(("size", "share", "shift"), [(150, 0.2, 2.5), (400, 0.1, 3.0), (300, 0.3, 1.8)])
def test_power_is_what_was_expected(size, share, shift):
    from scipy.stats import norm

    rng = np.random.default_rng(5)
    measured = []
    for _ in range(200):
        wrong, scores = scored(rng, shift, 6000, share)
        measured.append(found(wrong, scores, rng.choice(6000, size, replace=False))[1])
    expected = false_discoveries.expected_power(size, share, float(norm.cdf(shift / np.sqrt(2))), RATE)
    assert expected.found == pytest.approx(np.mean(measured), abs=0.05)
    assert expected.nothing == pytest.approx(np.mean(np.array(measured) == 0), abs=0.06)


def test_a_small_sample_finds_nothing_among_few_wrong_labels():
    power = false_discoveries.expected_power(50, 0.02, 0.9999)
    assert (power.found, power.nothing) == (0.0, 1.0)
    assert power.least == pytest.approx(1 / (0.1 * 50))
