import mpmath
import numpy as np
import pytest

from theory import RELATIVE_ACCURACY
from theory.capacity import balls, conic_volumes
from theory.numerics import chi_quadrature

GOLDEN = {
    (0, 0.1, 1): 1.77477711, (0, 0.5, 1): 1.25759709, (0, 5, 1): 0.72762512, (0.5, 0.5, 1): 0.67559707,
    (1, 2, 1): 0.35250592, (0, 0.5, 2): 0.94986029, (0, 0.5, 5): 0.57651105, (0, 2, 5): 0.23444307,
    (0.5, 1, 5): 0.23756602, (0, 0.3, 20): 0.39486085, (0, 0.1, 100): 0.52509829, (1, 0.5, 10): 0.16485174,
    (0, 3, 50): 0.02217182,
}  # fmt: skip


def inner(margin, radius, r, integrate):
    """Mean over t0 of a ball's squared displacement at ||t|| = r, by regimes, from the definition."""
    low, high = margin - r / radius, margin + radius * r
    touched = integrate(lambda t: (high - t) ** 2, low, high) / (1 + radius**2)
    return touched + integrate(lambda t: (margin - t) ** 2 + r**2, -mpmath.inf, low)


def by_quadrature(function, low, high):
    panels = [low, *(point for point in (-30, -8, -3, 0, 3, 8) if low < point < high), high]
    return mpmath.quad(lambda t: function(t) * mpmath.npdf(t), panels)


def by_parts(function, low, high):
    """The same for a quadratic in t: its three coefficients times the truncated Gaussian moments."""
    c0 = function(0)
    c2, c1 = (function(1) + function(-1)) / 2 - c0, (function(1) - function(-1)) / 2
    below = [mpmath.ncdf(x) for x in (low, high)]
    density = [mpmath.npdf(x) if abs(x) != mpmath.inf else mpmath.mpf(0) for x in (low, high)]
    edge = [x * d if d else mpmath.mpf(0) for x, d in zip((low, high), density, strict=True)]
    mass, first = below[1] - below[0], density[0] - density[1]
    return c0 * mass + c1 * first + c2 * (mass - edge[1] + edge[0])


def displacement(margin, radius, dim):
    """1 / capacity with 30 digits: mpmath integrates r over the chi density."""
    with mpmath.workdps(30):
        margin, radius, dim = mpmath.mpf(margin), mpmath.mpf(radius), mpmath.mpf(dim)

        def at(r):
            log_chi = (1 - dim / 2) * mpmath.log(2) + (dim - 1) * mpmath.log(r) - r * r / 2 - mpmath.loggamma(dim / 2)
            return mpmath.exp(log_chi) * inner(margin, radius, r, by_parts)

        mode = mpmath.sqrt(dim - 1)
        scales = [scale * step for scale in (radius, 1 / radius) for step in (1, 2, 4, 8)]
        panels = sorted({mpmath.mpf(0), *scales, *(mode + step for step in (-4, 0, 2, 5, 9))})
        return mpmath.quad(at, [point for point in panels if 0 <= point <= mode + 9])


@pytest.mark.parametrize("r", [0.1, 1.7, 4.0])
def test_the_oracles_closed_step_is_the_integral(r):
    closed, integrated = (inner(0.3, 0.7, r, integrate) for integrate in (by_parts, by_quadrature))
    assert float(abs(closed / integrated - 1)) < 1e-12


@pytest.mark.parametrize(("world", "golden"), GOLDEN.items())
def test_golden_values(world, golden):
    assert balls.ball_capacity(*world) == pytest.approx(golden, abs=6e-9)


@pytest.mark.settled
@pytest.mark.parametrize(
    "world",
    [(0.3, 0.7, 1), (-1, 0.4, 3), (1.5, 2, 2), (0, 0.05, 8), (-3, 1, 2), (2.5, 0.2, 2.5), (3.7, 1.4, 1.1)],
    ids=str,
)
def test_ball_capacity_agrees_with_thirty_digits(world):
    assert float(abs(balls.ball_capacity(*world) * displacement(*world) - 1)) < RELATIVE_ACCURACY


@pytest.mark.parametrize("radius", [0.21, 0.5, 1.0, 1.7, 4.7])
def test_panels_of_equal_width_are_as_accurate_as_those_that_end_at_every_change(radius, monkeypatch):
    margin, dim = np.linspace(-5, 5, 9)[:, None], np.array([1, 1.001, 1.4, 2, 2.7, 3, 9, 40, 200])
    equal = [function(margin, radius, dim) for function in (balls.mean_displacement, balls.mean_pull)]
    monkeypatch.setattr(chi_quadrature, "MOST_PANELS", 0)
    for found, function in zip(equal, (balls.mean_displacement, balls.mean_pull), strict=True):
        np.testing.assert_allclose(found, function(margin, radius, dim), rtol=1e-11)


def test_panels_of_equal_width_are_used_where_the_radius_is_of_order_one():
    sizes = [chi_quadrature.chi_rule(np.array(0.3), np.array(radius), np.array(1.0))[0].size for radius in (0.1, 0.7, 20.0)]
    assert sizes[0] == sizes[2] > 4 * sizes[1]


@pytest.mark.parametrize("dim", [1, 2, 7, 50, 1000])
@pytest.mark.parametrize("radius", [1e-4, 0.03, 0.9, 12.0, 1e4])
def test_capacity_at_margin_zero_is_the_cones_statistical_dimension(radius, dim):
    delta = conic_volumes.statistical_dimension(conic_volumes.ball_volumes(radius, dim))
    assert 1 / balls.ball_capacity(0, radius, dim) == pytest.approx(delta, rel=RELATIVE_ACCURACY)


def test_vectorizes_over_all_parameters():
    radii, dims = np.array([[0.0], [0.4], [2.0]]), np.array([1.0, 2.5, 9.0])
    table = balls.ball_capacity(0.5, radii, dims)
    single = [[float(balls.ball_capacity(0.5, r, d)) for d in dims] for r in radii[:, 0]]
    np.testing.assert_allclose(table, single, rtol=1e-14)


@pytest.mark.parametrize(
    ("world", "name"),
    [
        ((0, -1, 2), "radius"),
        ((0, 1, 0.5), "shape_dim"),
        ((-9, 1, 2), "margin"),
        ((0, 1e200, 2), "radius"),
        ((0, 1, 1e9), "shape_dim"),
    ],
)
def test_outside_the_domain_is_refused_by_name(world, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        balls.ball_capacity(*world)
