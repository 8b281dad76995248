import numpy as np
import pytest

from theory.capacity import balls, gaussian_geometry, high_dimensional_balls, points

MARGINS = np.linspace(-1, 2, 7)[:, None]
# Errors are not largest at the ends: all of the range that is stated.
RADII = np.linspace(0.01, 1.0, 34)


def errors(formula, radii, dim, margins=MARGINS):
    radii = np.asarray(radii)
    return np.abs(formula(margins, radii, dim) / balls.ball_capacity(margins, radii, dim) - 1).max()


@pytest.mark.parametrize(("dim", "bound"), [(5, 0.06), (20, 0.016), (100, 0.004)])
def test_touching_only_is_as_good_as_it_says(dim, bound):
    assert bound / 2 < errors(high_dimensional_balls.touching_capacity, RADII, dim) < bound


@pytest.mark.parametrize(("dim", "bound"), [(5, 0.22), (20, 0.07), (100, 0.015)])
def test_the_quoted_form_is_as_good_as_it_says(dim, bound):
    assert bound / 2 < errors(high_dimensional_balls.quoted_capacity, RADII, dim) < bound


def test_what_touching_leaves_out_is_as_large_as_it_says():
    assert errors(high_dimensional_balls.touching_capacity, [10.0], 20, 2.0) == pytest.approx(0.155, abs=0.005)


def test_a_small_ball_only_widens_the_margin():
    assert errors(gaussian_geometry.small_manifold_capacity, [0.01, 0.03, 0.1], 5) < 0.025
    low = 1 - gaussian_geometry.small_manifold_capacity(0.0, 0.1, 1e4) / balls.ball_capacity(0.0, 0.1, 1e4)
    assert low == pytest.approx(0.01 / 1.01, rel=0.02)


@pytest.mark.parametrize("margin", [0.0, 1.0])
def test_a_wide_ball_uses_up_its_dimensions(margin):
    """The error follows (1 + 2 kappa x + kappa^2) / x^2, and x = R sqrt(D) is large."""
    reach = np.array([10.0, 30.0])
    found = high_dimensional_balls.dimension_capacity(reach / 100, 1e4) / balls.ball_capacity(margin, reach / 100, 1e4) - 1
    np.testing.assert_allclose(found, (1 + 2 * margin * reach + margin**2) / reach**2, rtol=0.02)


@pytest.mark.parametrize(
    ("world", "touching", "quoted", "dimensions", "widened"),
    [
        ((0.1, 20), -0.4, -1.1, 382, -1.4), ((0.3, 20), -0.2, -3.1, 53, -8.4), ((1, 20), 0.0, -4.5, 5.0, -50),
        ((0.1, 100), -0.1, -0.5, 92, -1.1), ((1, 100), 0.0, -1.0, 1.0, -50),
    ],
)  # fmt: skip
def test_golden_errors_in_percent(world, touching, quoted, dimensions, widened):
    exact = balls.ball_capacity(0, *world)
    percent = lambda capacity: 100 * (capacity / exact - 1)  # noqa: E731
    assert percent(high_dimensional_balls.touching_capacity(0, *world)) == pytest.approx(touching, abs=0.06)
    assert percent(high_dimensional_balls.quoted_capacity(0, *world)) == pytest.approx(quoted, abs=0.06)
    assert percent(high_dimensional_balls.dimension_capacity(*world)) == pytest.approx(dimensions, abs=0.6)
    assert percent(gaussian_geometry.small_manifold_capacity(0, *world)) == pytest.approx(widened, abs=0.06)


def test_a_radius_of_zero_is_a_point():
    for formula in (
        high_dimensional_balls.touching_capacity,
        high_dimensional_balls.quoted_capacity,
        gaussian_geometry.small_manifold_capacity,
    ):
        assert formula(0.5, 0.0, 7) == points.capacity(0.5)
    assert high_dimensional_balls.dimension_capacity(0.0, 7) == np.inf


def test_outside_the_domain_is_refused_by_name():
    with pytest.raises(ValueError, match="radius must be"):
        high_dimensional_balls.touching_capacity(0, -1, 2)
    with pytest.raises(ValueError, match="shape_dim must be"):
        high_dimensional_balls.dimension_capacity(1, 0.5)
