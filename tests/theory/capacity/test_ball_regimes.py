import numpy as np
import pytest
from scipy import integrate, stats

from theory import RELATIVE_ACCURACY
from theory.capacity import ball_regimes, balls, ellipsoids, points

RADII = np.array([0.05, 0.5, 1.0, 5.0])[:, None]
DIMS = np.array([1, 2, 7, 40])


def test_at_margin_zero_they_are_f_distributions():
    found = ball_regimes.ball_regimes(0.0, RADII, DIMS)
    np.testing.assert_allclose(found.supporting, stats.f.cdf(RADII**2 / DIMS, DIMS, 1) / 2, atol=1e-13)
    np.testing.assert_allclose(found.interior, stats.f.cdf(1 / (RADII**2 * DIMS), DIMS, 1) / 2, atol=1e-13)


def test_a_segment_touches_every_second_time_whatever_its_radius():
    found = ball_regimes.ball_regimes(0.0, RADII[:, 0], 1)
    np.testing.assert_allclose(found.touching, 0.5, rtol=RELATIVE_ACCURACY)
    np.testing.assert_allclose(found.supporting, np.arctan(RADII[:, 0]) / np.pi, rtol=RELATIVE_ACCURACY)


@pytest.mark.parametrize("margin", [-5.0, -1.0, 0.7, 4.0])
def test_they_are_a_partition_at_every_margin(margin):
    found = ball_regimes.ball_regimes(margin, RADII, DIMS)
    np.testing.assert_allclose(found.interior + found.touching + found.supporting, 1, rtol=1e-10)


@pytest.mark.parametrize(("margin", "radius", "dim"), [(1.2, 0.6, 3), (-2.0, 2.0, 2), (3.0, 0.2, 9)])
def test_agree_with_adaptive_quadrature(margin, radius, dim):
    chi, found = stats.chi(dim), ball_regimes.ball_regimes(margin, radius, dim)

    def mean(probability):
        return integrate.quad(lambda r: probability(r) * chi.pdf(r), 0, 12, epsabs=0, epsrel=1e-11, limit=200)[0]

    assert found.interior == pytest.approx(mean(lambda r: stats.norm.sf(margin + radius * r)), rel=RELATIVE_ACCURACY)
    assert found.supporting == pytest.approx(mean(lambda r: stats.norm.cdf(margin - r / radius)), rel=RELATIVE_ACCURACY)


def test_are_the_regimes_of_projected_probes():
    probes = np.random.default_rng(0).standard_normal((4, 20_000))
    moved = ellipsoids.project((0.8,) * 3, probes, 0.6)
    inside = (moved.anchors[:-1] ** 2).sum(0) < 0.64 * (1 - 1e-9)
    counts = np.array([(moved.displacement == 0).sum(), inside.sum()])
    found = ball_regimes.ball_regimes(0.6, 0.8, 3)
    expected = np.array([found.interior, found.supporting])
    assert np.all(np.abs(counts / 20_000 - expected) < 4 * np.sqrt(expected * (1 - expected) / 20_000))


def test_a_point_touches_or_not():
    found = ball_regimes.ball_regimes(0.7, 0.0, 1)
    assert found.supporting == 0
    assert found.touching == pytest.approx(stats.norm.cdf(0.7), rel=1e-14)
    assert found.interior == pytest.approx(stats.norm.sf(0.7), rel=1e-14)


def test_a_radius_far_below_rounding_is_a_point():
    assert ball_regimes.ball_regimes(0.7, 5e-324, 3) == ball_regimes.ball_regimes(0.7, 0.0, 3)
    assert balls.ball_capacity(0.7, 5e-324, 3) == points.capacity(0.7)


def test_outside_the_domain_is_refused_by_name():
    with pytest.raises(ValueError, match="radius must be"):
        ball_regimes.ball_regimes(0, -1, 2)
