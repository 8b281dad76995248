import numpy as np
import pytest

from verify.judging.jackknife import pseudo_values
from verify.measurements.rank_correlation import NoOrder, corrected_spearman, spearman


def test_the_correlation_is_of_ranks():
    """A curve that only rises has rank correlation 1; exchanging two neighbours of five takes 6 * 2 / (5 * 24) from it."""
    values = np.arange(5.0)
    assert spearman(values, np.exp(3 * values)) == pytest.approx(1)
    assert spearman(values, np.exp(3 * values[[0, 1, 2, 4, 3]])) == pytest.approx(0.9)
    assert spearman(values, -(values**3)) == pytest.approx(-1)


def with_noise(order, spread, rng, n_networks=8):
    """The same values on every network, with noise of its own on each."""
    return order + rng.normal(0, spread, (n_networks, len(order)))


@pytest.mark.parametrize("spread", [1e-6, 2.0, 6.0])
@pytest.mark.parametrize("true", [0.2, 0.95])
def test_chance_differences_between_networks_do_not_lower_the_corrected_correlation(spread, true):
    """Orders of 40 items of which a share keeps its place; the uncorrected mean of one network falls far short at the last."""
    rng, order = np.random.default_rng(0), np.arange(40.0)
    other = order.copy()
    moved = rng.permutation(40)[: round(40 * (1 - true))]
    other[moved] = other[np.roll(moved, 1)]
    found = np.mean([corrected_spearman(with_noise(order, spread, rng), with_noise(other, spread, rng)) for _ in range(50)])
    assert found == pytest.approx(spearman(order, other), abs=0.02)


@pytest.mark.slow
def test_equal_orders_have_a_correlation_of_one_with_and_without_noise():
    rng, order = np.random.default_rng(0), np.arange(20.0)
    assert corrected_spearman(*(with_noise(order, 1e-6, rng) for _ in range(2))) == pytest.approx(1, abs=1e-12)
    noisy = [corrected_spearman(*(with_noise(order, 4.0, rng) for _ in range(2))) for _ in range(200)]
    assert np.mean(noisy) == pytest.approx(1, abs=0.01)


@pytest.mark.settled
def test_the_jackknife_knows_the_error_of_the_corrected_correlation():
    """Pairs of networks share networks; their spread over worlds is that of the pseudo-values, to within a fifth."""
    rng, order, other = np.random.default_rng(0), np.arange(20.0), np.roll(np.arange(20.0), 4)
    found, errors = [], []
    for _ in range(150):
        true, random = with_noise(order, 3.0, rng), with_noise(other, 3.0, rng)
        values = pseudo_values(lambda kept, a=true, b=random: corrected_spearman(a[kept], b[kept]), 8)
        found.append(values.mean())
        errors.append(values.std(ddof=1) / np.sqrt(8))
    assert np.mean(errors) == pytest.approx(np.std(found), rel=0.2)


def test_networks_without_an_order_in_common_are_refused():
    rng = np.random.default_rng(0)
    order = np.arange(20.0)
    with pytest.raises(NoOrder, match=r"agree on an order to rank correlations of 1\.00 and -?0\.\d\d; 0\.5 is required"):
        corrected_spearman(with_noise(order, 1e-6, rng), with_noise(order, 1e3, rng))
