import numpy as np
import pytest
from scipy import stats

from theory import RELATIVE_ACCURACY
from theory.numerics import chi_quadrature, sobol_probes


def test_squared_lengths_are_chi_squared_and_even():
    """Even points have a mean ten times nearer to the true one than independent points would."""
    counts = np.array([1, 3, 40])
    drawn = np.stack(list(sobol_probes.squared_lengths(counts, 2048, seed=0)))
    assert drawn.shape == (sobol_probes.REPLICATES, 128, 3)
    np.testing.assert_allclose(drawn.mean((0, 1)), counts, rtol=0.1 * np.sqrt(2 / 2048) * 4)
    for index, count in enumerate(counts):
        assert stats.kstest(drawn[..., index].ravel(), stats.chi2(count).cdf).statistic < 0.01


def test_replicates_differ_and_a_seed_repeats_them():
    first, again = (list(sobol_probes.squared_lengths([1, 2], 256, seed=3)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert len({float(replicate[0, 0]) for replicate in first}) == sobol_probes.REPLICATES


def test_the_inverse_of_a_mean_has_its_error():
    means = np.random.default_rng(0).normal(2.0, 0.01, sobol_probes.REPLICATES)
    found = sobol_probes.inverse_of_mean(means, 1000)
    assert found.value == pytest.approx(0.5, abs=0.003)
    assert found.se == pytest.approx(means.std(ddof=1) / 4 / 4, rel=0.01)
    assert found.n == 1024


def test_too_few_probes_are_refused():
    with pytest.raises(ValueError, match="n_probes must be"):
        list(sobol_probes.squared_lengths([1], 8, seed=0))


@pytest.mark.parametrize("dim", [1.0, 2.5, 60.0, 1e5])
def test_the_radial_rule_has_the_moments_of_chi(dim):
    r, weight = chi_quadrature.chi_rule(np.array(0.3), np.array(0.8), np.array(dim))
    assert weight.sum() == pytest.approx(1, rel=RELATIVE_ACCURACY)
    assert weight @ r**2 == pytest.approx(dim, rel=RELATIVE_ACCURACY)


@pytest.mark.parametrize("radius", [1e-10, 0.06, 1.4, 1e8])
@pytest.mark.parametrize("dim", [1.0, 1.1, 1.2, 1.5])
def test_the_radial_rule_bears_dimensions_that_are_not_whole(radius, dim):
    """Just above one dimension the density starts as a small power of r."""
    _, weight = chi_quadrature.chi_rule(np.array(3.7), np.array(radius), np.array(dim))
    assert weight.sum() == pytest.approx(1, rel=1e-10)
