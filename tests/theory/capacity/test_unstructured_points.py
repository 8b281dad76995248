import mpmath
import numpy as np
import pytest
from scipy import stats

from theory import RELATIVE_ACCURACY
from theory.capacity import unstructured_points


def squares(n_points, n_draws, rng):
    """Squared offset of the anchor, and squared component of the probe along it, in the orthant's basis."""
    probes = rng.standard_normal((n_points, n_draws))
    weights = np.maximum(-probes, 0)
    weights[probes.argmin(0), np.arange(n_draws)] += ~weights.any(0)
    offsets = np.sqrt(n_points) * weights / weights.sum(0) - 1 / np.sqrt(n_points)
    squared = (offsets**2).sum(0)
    return squared, (offsets * probes).sum(0) ** 2 / squared


def radius_with_sixty_digits(n_points):
    """From the anchor's own ratio, M (M / 2) int s E[g^2 e^(-s |g|)] ((1 + b) / 2)^(M - 1) ds, to the last decade in s."""
    with mpmath.workdps(60):
        rest = lambda s: mpmath.erfc(s / mpmath.sqrt(2)) * mpmath.exp(s * s / 2)  # noqa: E731
        root = mpmath.sqrt(2 / mpmath.pi)
        own = lambda s: (1 + s * s) * rest(s) - s * root  # noqa: E731
        integrand = lambda s: s * n_points / mpmath.mpf(2) * own(s) * ((1 + rest(s)) / 2) ** (n_points - 1)  # noqa: E731
        decades = [0, *(mpmath.mpf(10) ** k / n_points for k in (-1, 0)), *(mpmath.mpf(3) ** k for k in range(9))]
        last = decades[-1]
        # Beyond, E[g^2 e^(-s |g|)] is sqrt(2 / pi) (2 / s^3 - 12 / s^5), and b one over s.
        tail = n_points * root / last * mpmath.mpf(2) ** (1 - n_points) * (1 + (n_points - 1) * root / (2 * last))
        ratio = mpmath.quad(integrand, decades) + tail + mpmath.mpf(2) ** -n_points
        return mpmath.sqrt(n_points * ratio - 1)


@pytest.mark.settled
@pytest.mark.parametrize("n_points", [2, 5, 10, 25, pytest.param(100, marks=pytest.mark.slow)])
def test_radius_and_dimension_are_those_of_simulated_probes(n_points):
    """500,000 probes each, 4.5 standard errors."""
    radius, component = squares(n_points, 500_000, np.random.default_rng(n_points))
    assert abs(radius.mean() - unstructured_points.radius(n_points) ** 2) < 4.5 * stats.sem(radius)
    assert abs(component.mean() - unstructured_points.dimension(n_points)) < 4.5 * stats.sem(component)


@pytest.mark.settled
@pytest.mark.parametrize("n_points", [10, 40, 300])
def test_radius_agrees_with_sixty_digits(n_points):
    assert float(abs(unstructured_points.radius(n_points) / radius_with_sixty_digits(n_points) - 1)) < RELATIVE_ACCURACY


def test_two_points_are_a_segment():
    """Of radius 1, one dimension, 1/alpha = 1: the anchor is at an end with probability 3/4, else anywhere between."""
    assert unstructured_points.capacity(2) == 1
    assert unstructured_points.dimension(2) == pytest.approx(1, rel=RELATIVE_ACCURACY)
    assert unstructured_points.radius(2) ** 2 == pytest.approx(1 / 2 + 1 / np.pi, rel=RELATIVE_ACCURACY)


def test_one_point_has_no_extent():
    assert unstructured_points.capacity(1) == 2
    assert unstructured_points.radius(1) == 0


@pytest.mark.parametrize(("name", "finer"), [("LOG_STEP", 0.07), ("STEP", 0.03)])
def test_finer_steps_change_nothing(monkeypatch, name, finer):
    n_points = np.array([2, 3, 17, 100, 3000, 10_000])
    coarse = unstructured_points.radius(n_points), unstructured_points.dimension(n_points)
    monkeypatch.setattr(unstructured_points, name, finer)
    np.testing.assert_allclose(unstructured_points.radius(n_points), coarse[0], rtol=RELATIVE_ACCURACY)
    np.testing.assert_allclose(unstructured_points.dimension(n_points), coarse[1], rtol=RELATIVE_ACCURACY)


def test_limits_are_reached_as_one_over_the_points():
    n_points = np.array([1000, 10_000])
    radius = n_points * (unstructured_points.radius(n_points) / unstructured_points.LIMITING_RADIUS - 1)
    dimension = n_points * (unstructured_points.dimension(n_points) / (n_points * np.pi / 2 / (np.pi - 1)) - 1)
    for scaled in (radius, dimension):
        assert 0.1 < abs(scaled[1]) < 1
        assert scaled[0] == pytest.approx(scaled[1], rel=0.01)


def test_vectorizes():
    n_points = np.array([[2, 30], [5, 700]])
    for function in (unstructured_points.capacity, unstructured_points.radius, unstructured_points.dimension):
        single = [[float(function(n)) for n in row] for row in n_points]
        np.testing.assert_allclose(function(n_points), single, rtol=1e-12)


@pytest.mark.parametrize("function", [unstructured_points.capacity, unstructured_points.radius, unstructured_points.dimension])
@pytest.mark.parametrize("wrong", [0, 2.5, np.nan, 10**5])
def test_what_is_no_number_of_points_is_refused(function, wrong):
    with pytest.raises(ValueError, match="n_points must be"):
        function(wrong)
