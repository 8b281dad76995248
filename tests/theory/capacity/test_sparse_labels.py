from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from theory import RELATIVE_ACCURACY
from theory.capacity import balls, sparse_labels

GOLDEN_POINTS = {0.5: (2, 0), 0.3: (2.2361, 0.337), 0.1: (3.9129, 0.862), 0.01: (19.197, 1.717), 0.001: (118.85, 2.436)}
GOLDEN_BALLS = {(5, 0.5): 1.0385, (5, 0.1): 1.3373, (5, 0.02): 2.8253, (10, 0.5): 1.0069, (10, 0.1): 1.0857, (10, 0.02): 1.4769}
# f, kappa, R, D: points, small and large balls, dimensions that are not whole, margins on both sides.
WORLDS = [(0.2, 0.3, 0.0, 1), (0.03, 0.0, 2.0, 3), (0.3, -1.0, 0.4, 1), (0.001, 0.5, 12.0, 2.5)]


def squared_distance(r, t0, margin, radius):
    """Of (r, t0) from {(v, u): u - R |v| >= kappa}: a cone in the plane, projected on by cases."""
    height = t0 - margin
    touched = (radius * r - height) ** 2 / (1 + radius**2)
    outside = np.where(height * radius <= -r, r**2 + height**2, touched)
    return np.where(height >= radius * r, 0.0, outside)


def rule(edges):
    """Gauss-Legendre on every panel between sorted edges, (..., k) -> nodes and weights (..., n)."""
    x, w = np.polynomial.legendre.leggauss(16)
    half, middle = np.diff(edges)[..., None] / 2, (edges[..., 1:] + edges[..., :-1])[..., None] / 2
    flat = (*edges.shape[:-1], -1)
    return (middle + half * x).reshape(flat), (half * w + 0 * middle).reshape(flat)


def displacement(margin, radius, dim):
    """Mean over t0 and r by quadrature in the plane, from the projection's definition, panels ending at its kinks."""
    r, weight = np.array([0.0]), np.array([1.0])
    if radius > 0:
        touched = (np.linspace(-9, 9, 19) - margin) / radius
        longest = np.sqrt(dim) + 9
        edges = np.concatenate([np.linspace(0, longest, 40), np.geomspace(1e-5, 0.2, 12), np.clip(touched, 0, longest)])
        r, weight = rule(np.sort(edges))
        weight = weight * stats.chi.pdf(r, dim)
    kinks = margin + np.stack([radius * r, -r / (radius or np.inf)], axis=1)
    edges = np.concatenate([np.tile(np.linspace(-12, 12, 17), (len(r), 1)), np.clip(kinks, -12, 12)], axis=1)
    t0, inner = rule(np.sort(edges, axis=1))
    return weight @ (inner * stats.norm.pdf(t0) * squared_distance(r[:, None], t0, margin, radius)).sum(1)


@pytest.mark.parametrize(("fraction", "golden"), GOLDEN_POINTS.items())
def test_golden_values_of_points(fraction, golden):
    assert sparse_labels.capacity(fraction) == pytest.approx(golden[0], rel=5e-5)
    assert sparse_labels.optimal_bias(fraction) == pytest.approx(golden[1], abs=5e-4)


@pytest.mark.parametrize(("world", "golden"), GOLDEN_BALLS.items())
def test_golden_values_of_balls(world, golden):
    radius, fraction = world
    assert 50 * sparse_labels.capacity(fraction, 0, radius, 50) == pytest.approx(golden, abs=6e-5)


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_the_minimum_agrees_with_the_definition(world):
    """Its value, and that it is one: a parabola through the definition at three thresholds has its vertex at ours."""
    fraction, margin, radius, dim = world
    bias, step = sparse_labels.optimal_bias(*world), 0.02
    values = [
        fraction * displacement(margin + b, radius, dim) + (1 - fraction) * displacement(margin - b, radius, dim)
        for b in (bias - step, bias, bias + step)
    ]
    assert 1 / sparse_labels.capacity(*world) == pytest.approx(values[1], rel=RELATIVE_ACCURACY)
    slope, bend = (values[2] - values[0]) / 2, values[2] - 2 * values[1] + values[0]
    assert bend > 0
    assert abs(slope / bend) < 0.02


@pytest.mark.parametrize("world", [(0.2, 0, 0, 1), (0.01, 1.0, 3.0, 20), (1e-6, -2.0, 40.0, 7), (0.4, 2.0, 0.05, 1)])
def test_no_other_threshold_does_better(world):
    best, margin = sparse_labels.capacity(*world), sparse_labels.optimal_bias(*world)
    others = 1 / sparse_labels.mean_displacement(world[0], margin * np.array([0, 0.5, 0.9, 0.999, 1.001, 1.1, 2]), *world[1:])
    assert np.all(others < best)


@pytest.mark.parametrize("world", [(-50, 10, 50), (-20, 3, 50), (-300, 40, 60), (-1000, 150, 50), (-6, 0.5, 4)])
def test_balls_far_below_margin_zero_agree_with_adaptive_quadrature(world):
    """Where t0 is all that reaches them: E (kappa + R r - t0)_+^2 / (1 + R^2), none fully supporting."""
    margin, radius, dim = world
    touched = lambda r: stats.chi.pdf(r, dim) * balls._second_moment(margin + radius * r, margin + radius * r)  # noqa: E731
    edges = sorted({0.0, np.sqrt(dim) + 10, *np.clip((np.arange(-12, 13, 3) - margin) / radius, 0, np.sqrt(dim) + 10)})
    parts = [integrate.quad(touched, a, b, epsabs=0, epsrel=1e-12)[0] for a, b in pairwise(edges)]
    assert balls.mean_displacement(*world) == pytest.approx(sum(parts) / (1 + radius**2), rel=RELATIVE_ACCURACY)


@pytest.mark.parametrize("world", [(-3, 2, 4), (0.5, 0.3, 1), (2, 5, 30), (-1, 0, 1)])
def test_the_pull_is_half_the_slope(world):
    margin, *shape = world
    h = 1e-3
    ahead, behind = (balls.mean_displacement(margin + np.array([1, 2]) * sign * h, *shape) for sign in (1, -1))
    slope = (8 * (ahead[0] - behind[0]) - (ahead[1] - behind[1])) / (12 * h)
    assert balls.mean_pull(*world) == pytest.approx(slope / 2, rel=1e-8)


def test_balanced_labels_need_no_threshold():
    radii, dims = np.array([0.0, 0.3, 2.0]), np.array([1.0, 4.0, 40.0])
    assert np.all(sparse_labels.optimal_bias(0.5, 0.4, radii, dims) == 0)
    np.testing.assert_allclose(sparse_labels.capacity(0.5, 0.4, radii, dims), balls.ball_capacity(0.4, radii, dims), rtol=1e-14)


def test_either_label_may_be_the_sparse_one():
    fractions = np.array([0.03, 0.2, 0.45])
    np.testing.assert_allclose(
        sparse_labels.capacity(1 - fractions, 0.1, 1.5, 3), sparse_labels.capacity(fractions, 0.1, 1.5, 3), rtol=1e-9
    )
    np.testing.assert_allclose(
        sparse_labels.optimal_bias(1 - fractions, 0.1, 1.5, 3), -sparse_labels.optimal_bias(fractions, 0.1, 1.5, 3), rtol=1e-8
    )


def test_sparser_labels_are_easier():
    capacities = sparse_labels.capacity(np.geomspace(1e-18, 0.5, 40)[:, None], 0, np.array([0.0, 0.5, 30.0]), 6)
    assert np.all(np.diff(capacities, axis=0) < 0)


@pytest.mark.parametrize(("fraction", "radius"), [(0.1, 5.0), (0.01, 0.8), (0.45, 3.5), (0.02, 30.0)])
def test_the_law_is_approached_as_dimensions_grow(fraction, radius):
    dims = np.array([1e2, 1e4, 1e6])
    errors = np.abs(
        sparse_labels.large_capacity(fraction, radius, dims) / sparse_labels.capacity(fraction, 0, radius, dims) - 1
    )
    assert np.all(np.diff(errors) < 0)
    assert errors[-1] < 2e-3


@pytest.mark.parametrize("fraction", [0.001, 0.2, 0.4])
def test_the_law_is_continuous_where_its_regimes_meet(fraction):
    radius = (1 - 2 * fraction) ** -0.5 * np.array([1 - 1e-9, 1 + 1e-9])
    below, above = sparse_labels.large_capacity(fraction, radius, 10)
    assert above == pytest.approx(below, rel=1e-7)


def test_the_law_collapses_for_large_balls_and_sparse_labels():
    radius = np.array([1e2, 1e3])
    fractions = 2 / sparse_labels.effective_fraction(1.0, radius)
    law, collapsed = (f(fractions, radius, 7) for f in (sparse_labels.large_capacity, sparse_labels.collapsed_capacity))
    np.testing.assert_allclose(law, collapsed, rtol=1e-4)
    assert law == pytest.approx(law[::-1], rel=2e-4)


def test_vectorizes_over_all_parameters():
    fractions, radii = np.array([[0.1], [0.6]]), np.array([0.0, 0.7, 4.0])
    table = sparse_labels.capacity(fractions, 0.2, radii, 3)
    single = [[float(sparse_labels.capacity(f, 0.2, r, 3)) for r in radii] for f in fractions[:, 0]]
    np.testing.assert_allclose(table, single, rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: sparse_labels.capacity(0.0), "fraction"),
        (lambda: sparse_labels.capacity(1.0), "fraction"),
        (lambda: sparse_labels.capacity(0.1, -9), "margin"),
        (lambda: sparse_labels.capacity(0.1, 0, -1), "radius"),
        (lambda: sparse_labels.capacity(0.1, 0, 1, 0.5), "shape_dim"),
        (lambda: sparse_labels.large_capacity(0.1, 0.0, 10), "radius"),
        (lambda: sparse_labels.mean_displacement(1.7, 0.0), "fraction"),
        (lambda: sparse_labels.collapsed_capacity(0.0, 1.0, 10), "fraction"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()
