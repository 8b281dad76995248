import numpy as np
import pytest
from scipy import integrate, stats

from theory import RELATIVE_ACCURACY
from theory.capacity import balls, gaussian_geometry


@pytest.mark.parametrize("radii", [(0.5, 1.0), (0.03, 4.0), (1.0, 1.0)], ids=str)
def test_a_plane_ellipse_agrees_with_an_integral_over_the_angle(radii):
    """The length of t drops out of W / Y, and has E r^2 = 2 and E r = sqrt(pi / 2) elsewhere."""
    first, second = np.square(radii)

    def mean(function):
        def at(angle):
            x, y = np.cos(angle) ** 2, np.sin(angle) ** 2
            return function(first * x + second * y, first**2 * x + second**2 * y)

        return integrate.quad(at, 0, np.pi / 2, epsabs=0, epsrel=1e-12, limit=300)[0] * 2 / np.pi

    found = gaussian_geometry.ellipsoid_geometry(radii)
    assert found.radius**2 == pytest.approx(mean(lambda y, w: w / y), rel=RELATIVE_ACCURACY)
    assert found.dimension == pytest.approx(2 * mean(lambda y, w: y**2 / w), rel=RELATIVE_ACCURACY)
    assert found.half_width == pytest.approx(np.sqrt(np.pi / 2) * mean(lambda y, _: np.sqrt(y)), rel=RELATIVE_ACCURACY)


@pytest.mark.parametrize("dim", [1, 3, 200, 5000])
def test_a_ball_has_its_own_radius_and_dimension(dim):
    found = gaussian_geometry.ellipsoid_geometry(np.full(dim, 3.0))
    assert found.radius == pytest.approx(3, rel=RELATIVE_ACCURACY)
    assert found.dimension == pytest.approx(dim, rel=RELATIVE_ACCURACY)
    assert found.half_width == pytest.approx(3 * stats.chi.mean(dim), rel=RELATIVE_ACCURACY)


def test_ellipsoids_agree_with_sampled_touching_points():
    radii = np.array([2.0, 1.0, 0.2, 0.0])
    t = np.random.default_rng(0).standard_normal((200_000, 4))
    touching = radii**2 * t / np.linalg.norm(radii * t, axis=1, keepdims=True)
    length = np.linalg.norm(touching, axis=1)
    found = gaussian_geometry.ellipsoid_geometry(radii)
    pairs = (
        (length**2, found.radius**2), (((t * touching).sum(1) / length) ** 2, found.dimension),
        ((t * touching).sum(1), found.half_width),
    )  # fmt: skip
    for samples, value in pairs:
        assert abs(samples.mean() - value) < 4 * samples.std() / np.sqrt(len(samples))


def test_broadcasts_and_scales():
    radii = np.array([[[0.5, 1.0, 2.0]], [[1.0, 1.0, 0.1]]])
    found, larger = (gaussian_geometry.ellipsoid_geometry(scale * radii) for scale in (1.0, 1e-3))
    assert found.radius.shape == (2, 1)
    np.testing.assert_allclose(larger.radius, 1e-3 * found.radius, rtol=1e-12)
    np.testing.assert_allclose(larger.dimension, found.dimension, rtol=1e-12)
    assert found.dimension[1, 0] == pytest.approx(gaussian_geometry.ellipsoid_geometry(radii[1, 0]).dimension, rel=1e-13)


def test_the_participation_ratio_is_reached_as_one_over_the_dimension():
    """Every radius k times over: the relative excess is 2 sum (R^2 / sum R^2 - R^4 / sum R^4)^2 / k, to leading order."""
    once = np.array([0.3, 0.7, 1.0, 1.5])
    shares = once**2 / np.sum(once**2) - once**4 / np.sum(once**4)
    for copies, accuracy in ((16, 0.15), (256, 0.01)):
        radii = np.repeat(once, copies)
        limit = gaussian_geometry.participation_geometry(radii)
        excess = gaussian_geometry.ellipsoid_geometry(radii).dimension / limit.dimension - 1
        assert excess * copies == pytest.approx(2 * np.sum(shares**2), rel=accuracy)
    assert limit.half_width == pytest.approx(limit.radius * np.sqrt(limit.dimension), rel=1e-14)


@pytest.mark.parametrize(("dim", "golden"), [(5, 2.77), (12, 4.09), (100, 7.7), (1000, 11.9)])
def test_cross_polytopes_golden_values(dim, golden):
    found = gaussian_geometry.cross_polytope_geometry(0.4, dim)
    assert found.radius == 0.4
    assert found.dimension == pytest.approx(golden, abs=0.05 if dim > 50 else 0.006)


@pytest.mark.parametrize("dim", [1, 3, 40, 10**6])
def test_cross_polytopes_agree_with_adaptive_quadrature(dim):
    """Moments from the density of the largest of D sizes."""

    def moment(power):
        def at(x):
            log_below = (dim - 1) * np.log1p(-2 * stats.norm.sf(x))
            return x**power * 2 * dim * stats.norm.pdf(x) * np.exp(log_below)

        return integrate.quad(at, 1e-300, 12, points=(2, 4, 6, 8), epsabs=0, epsrel=1e-11, limit=300)[0]

    found = gaussian_geometry.cross_polytope_geometry(2.0, dim)
    assert found.dimension == pytest.approx(moment(2), rel=RELATIVE_ACCURACY)
    assert found.half_width == pytest.approx(2 * moment(1), rel=RELATIVE_ACCURACY)


def test_clouds_of_the_vertices_are_the_cross_polytope():
    exact = gaussian_geometry.cross_polytope_geometry(0.4, 6)
    found = gaussian_geometry.cloud_geometry(0.4 * np.vstack([np.eye(6), -np.eye(6)]))
    assert found.radius.value == pytest.approx(0.4)
    assert found.radius.se < 1e-12
    assert abs(found.dimension.value - exact.dimension) < 4 * found.dimension.se
    assert abs(found.half_width.value - exact.half_width) < 4 * found.half_width.se


def test_a_small_manifold_is_a_point_at_a_wider_margin():
    for margin, least in ((0.0, 0.25), (1.0, 0.2)):
        for radius in (0.01, 0.1, 0.3):
            low = 1 - gaussian_geometry.small_manifold_capacity(margin, radius, 1) / balls.ball_capacity(margin, radius, 1)
            assert least * radius < low < 0.45 * radius


def test_the_participation_ratio_has_no_units():
    tiny = gaussian_geometry.participation_geometry([1e-100, 1e-100])
    assert tiny.dimension == pytest.approx(2)
    assert tiny.radius == pytest.approx(1e-100)


def test_outside_the_domain_is_refused_by_name():
    for wrong in ([0.0, 0.0], [-1.0], [np.inf]):
        for geometry in (gaussian_geometry.ellipsoid_geometry, gaussian_geometry.participation_geometry):
            with pytest.raises(ValueError, match="radii must be"):
                geometry(wrong)
    with pytest.raises(ValueError, match="shape_dim must be"):
        gaussian_geometry.cross_polytope_geometry(1, 0)
    with pytest.raises(ValueError, match="offsets must be"):
        gaussian_geometry.cloud_geometry(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="radius must be"):
        gaussian_geometry.small_manifold_capacity(0, -1, 2)
