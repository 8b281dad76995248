import numpy as np
import pytest
from scipy import optimize, stats

from verify.judging import mean_bounds

ERRORS = (0.2, 1e-2, 1e-3, 5e-6)
VALUES = np.random.default_rng(0).exponential(size=(10, 300)) * np.where(np.arange(300) % 2, 1, -1)


def halls(t, values):
    """Hall's statistic as it is printed, with the sample skewness of scipy."""
    n, skewness = len(values), stats.skew(values, bias=False)
    return t + skewness * t**2 / (3 * np.sqrt(n)) + skewness**2 * t**3 / (27 * n) + skewness / (6 * np.sqrt(n))


def t_bound(values, error):
    n = len(values)
    return values.mean(0) + stats.t.isf(error, n - 1) * values.std(0, ddof=1) / np.sqrt(n)


@pytest.mark.settled
@pytest.mark.parametrize("error", ERRORS)
def test_the_upper_bound_is_the_greater_of_halls_and_t(error):
    """Where Hall's statistic is used as it is printed: above its inflection."""
    compared, quantile = 0, stats.t.isf(error, 9)
    for values in VALUES.T:
        a = stats.skew(values, bias=False) / (3 * np.sqrt(10))
        if a > 0 and halls(-1 / a, values) < -quantile:
            root = optimize.brentq(lambda t, values=values: halls(t, values) + quantile, -1 / a, 5)
            bound = values.mean() - root * values.std(ddof=1) / np.sqrt(10)
            assert mean_bounds.upper_bound(values, error) == pytest.approx(max(bound, t_bound(values, error)))
            compared += 1
    assert compared > 5


@pytest.mark.parametrize("error", ERRORS)
def test_bounds_are_mirror_images_and_never_narrower_than_t(error):
    upper, lower = mean_bounds.upper_bound(VALUES, error), mean_bounds.lower_bound(VALUES, error)
    assert lower == pytest.approx(-mean_bounds.upper_bound(-VALUES, error))
    assert (upper >= t_bound(VALUES, error) - 1e-12).all()
    # The skewed side alone is corrected.
    left = mean_bounds.skewness(VALUES) < 0
    assert upper[left] == pytest.approx(t_bound(VALUES, error)[left])
    assert left.any()
    assert (upper > t_bound(VALUES, error))[~left].all()


@pytest.mark.parametrize("error", ERRORS)
def test_p_values_invert_the_bounds(error):
    for bound, p_value in ((mean_bounds.upper_bound, mean_bounds.p_below), (mean_bounds.lower_bound, mean_bounds.p_above)):
        found = [p_value(values, bound(values, error)) for values in VALUES.T]
        assert found == pytest.approx(np.full(300, error))


def test_a_p_value_falls_as_the_bound_moves_away():
    excesses = np.linspace(-3, 60, 500)
    for values in (VALUES[:, 1], VALUES[:, 0]):
        p_values = [float(mean_bounds.p_below(values, values.mean() + excess)) for excess in excesses]
        assert (np.diff(p_values) < 0).all()


@pytest.mark.parametrize("error", ERRORS)
def test_more_skewed_values_never_have_the_smaller_margin(error):
    """An outlier moved away: margins in units of the spread."""
    margins = []
    for outlier in np.linspace(1.5, 100, 200):
        values = np.array([-1.5, -1.0, -0.6, -0.3, 0.0, 0.3, 0.6, 1.0, outlier])
        margins.append((mean_bounds.upper_bound(values, error) - values.mean()) / values.std())
    assert (np.diff(margins) >= -1e-12).all()
    assert margins[-1] > margins[0]


def test_many_samples_at_once_have_the_bounds_of_each():
    cube = VALUES.reshape(10, 30, 10)
    for bound in (mean_bounds.upper_bound, mean_bounds.p_below, mean_bounds.p_above):
        assert bound(cube, 0.01).ravel() == pytest.approx([float(bound(values, 0.01)) for values in VALUES.T])
    assert mean_bounds.visibly_skewed(cube).ravel().tolist() == [bool(mean_bounds.visibly_skewed(v)) for v in VALUES.T]


def test_skewness_is_scipys_unbiased_one():
    assert mean_bounds.skewness(VALUES) == pytest.approx(stats.skew(VALUES, bias=False))


@pytest.mark.filterwarnings("error")
def test_values_that_do_not_vary_have_no_skewness_and_no_p_value():
    for values in (np.full(8, 0.5), np.array([0.5])):
        assert mean_bounds.skewness(values) == 0
        assert mean_bounds.p_below(values, 3.0) == mean_bounds.p_above(values, 3.0) == 1
        assert not mean_bounds.visibly_skewed(values)
    assert mean_bounds.upper_bound(np.full(8, 0.5), 0.01) == mean_bounds.lower_bound(np.full(8, 0.5), 0.01) == 0.5


@pytest.mark.parametrize("n", [8, 10, 16])
def test_one_in_a_hundred_normal_samples_is_called_visibly_skewed(n):
    shares = mean_bounds.visibly_skewed(np.random.default_rng(n).normal(size=(n, 100_000)))
    assert 0.009 < shares.mean() < 0.0125
