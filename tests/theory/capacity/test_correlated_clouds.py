import numpy as np
import pytest
from scipy import optimize

from theory.capacity import balls, correlated_clouds
from theory.capacity.correlated_clouds import correlated_capacity, factor_of
from theory.capacity.correlated_spheres import effective_radius, sphere_capacity, sphere_covariance
from theory.geometry import joint_anchors

SEGMENT = np.array([[1.0, 1.0], [-1.0, 1.0]])
# Wakhloo et al. 2023: R_eff sqrt(7), the authors' simulated capacity at P = 200 (their error is 0.01), and alpha_B(R_eff, 7).
PUBLISHED = [(0.25, 1.346, 1.390), (0.50, 0.971, 1.007), (0.75, 0.752, 0.762), (1.00, 0.590, 0.599)]
BASE = {"radius": 0.5, "center_norm": 3.0, "center_correlation": 0.85, "axis_correlation": 0.7}


def world(size=4, dim=2, n_points=3, seed=0):
    """A covariance without any structure, and clouds of which the centre coordinate is 1."""
    rng = np.random.default_rng(seed)
    half = rng.standard_normal((size * (dim + 1), size * (dim + 1) + 3)) / np.sqrt(size)
    clouds = [np.hstack([rng.standard_normal((n_points, dim)), np.ones((n_points, 1))]) for _ in range(size)]
    return (half @ half.T).reshape(size, dim + 1, size, dim + 1), clouds


def drawn(covariance, clouds, n, seed):
    """The signed points and probes of every draw, in its order."""
    factor, rng = factor_of(covariance), np.random.default_rng(seed)
    points = [cloud @ own for cloud, own in zip(clouds, factor, strict=True)]
    for _ in range(n):
        signs, probe = rng.choice([-1.0, 1.0], len(clouds)), rng.standard_normal(factor.shape[2])
        yield points, signs, probe


@pytest.mark.parametrize(("c", "simulated", "golden"), PUBLISHED)
@pytest.mark.parametrize("adjusted", BASE)
def test_four_ways_to_the_published_capacities(c, simulated, golden, adjusted):
    target, world = c / np.sqrt(7), dict(BASE)
    ratio = target / effective_radius(**world)
    world[adjusted] = {
        "radius": 0.5 * ratio,
        "center_norm": 3.0 / ratio,
        "center_correlation": 1 - 0.15 / ratio**2,
        "axis_correlation": 1 - 0.3 * ratio**2,
    }[adjusted]
    if not 0 <= world["center_correlation"] < 1:
        pytest.skip("no centre correlation reaches this radius from the authors' base")
    found = sphere_capacity(0.0, shape_dim=7, **world)
    assert found == pytest.approx(golden, abs=5e-4)
    assert 0 < found / simulated - 1 < 0.05


@pytest.mark.settled
@pytest.mark.parametrize(("psi", "lam", "margin"), [(0.6, 0.3, 0.0), (0.0, 0.9, 0.0), (0.9, 0.9, 0.0), (0.5, 0.4, 0.6)])
def test_spheres_are_the_limit_of_the_correlated_capacity(psi, lam, margin):
    """To within 1 + D features of 40 segments; the error is less than half of that."""
    found = correlated_capacity(sphere_covariance(40, 1, 0.8, 1.2, psi, lam), [SEGMENT] * 40, margin, 800).capacity
    needed = 40 / found.value
    assert abs(needed - 40 / sphere_capacity(margin, 0.8, 1.2, psi, lam, 1)) < 2.0
    assert 40 * found.se / found.value**2 < 0.8


@pytest.mark.settled
def test_independent_manifolds_have_their_own_capacities_harmonic_mean():
    radii = np.array([0.3, 1.0, 2.5])
    covariance = np.zeros((3, 2, 3, 2))
    for mu, radius in enumerate(radii):
        covariance[mu, :, mu, :] = np.diag([radius**2, 1.0])
    for margin in (-0.4, 0.0, 0.7):
        found = correlated_capacity(covariance, [SEGMENT] * 3, margin, 3000)
        exact = 1 / np.mean(1 / balls.segment_capacity(margin, radii))
        assert abs(found.capacity.value - exact) < 4.5 * found.capacity.se < 0.2 * exact
        assert [found.parts[name].value for name in ("center_center", "axis_axis", "center_axis")] == [0, 0, 0]


def test_at_margin_zero_it_is_the_joint_cone():
    covariance, clouds = world()
    found = correlated_capacity(covariance, clouds, 0.0, 30, 5)
    draws = list(drawn(covariance, clouds, 30, 5))
    # The joint problem is written for the opposite sign of the probes.
    probes, labels = -np.stack([probe for *_, probe in draws]), np.stack([signs for _, signs, _ in draws])
    overlap = joint_anchors.joint_anchors(draws[0][0], probes, labels).overlap
    assert 4 / found.capacity.value == pytest.approx(overlap.mean(), rel=1e-12)
    assert found.kkt_residual < 1e-12


@pytest.mark.parametrize("margin", [-0.5, 0.0, 0.8])
def test_displacements_are_those_of_quadratic_programming(margin):
    covariance, clouds = world(3, 1, 3, seed=2)
    moved = []
    for points, signs, probe in drawn(covariance, clouds, 8, 1):
        rows = np.concatenate([sign * own for sign, own in zip(signs, points, strict=True)])
        rule = {"type": "ineq", "fun": lambda v, rows=rows: rows @ v - margin, "jac": lambda v, rows=rows: rows}
        solved = optimize.minimize(
            lambda v, probe=probe: np.sum((v - probe) ** 2),
            np.zeros(len(probe)),
            jac=lambda v, probe=probe: 2 * (v - probe),
            constraints=rule,
            method="SLSQP",
            options={"ftol": 1e-14, "maxiter": 500},
        )
        moved.append(solved.fun)
    assert correlated_capacity(covariance, clouds, margin, 8, 1).capacity.value == pytest.approx(3 / np.mean(moved), rel=1e-6)


def test_parts_are_what_they_are_called_and_add_up():
    covariance, clouds = world(seed=3)
    found = correlated_capacity(covariance, clouds, 0.3, 12, 4)
    expected = dict.fromkeys(found.parts, 0.0)
    size, center = 4, covariance.shape[1] - 1
    for points, signs, probe in drawn(covariance, clouds, 12, 4):
        each = np.repeat(signs, [len(own) for own in points])[None]
        duals = np.split(correlated_clouds._certified(np.concatenate(points), each, probe[None], 0.3)[0][0], size)
        q = [sign * own @ cloud for sign, own, cloud in zip(signs, duals, clouds, strict=True)]
        for mu, i, nu, j in np.ndindex(covariance.shape):
            kind = ("axis_axis", "center_axis", "center_center")[(i == center) + (j == center)]
            expected["individual" if mu == nu else kind] += q[mu][i] * covariance[mu, i, nu, j] * q[nu][j] / size / 12
    assert {name: part.value for name, part in found.parts.items()} == pytest.approx(expected, rel=1e-10)
    assert sum(part.value for part in found.parts.values()) == pytest.approx(1 / found.capacity.value, rel=1e-10)
    assert min(abs(part.value) for part in found.parts.values()) > 0.01


def test_correlated_centres_push_and_correlated_axes_pull():
    """Opposite labels share a centre's part: it counts against what manifolds need by themselves."""
    parts = correlated_capacity(sphere_covariance(20, 1, 1.0, 1.0, 0.5, 0.5), [SEGMENT] * 20).parts
    assert parts["individual"].value > 0 > parts["center_center"].value
    assert abs(parts["center_axis"].value) < 1e-12


@pytest.mark.settled
def test_errors_are_those_of_repetition():
    covariance, clouds = world(2, 1, 2, seed=6)
    found = [correlated_capacity(covariance, clouds, 0.0, 50, seed).capacity for seed in range(150)]
    assert np.std([one.value for one in found]) == pytest.approx(np.mean([one.se for one in found]), rel=0.25)


def test_whole_numbers_may_be_floats():
    covariance = sphere_covariance(2.0, 1.0, 1.0, 1.0, 0.0, 0.0)  # type: ignore[arg-type]
    assert correlated_capacity(covariance, [SEGMENT] * 2, 0.0, 2.0).capacity.n == 2  # type: ignore[arg-type]


def test_units_cancel():
    covariance, clouds = world()
    one, other = (correlated_capacity(scale**2 * covariance, clouds, scale * 0.5, 20).capacity for scale in (1.0, 40.0))
    assert one.value == pytest.approx(other.value, rel=1e-10)


def test_a_singular_covariance_is_taken_as_it_is():
    """Two equal points: a half-line if their labels agree, and nothing but 0 if not."""
    covariance, clouds = np.ones((2, 1, 2, 1)), [np.ones((1, 1))] * 2
    assert factor_of(covariance).shape == (2, 1, 1)
    found = correlated_capacity(covariance, clouds, 0.0, 4000).capacity
    assert abs(1 / found.value - (0.5 + 1) / 4) < 4.5 * found.se / found.value**2
    with pytest.raises(ValueError, match=r"margin 0\.1 is out of reach in draw"):
        correlated_capacity(covariance, clouds, 0.1)


@pytest.mark.parametrize("rank", [1, 5, 12])
def test_factors_multiply_to_the_covariance(rank):
    half = np.random.default_rng(rank).standard_normal((12, rank))
    covariance = (half @ half.T).reshape(4, 3, 4, 3)
    factor = factor_of(covariance)
    assert factor.shape == (4, 3, rank)
    np.testing.assert_allclose(np.einsum("mia,nja->minj", factor, factor), covariance, atol=1e-12)


def without(covariance, where, value):
    covariance = covariance.copy()
    covariance[where] = value
    return covariance


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c, s: (c - 9 * np.eye(12).reshape(4, 3, 4, 3), s), "covariance must be positive semidefinite"),
        (lambda c, s: (0 * c, s), "covariance must be positive semidefinite, and not 0"),
        (lambda c, s: (without(c, (0, 0, 1, 0), 5.0), s), "covariance must be symmetric"),
        (lambda c, s: (without(c, (0, 0, 0, 0), np.nan), s), "covariance must be finite"),
        (lambda c, s: (c, s[:3]), r"covariance must be of shape \(P, D \+ 1, P, D \+ 1\) with P = 3"),
        (lambda c, s: (c, [*s[:3], np.ones((2, 5))]), r"clouds\[3\] must be of shape \(M, 3\)"),
        (lambda c, s: (c, [*s[:3], np.full((2, 3), np.inf)]), r"clouds\[3\] must be finite"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        correlated_capacity(*change(*world()))


@pytest.mark.parametrize(
    ("name", "value"), [("radius", -1.0), ("center_norm", 0.0), ("center_correlation", 1.0), ("axis_correlation", 1.1)]
)
def test_outside_the_domain_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        sphere_capacity(0.0, shape_dim=2, **{**BASE, name: value})


def test_spheres_vectorize_over_all_parameters():
    psi, lam = np.linspace(0, 0.9, 4)[:, None], np.linspace(0, 1, 3)
    table = sphere_capacity(0.2, 0.7, 1.5, psi, lam, 3)
    single = [[sphere_capacity(0.2, 0.7, 1.5, p, q, 3) for q in lam] for p in psi[:, 0]]
    np.testing.assert_allclose(table, single, rtol=1e-14)
    assert np.ptp(table[0, -1] / balls.ball_capacity(0.2 / 1.5, 0.0, 3)) == 0
