import numpy as np
import pytest
from scipy import optimize

from theory.capacity import balls, cross_polytopes
from theory.geometry import anchors

GOLDEN = {(0.2, 5): 1.278, (1.0, 5): 0.4694, (5.0, 5): 0.2141, (1.0, 12): 0.3283}


def vertices(radius, dim):
    """The frame of the 2 D vertices, (D + 1, 2 D)."""
    return np.vstack([radius * np.hstack([np.eye(dim), -np.eye(dim)]), np.ones(2 * dim)])


@pytest.mark.parametrize(("radius", "dim"), [(0.2, 5), (1.0, 1), (1.0, 7), (5.0, 3)])
@pytest.mark.parametrize("margin", [-1.0, 0.0, 1.0])
def test_projections_are_those_of_the_vertices(radius, dim, margin):
    probes = np.random.default_rng(dim).standard_normal((dim + 1, 500))
    found = cross_polytopes.project(radius, probes, margin)
    solved = anchors.project(vertices(radius, dim), probes, margin)
    np.testing.assert_allclose(found.displacement, solved.displacement, atol=1e-10)
    moved = np.sqrt(solved.displacement)
    np.testing.assert_allclose(moved * found.anchors, moved * solved.anchors, atol=1e-10)
    untouched = solved.displacement == 0
    np.testing.assert_array_equal(found.anchors[:, untouched], solved.anchors[:, untouched])
    assert found.kkt_residual < 1e-13


def test_displacement_is_the_minimum_over_the_height():
    """The one-dimensional form, by bounded search."""
    probes = np.random.default_rng(3).standard_normal((5, 30))
    found = cross_polytopes.project(0.8, probes, 0.5).displacement

    def at(height, probe):
        clipped = np.maximum(np.abs(probe[:-1]) - height, 0.0)
        return np.sum(clipped**2) + max(0.5 - probe[-1] + 0.8 * height, 0.0) ** 2

    best = [
        optimize.minimize_scalar(at, bounds=(0, 6), args=(p,), method="bounded", options={"xatol": 1e-10}).fun for p in probes.T
    ]
    np.testing.assert_allclose(found, best, atol=1e-8)


@pytest.mark.parametrize(("world", "golden"), GOLDEN.items(), ids=str)
def test_golden_values(world, golden):
    found = cross_polytopes.cross_polytope_capacity(0.0, *world)
    assert abs(found.value - golden) < 4 * np.hypot(found.se, 0.001 * golden)
    assert found.se < 2e-3 * found.value


@pytest.mark.parametrize("margin", [-1.0, 0.0, 1.5])
def test_capacity_is_that_of_the_projections(margin):
    found = cross_polytopes.cross_polytope_capacity(margin, 0.6, 4)
    moved = cross_polytopes.project(0.6, np.random.default_rng(4).standard_normal((5, 100_000)), margin).displacement
    error = np.hypot(moved.std() / np.sqrt(len(moved)), found.se / found.value**2)
    assert abs(moved.mean() - 1 / found.value) < 4 * error


def test_one_axis_is_a_segment():
    margins = np.array([-1.0, 0.0, 1.0])
    found = cross_polytopes.cross_polytope_capacity(margins, 0.7, 1)
    assert np.all(np.abs(found.value - balls.segment_capacity(margins, 0.7)) < 4.5 * found.se)


@pytest.mark.parametrize("dim", [2, 6])
def test_lies_between_the_inscribed_and_the_circumscribed_ball(dim):
    found = cross_polytopes.cross_polytope_capacity(0.0, 0.9, dim)
    inner, outer = balls.ball_capacity(0.0, 0.9 / np.sqrt(dim), dim), balls.ball_capacity(0.0, 0.9, dim)
    assert outer < found.value < inner


@pytest.mark.parametrize("radius", [1e-6, 1e5])
@pytest.mark.parametrize("margin", [-5.0, 1e3])
def test_the_ends_of_the_domain_are_reached(margin, radius):
    found = cross_polytopes.cross_polytope_capacity(margin, radius, 1)
    assert found.value == pytest.approx(balls.segment_capacity(margin, radius), rel=0.01)


def test_outside_the_domain_is_refused_by_name():
    for arguments, name in (
        ((0, -1, 2), "radius"),
        ((0, 1e6, 2), "radius"),
        ((0, 1, 2.5), "shape_dim"),
        ((-9, 1, 2), "margin"),
        ((0, 1, 10**6), "shape_dim"),
    ):
        with pytest.raises(ValueError, match=f"{name} must be"):
            cross_polytopes.cross_polytope_capacity(*arguments)
    with pytest.raises(ValueError, match="probes must be"):
        cross_polytopes.project(1.0, np.zeros(5))
    with pytest.raises(ValueError, match="probes must be finite"):
        cross_polytopes.project(1.0, np.full((3, 5), np.nan))
