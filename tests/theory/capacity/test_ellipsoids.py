import mpmath
import numpy as np
import pytest
from scipy import optimize

from theory import RELATIVE_ACCURACY
from theory.capacity import balls, ellipsoids, points

RADII = [(0.5, 1.0, 2.0), (0.01, 1.0, 10.0), (3.0, 0.0, 0.3)]


def objective(radii, probe, margin):
    """Squared displacement as a function of v, from the definition of the inner problem."""
    lack = margin - probe[-1]
    return lambda v: np.sum((v - probe[:-1]) ** 2) + max(lack + np.linalg.norm(radii * v), 0.0) ** 2


def brute_force(radii, probe, margin):
    """The minimum of :func:`objective`, which is convex, by simplex search from two starts."""
    options = {"xatol": 1e-12, "fatol": 1e-16, "maxiter": 5000}
    starts = probe[:-1], 0.5 * probe[:-1]
    found = (optimize.minimize(objective(radii, probe, margin), s, method="Nelder-Mead", options=options) for s in starts)
    return min(result.fun for result in found)


@pytest.mark.settled
@pytest.mark.parametrize("radii", RADII, ids=str)
@pytest.mark.parametrize("margin", [-1.0, 0.7])
def test_displacement_is_the_minimum(radii, margin):
    probes = np.random.default_rng(0).standard_normal((4, 12)) * np.array([[1.0], [1.0], [1.0], [2.0]])
    found = ellipsoids.project(radii, probes, margin)
    expected = [brute_force(np.array(radii), probe, margin) for probe in probes.T]
    np.testing.assert_allclose(found.displacement, expected, atol=3e-7)
    assert found.kkt_residual < 1e-13


@pytest.mark.parametrize("radii", RADII, ids=str)
@pytest.mark.parametrize("margin", [-1.0, 0.0, 1.0])
def test_anchors_belong_to_the_ellipsoid_and_explain_the_displacement(radii, margin):
    """F = [kappa - T.S]_+^2 / ||S||^2, and V = T + lambda S satisfies the margin on the whole ellipsoid."""
    probes = np.random.default_rng(1).standard_normal((4, 500))
    found = ellipsoids.project(radii, probes, margin)
    lack = np.maximum(margin - (probes * found.anchors).sum(0), 0.0)
    squared = (found.anchors**2).sum(0)
    np.testing.assert_allclose(found.displacement, lack**2 / squared, atol=1e-10)
    scaled = np.divide(found.anchors[:-1].T, radii, out=np.zeros((500, 3)), where=np.array(radii) > 0)
    assert np.all((scaled**2).sum(1) <= 1 + 1e-12)
    moved = probes + found.anchors * lack / squared
    worst = moved[-1] - np.linalg.norm(np.array(radii)[:, None] * moved[:-1], axis=0)
    assert worst.min() > margin - 1e-10
    # On the axis that has no extent nothing moves.
    assert np.all(found.anchors[:-1][np.array(radii) == 0] == 0)


def test_an_untouched_probe_has_its_touching_point():
    probes = np.array([[0.3, 1.0], [-0.4, 0.0], [9.0, 9.0]])
    found = ellipsoids.project((1.0, 2.0), probes, 0.0)
    assert not found.displacement.any()
    np.testing.assert_allclose(found.anchors[:-1, 0], -np.array([0.3, -1.6]) / np.hypot(0.3, 0.8))
    np.testing.assert_allclose(found.anchors[:-1, 1], [-1.0, 0.0])


@pytest.mark.parametrize("margin", [-5.0, 0.0, 3.0])
def test_equal_radii_are_a_ball(margin):
    assert ellipsoids.ellipsoid_capacity(margin, (0.7, 0.7, 0.7)).value == balls.ball_capacity(margin, 0.7, 3)
    for radius, dim in ((0.3, 4), (2.0, 2)):
        nearly = (radius * (1 - 1e-10),) + (radius,) * (dim - 1)
        found = ellipsoids.ellipsoid_capacity(margin, nearly)
        assert found.value == pytest.approx(balls.ball_capacity(margin, radius, dim), rel=RELATIVE_ACCURACY)
        assert (found.se, found.n) == (0.0, 0)


@pytest.mark.settled
@pytest.mark.parametrize("radii", [(0.5, 3.0), (0.1, 1.0, 1.0), (1.0, *[0.1] * 29), (2.0,) * 40 + (0.5,) * 40], ids=len)
def test_two_radii_are_integrated_to_the_declared_accuracy(radii, monkeypatch):
    margins = np.array([-5.0, 0.5])
    found = ellipsoids.ellipsoid_capacity(margins, radii).value
    for name, finer in {"AXIS_STEP": 0.2, "AXIS_NODES": 150, "LENGTH_NODES": 190, "RHO_STEP": 0.09, "END": 3.3}.items():
        monkeypatch.setattr(ellipsoids, name, finer)
    np.testing.assert_allclose(found, ellipsoids.ellipsoid_capacity(margins, radii).value, rtol=RELATIVE_ACCURACY)


@pytest.mark.settled
def test_the_mean_over_t0_agrees_with_twenty_digits():
    """The mixture of margins at one t, against adaptive quadrature of the displacement over t0."""
    radii, t, margin = np.array([0.2, 1.0, 3.0]), np.array([0.8, -1.1, 0.4]), 0.3
    weights, offsets = ellipsoids.margins_of(radii, t[None] ** 2, 2.0)
    assert weights.sum() == pytest.approx(1, abs=1e-10)
    mixed = weights @ points.mean_displacement(np.maximum(margin + offsets, -35)).T
    edges = margin + offsets[0, 0], margin + offsets[0, -1]

    def integrand(t0):
        probe = np.append(t, float(t0))[:, None]
        return float(ellipsoids.project(radii, probe, margin).displacement[0]) * mpmath.npdf(t0)

    panels = [-9, edges[1], 0, edges[0]] if edges[1] > -9 else [-9, -3, 0, edges[0]]
    assert float(mixed.squeeze()) == pytest.approx(float(mpmath.quad(integrand, sorted(panels), maxdegree=5)), rel=1e-8)


@pytest.mark.parametrize("margin", [0.0, 1.0])
def test_sampled_capacity_agrees_with_projections(margin):
    radii = (0.1, 0.5, 1.0, 2.0, 3.0)
    found = ellipsoids.ellipsoid_capacity(margin, radii, n_probes=4096)
    moved = ellipsoids.project(radii, np.random.default_rng(2).standard_normal((6, 20000)), margin).displacement
    error = np.hypot(moved.std() / np.sqrt(len(moved)), found.se / found.value**2)
    assert abs(moved.mean() - 1 / found.value) < 4 * error
    assert found.n == 4096
    assert found.se < 2e-3 * found.value


@pytest.mark.settled
@pytest.mark.parametrize("ratio", [1e-3, 1e-7])
def test_a_needle_is_a_segment(ratio):
    """The thin axis adds a displacement of the order of its radius."""
    needle = ellipsoids.ellipsoid_capacity(0.3, (1.0, ratio)).value
    assert 0 <= 1 - needle / balls.segment_capacity(0.3, 1.0) < 2 * ratio + RELATIVE_ACCURACY
    weights, _ = ellipsoids.margins_of(np.array([ratio, 1.0]), np.array([[1.3, 0.4]]), 2.0)
    assert weights.sum() == pytest.approx(1, abs=1e-9)


def test_sampled_capacity_agrees_with_the_quadrature():
    exact = ellipsoids.ellipsoid_capacity(0.5, (0.1, 0.5, 0.5)).value
    nearly = ellipsoids.ellipsoid_capacity(0.5, (0.1, 0.5, 0.5 + 1e-9))
    assert nearly.se > 0
    assert abs(nearly.value - exact) < 4.5 * nearly.se


@pytest.mark.settled
def test_the_ends_of_the_domain_are_reached():
    wide = (1e4,) * 500
    dims = 1 / ellipsoids.ellipsoid_capacity(np.array([-5.0, 0.0]), (*wide, 1e-8)).value
    np.testing.assert_allclose(dims, 1 / balls.ball_capacity(np.array([-5.0, 0.0]), 1e4, 500), rtol=1e-7)
    probes = np.random.default_rng(5).standard_normal((3, 50))
    segment = ellipsoids.project((1e4,), probes[[0, 2]], 0.5).displacement
    np.testing.assert_allclose(ellipsoids.project((1e4, 1e-8), probes, 0.5).displacement, segment, atol=1e-6)


def test_an_axis_without_extent_does_not_count():
    assert ellipsoids.ellipsoid_capacity(0.3, (0.0, 0.0)).value == points.capacity(0.3)
    assert ellipsoids.ellipsoid_capacity(0.3, (0.0, 0.6)).value == balls.segment_capacity(0.3, 0.6)
    probes = np.array([[1.0, -2.0], [0.4, -0.9]])
    np.testing.assert_allclose(ellipsoids.project((0.0,), probes, 0.0).displacement, [0.0, 0.81])


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0.0, (-1.0,)), "radii"),
        ((0.0, (np.nan,)), "radii"),
        ((-6.0, (1.0,)), "margin"),
        ((0.0, (1e5,)), "radii"),
        ((0.0, (1.0, 1e-100)), "radii"),
        ((0.0, (1e4,) * 1000 + (5e3,)), "radii"),
    ],
)
def test_outside_the_domain_is_refused_by_name(arguments, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        ellipsoids.ellipsoid_capacity(*arguments)
    with pytest.raises(ValueError, match="probes must be"):
        ellipsoids.project((1.0, 2.0), np.zeros((2, 5)))
    with pytest.raises(ValueError, match="probes must be finite"):
        ellipsoids.project((1.0, 2.0), np.full((3, 5), np.nan))
