from itertools import combinations, product

import numpy as np
import pytest
from scipy import stats

from theory.learning import misclassification_counts

# Two classes of four examples, three runs: few enough for every arrangement of the errors.
FEW, FEW_PER_CLASS = [[1, 2, 3], [0, 2, 2]], 4
# As in the runs that are measured: swings of the error rate from run to run, classes that differ.
N_PER_CLASS, N_RUNS = 30, 40


@pytest.fixture
def errors():
    rng = np.random.default_rng(0)
    return rng.binomial(N_PER_CLASS, np.clip(rng.normal([[0.9], [0.7], [0.5]], 0.15, (3, N_RUNS)), 0, 1))


def arranged(errors, n_per_class, rng):
    """Right-or-wrong vectors permuted within every run and class, (classes, runs, n)."""
    wrong = np.arange(n_per_class) < np.asarray(errors)[..., None]
    return rng.permuted(wrong, axis=2)


def squares(counts):
    return ((counts - counts.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)


def arrangements(errors_of_class, n):
    """Every count of every choice of the misclassified examples, (choices, n)."""
    choices = [[np.isin(np.arange(n), some) for some in combinations(range(n), k)] for k in errors_of_class]
    return np.array([np.sum(runs, axis=0) for runs in product(*choices)])


def test_the_moments_are_those_over_all_arrangements():
    mean, variance = misclassification_counts.squares_moments(FEW, FEW_PER_CLASS)
    every = [squares(arrangements(errors_of_class, FEW_PER_CLASS)) for errors_of_class in FEW]
    np.testing.assert_allclose(mean, [np.mean(one) for one in every], rtol=1e-12)
    np.testing.assert_allclose(variance, [np.var(one) for one in every], rtol=1e-12)


def test_the_index_has_its_mean_and_error_over_sampled_permutations(errors):
    rng, draws = np.random.default_rng(1), 2000
    mean, _ = misclassification_counts.squares_moments(errors, N_PER_CLASS)
    counts = (arranged(errors, N_PER_CLASS, rng).sum(axis=1) for _ in range(draws))
    index = np.array([squares(count).sum() for count in counts]) / mean.sum()
    error = misclassification_counts.dispersion_error(errors, N_PER_CLASS)
    assert index.mean() == pytest.approx(1, abs=5 * error / np.sqrt(draws))
    assert index.std() == pytest.approx(error, rel=5 / np.sqrt(2 * draws))


@pytest.mark.parametrize("alike", [False, True])
def test_the_index_against_the_binomial_law_is_the_mean_over_sampled_permutations(errors, alike):
    """Classes that differ, and classes that are alike and whose rate swings with them."""
    rng, kept = np.random.default_rng(2), np.broadcast_to(errors[:1], errors.shape) if alike else errors
    shares = kept / N_PER_CLASS
    p = shares.mean()
    found = np.array([arranged(kept, N_PER_CLASS, rng).sum(axis=1).var(ddof=1) for _ in range(2000)])
    index = found / (N_RUNS * p * (1 - p))
    expected = misclassification_counts.binomial_index(shares.mean(axis=1), shares.var(axis=1), N_PER_CLASS, N_RUNS)
    assert index.mean() == pytest.approx(expected, abs=5 * index.std() / np.sqrt(len(index)))
    assert (expected < 0.9) if alike else (expected > 1.1)


def test_one_rate_in_all_runs_and_classes_has_the_index_of_the_binomial_law():
    n = 10 * N_PER_CLASS
    assert misclassification_counts.binomial_index([0.3] * 10, 0.0, N_PER_CLASS, N_RUNS) == pytest.approx(n / (n - 1))


def test_a_count_is_binomial_where_all_runs_make_as_many_errors():
    law = misclassification_counts.count_law(np.full(N_RUNS, 0.3))
    np.testing.assert_allclose(law, stats.binom.pmf(np.arange(N_RUNS + 1), N_RUNS, 0.3), rtol=1e-10)


def test_the_law_of_a_count_is_that_of_an_arranged_example():
    """All choices of the misclassified examples are equally probable, so each example has the law of the first."""
    counts = arrangements(FEW[0], FEW_PER_CLASS)[:, 0]
    law = misclassification_counts.count_law(np.array(FEW[0]) / FEW_PER_CLASS)
    np.testing.assert_allclose(law, np.bincount(counts, minlength=4) / len(counts), rtol=1e-12)


@pytest.mark.parametrize(("n", "p"), [(200, 0.9), (37, 0.4)])
def test_sorted_counts_of_drawn_examples_are_within_their_range_as_often_as_said(n, p):
    """Counts are whole numbers, so that a range may hold more than its level; one count narrower, it holds less."""
    rng, draws, places, level = np.random.default_rng(3), 4000, np.array([0.0, 0.1, 0.5, 0.95, 1.0]), 0.9
    law = misclassification_counts.count_law(np.full(N_RUNS, p))
    low, high = misclassification_counts.sorted_counts(law, n, places, level)
    drawn = np.sort(rng.binomial(N_RUNS, p, (draws, n)), axis=1)
    before, after = (drawn[:, ends(places * (n - 1)).astype(int)] for ends in (np.floor, np.ceil))
    tail, error = (1 - level) / 2, 4 * np.sqrt(0.05 / draws)
    assert ((before < low).mean(axis=0) <= tail + error).all()
    assert ((after > high).mean(axis=0) <= tail + error).all()
    assert ((before <= low).mean(axis=0) >= tail - error).all()
    assert ((after >= high).mean(axis=0) >= tail - error).all()


def test_the_sorted_count_of_one_example_has_the_quantiles_of_its_law():
    law = misclassification_counts.count_law(np.full(N_RUNS, 0.3))
    low, high = misclassification_counts.sorted_counts(law, 1, [0.5], 0.95)
    assert (low[0], high[0]) == tuple(stats.binom.ppf([0.025, 0.975], N_RUNS, 0.3))


def test_outside_the_domain_is_refused_by_name():
    with pytest.raises(ValueError, match="errors must be of shape"):
        misclassification_counts.squares_moments([[5, 2]], 4)
    with pytest.raises(ValueError, match="errors must be a whole number"):
        misclassification_counts.squares_moments([[0.5, 2]], 4)
    with pytest.raises(ValueError, match="errors must be neither none nor all"):
        misclassification_counts.dispersion_error([[0, 4]], 4)
    with pytest.raises(ValueError, match="error_shares must be within"):
        misclassification_counts.count_law([1.1])
    with pytest.raises(ValueError, match="places must be within"):
        misclassification_counts.sorted_counts([0.5, 0.5], 4, [1.1], 0.9)
    with pytest.raises(ValueError, match="level must be within"):
        misclassification_counts.sorted_counts([0.5, 0.5], 4, [0.5], 1.0)
    with pytest.raises(ValueError, match="error_rates must be neither"):
        misclassification_counts.binomial_index([1.0, 1.0], 0.0, 4, 3)
