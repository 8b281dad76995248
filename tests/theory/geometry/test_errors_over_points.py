"""Standard errors over draws, for given points; and with resamples over the choice of points too."""

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pytest
from scipy import stats

from tests.theory.correlated_clouds import balls, classes, layer_like
from theory.geometry.errors_over_points import errors_over_points, halved
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.manifolds import manifold_geometry
from theory.geometry.redrawn_points import half_of
from theory.numerics.estimate import Estimate

pytestmark = pytest.mark.filterwarnings("ignore:.*the theory is a limit of many")
QUANTITIES = ("capacity", "radius", "dimension")
REDRAWS, N_POINTS, SEEDS = 40, 12, 60
# Probability with which a right error fails a test.
FALSE_ALARM = 1e-3


def columns(found, name):
    """Values and standard errors of several measurements."""
    return np.array([[getattr(one, name).value, getattr(one, name).se] for one in found]).T


@lru_cache(maxsize=2)
def redrawn(n_manifolds):
    """Measurements of 40 choices of 12 points from 200 of each class: with resamples, and without."""
    everything, rng = classes(n_manifolds), np.random.default_rng(1)
    found = []
    for seed in range(REDRAWS):
        chosen = [rng.choice(200, N_POINTS, replace=False) for _ in range(n_manifolds)]
        points = np.stack([cloud[rows] for cloud, rows in zip(everything, chosen, strict=True)])
        found.append([manifold_geometry(points, n_probes=60, seed=seed, resamples=n) for n in (8, 0)])
    return list(zip(*found, strict=True))


@pytest.mark.settled
@pytest.mark.parametrize("n_manifolds", [10, 20])
@pytest.mark.parametrize("name", QUANTITIES)
def test_with_resamples_95_percent_intervals_cover_other_choices_of_points(name, n_manifolds):
    value, se = columns(redrawn(n_manifolds)[0], name)
    covered = np.count_nonzero(np.abs(value - value.mean()) < 2 * se)
    assert stats.binom.cdf(covered, REDRAWS, 0.95) > FALSE_ALARM
    # And they are not so wide that they cover anything.
    assert np.sqrt(np.mean(se**2)) < 2 * value.std(ddof=1)


@pytest.mark.settled
@pytest.mark.parametrize("n_manifolds", [10, 20])
def test_without_resamples_errors_are_for_the_given_points(n_manifolds):
    """The radius varies with the choice of points by much more than they say; the values are those with resamples."""
    with_resamples, without = redrawn(n_manifolds)
    value, se = columns(without, "radius")
    assert stats.chi2.sf((REDRAWS - 1) * value.var(ddof=1) / np.mean(se**2), REDRAWS - 1) < FALSE_ALARM
    np.testing.assert_array_equal(value, columns(with_resamples, "radius")[0])


@pytest.mark.settled
@pytest.mark.parametrize(
    "make",
    [lambda: layer_like(5, 200), lambda: layer_like(20, 300, n_points=10), lambda: balls(0.95)[:50, :8]],
    ids=["5 classes", "20 classes", "50 balls"],
)
def test_errors_over_draws_are_the_spread_over_seeds(make):
    points = make()
    found = [manifold_geometry(points, n_probes=60, seed=seed, center_mean=False) for seed in range(SEEDS)]
    for name in QUANTITIES:
        value, se = columns(found, name)
        # If the stated error is the spread, this is chi-square with 59 degrees of freedom.
        ratio = (SEEDS - 1) * value.var(ddof=1) / np.mean(se**2)
        assert FALSE_ALARM / 2 < stats.chi2.cdf(ratio, SEEDS - 1) < 1 - FALSE_ALARM / 2, (name, ratio / (SEEDS - 1))


@dataclass(frozen=True)
class Measured:
    """Three quantities of P manifolds, all with the same values."""

    values: np.ndarray

    def __getattr__(self, name):
        return Estimate(float(self.values.mean()), 0.1, 7)

    @property
    def per_manifold(self):
        return {"capacity": 1 / self.values, "radius": self.values, "dimension": self.values}


def test_independent_variances_of_the_manifolds_add_up():
    """Manifolds at 5 +- 0.3 each: their mean has an error of 0.3 / sqrt(P), whatever their common scale."""
    rng = np.random.default_rng(0)
    halves = [Measured(5 + 0.3 * rng.standard_normal(50)) for _ in range(2000)]
    scaled = [Measured(half.values * 2) for half in halves]
    whole = Measured(np.full(50, 4.0))
    for some in (halves, scaled):
        for estimate in errors_over_points(whole, some).values():
            assert estimate.value == 4.0
            assert estimate.n == 7
            # Of the two errors the larger is taken; with 2,000 halves they agree to 6 % (four standard errors).
            assert estimate.se == pytest.approx(4 / 5 * 0.3 / np.sqrt(50), rel=0.06)


def test_what_the_manifolds_share_does_not_average_out():
    rng = np.random.default_rng(0)
    halves = [Measured(5 + 0.3 * rng.standard_normal() + np.zeros(50)) for _ in range(400)]
    assert errors_over_points(Measured(np.full(50, 5.0)), halves)["radius"].se == pytest.approx(0.3, rel=0.15)


@pytest.mark.slow
def test_two_errors_are_a_95_percent_interval_however_few_the_halves():
    """Three halves that share everything: the mean of the halves' distribution is within two errors 95 times in 100."""
    rng, inside = np.random.default_rng(1), 0
    for _ in range(1000):
        halves = [Measured(5 + 0.3 * rng.standard_normal() + np.zeros(50)) for _ in range(3)]
        whole = Measured(5 + 0.3 * rng.standard_normal() + np.zeros(50))
        inside += abs(whole.radius.value - 5) < 2 * errors_over_points(whole, halves)["radius"].se
    assert stats.binom.cdf(inside, 1000, 0.95) > FALSE_ALARM
    assert stats.binom.sf(inside - 1, 1000, 0.95) > FALSE_ALARM


def test_nothing_that_never_varied_has_an_error():
    halves = [Measured(np.full(5, 2.0)), Measured(np.full(5, 2.0))]
    assert errors_over_points(halves[0], halves)["dimension"].se == 0


@pytest.mark.parametrize("center_mean", [True, False])
def test_halves_are_different_halves_with_probes_of_their_own(center_mean):
    given, seen = grams_of(layer_like(4, 60, n_points=8), points=True, center_mean=center_mean), []
    found = halved(given, lambda part, seed: seen.append((part, seed)) or Measured(np.ones(4)), 3, 5, center_mean)
    assert len(list(found)) == 3
    assert [seed for _, seed in seen] == [[5, 1], [5, 2], [5, 3]]
    parts = [part for part, _ in seen]
    assert all(part.sizes == [4] * 4 for part in parts)
    assert len({round(float(np.trace(part.points)), 9) for part in parts}) == 3
    sums = [abs(float(part.points.sum())) for part in parts]
    assert (max(sums) < 1e-9) is center_mean


@pytest.mark.settled
@pytest.mark.parametrize("correlations", ["cavity", 0, "published"])
def test_resamples_change_the_errors_and_nothing_else(correlations):
    """The error is that of the halves, measured by hand."""
    points = layer_like(12, 100, n_points=8)
    options = {"n_probes": 60, "correlations": correlations}
    one, resampled = (manifold_geometry(points, resamples=n, **options) for n in (0, 4))
    given = grams_of(points, points=True)
    halves = [half_of(given, np.random.default_rng([0, number])) for number in (1, 2, 3, 4)]
    found = [manifold_geometry(half, seed=[0, number], **options) for number, half in zip((1, 2, 3, 4), halves, strict=True)]
    for name in QUANTITIES:
        before, after = getattr(one, name), getattr(resampled, name)
        assert (after.value, after.n) == (before.value, before.n)
        assert after.se != before.se
        each = np.stack([half.per_manifold[name] for half in found])
        each = 1 / each if name == "capacity" else each
        # Four halves: t = 3.18 with three degrees of freedom.
        spread = max(each.mean(1).std(ddof=1) * 3.182446 / 2, np.sqrt(each.var(0, ddof=1).sum()) / 12)
        assert after.se == pytest.approx(before.value * spread / each.mean(), rel=1e-6)
    assert (resampled.kkt_residual, resampled.held) == (one.kkt_residual, one.held)


def test_halves_do_not_warn_again():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        manifold_geometry(layer_like(6, 60, n_points=6), n_probes=20, resamples=3)
    assert [str(one.message) for one in seen] == ["6 manifolds; the theory is a limit of many: use 30 or more"]
