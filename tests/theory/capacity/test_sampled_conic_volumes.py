import numpy as np
import pytest
from scipy import optimize, stats

from theory.capacity import balls, conic_volumes, sampled_conic_volumes
from theory.capacity.sampled_conic_volumes import SampledVolumes, cloud_volumes, ellipsoid_volumes
from theory.geometry import anchors

FAR = 4.5


def probes(n_dimensions, n, seed=0):
    return np.random.default_rng([seed, n_dimensions]).standard_normal((n_dimensions, n))


def strain(sampled: SampledVolumes, exact):
    """Largest deviation of a volume from its exact value, in its own standard errors; of those that are not rare."""
    common = np.asarray(exact) > 50 / len(sampled.dimensions)
    assert np.all(sampled.value[~common] < 0.01)
    return float(np.max(np.abs(sampled.value - exact)[common] / sampled.se[common]))


@pytest.mark.parametrize(("radius", "dim"), [(0.7, 1), (1.0, 2), (3.0, 5), (0.05, 8), (900.0, 2)])
def test_an_ellipsoid_of_equal_radii_is_a_ball(radius, dim):
    sampled = ellipsoid_volumes(np.full(dim, radius), probes(dim + 1, 20_000))
    assert strain(sampled, conic_volumes.ball_volumes(radius, dim)) < FAR
    assert sampled.statistical_dimension.value == pytest.approx(
        1 / balls.ball_capacity(0, radius, dim), abs=FAR * sampled.statistical_dimension.se
    )


@pytest.mark.parametrize("seed", [0, 1])
def test_orthogonal_points_have_the_volumes_of_an_orthant(seed):
    # Rotated so that their common height is the frame's last row.
    axis = np.ones(5) / np.sqrt(5)
    rotation = np.linalg.qr(np.column_stack([axis, np.eye(5)[:, :4]]))[0][:, ::-1]
    orthogonal = np.sqrt(5) * rotation.T * np.sign(rotation[0, -1])
    np.testing.assert_allclose(orthogonal[-1], 1.0)
    sampled = cloud_volumes(orthogonal, probes(5, 20_000, seed))
    assert strain(sampled, stats.binom.pmf(np.arange(6), 5, 0.5)) < FAR


def test_a_segment_by_its_ends():
    frame = np.array([[0.8, -0.8], [1.0, 1.0]])
    assert strain(cloud_volumes(frame, probes(2, 20_000)), conic_volumes.ball_volumes(0.8, 1)) < FAR


def test_faces_that_are_no_simplices_have_the_dimensions_they_span():
    """A square's four corners, each twice, and its centre: 3 dimensions inside, whatever the solver's support."""
    square = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1], [0, 0]], dtype=float).T
    frame = np.vstack([np.hstack([square, square]), np.ones(10)])
    drawn = probes(3, 20_000)
    # Probes are taken with their sign reversed: what is projected is -T.
    inside = (-drawn[2] > np.abs(drawn[0])) & (-drawn[2] > np.abs(drawn[1]))
    sampled = cloud_volumes(frame, drawn)
    np.testing.assert_array_equal(sampled.dimensions[:, 3] == 1, inside)
    assert np.all(sampled.dimensions.sum(1) == 1)
    assert abs(sampled.mean([1, -1, 1, -1]).value) < FAR * sampled.mean([1, -1, 1, -1]).se


@pytest.mark.settled
@pytest.mark.parametrize("radii", [(0.3, 2.0), (1.0, 0.5)])
def test_an_ellipse_lies_between_its_inscribed_and_circumscribed_polygons(radii):
    """Common probes: face dimensions of polygons of 40 corners, whose projections hold the ellipse's between them."""
    angle, drawn = 2 * np.pi * np.arange(40) / 40, probes(3, 8_000)
    polygon = np.stack([radii[0] * np.cos(angle), radii[1] * np.sin(angle), np.ones(40)])
    wider = polygon * np.array([[1 / np.cos(np.pi / 40)]] * 2 + [[1.0]])
    smooth, inner, outer = ellipsoid_volumes(radii, drawn), cloud_volumes(polygon, drawn), cloud_volumes(wider, drawn)
    for k in range(4):
        bounds = [cloud.mean(np.eye(4)[k]) for cloud in (inner, outer)]
        room = 0.005 + FAR * bounds[0].se
        assert abs(smooth.value[k] - np.mean([b.value for b in bounds])) < room


@pytest.mark.parametrize("seed", range(4))
def test_tosses_are_the_eigenvalues_of_the_projections_derivative(seed):
    """Against central differences of a projection that is found by search along the boundary."""
    rng = np.random.default_rng(seed)
    radii = rng.uniform(0.3, 3, 2)

    def project(g):
        ray = lambda a: np.array([radii[0] * np.cos(a), radii[1] * np.sin(a), 1.0])  # noqa: E731
        reach = lambda a: -(g @ ray(a)) / np.linalg.norm(ray(a))  # noqa: E731
        start = min(np.linspace(0, 2 * np.pi, 200), key=reach)
        angle = optimize.minimize_scalar(reach, (start - 0.04, start, start + 0.04), tol=1e-14).x
        unit = ray(angle) / np.linalg.norm(ray(angle))
        return (g @ unit) * unit

    while True:
        g = rng.standard_normal(3)
        if not (g[2] >= np.linalg.norm(g[:2] / radii) or g[2] <= -np.linalg.norm(g[:2] * radii)):
            break
    h = 1e-3
    derivative = np.array([(project(g + h * e) - project(g - h * e)) / (2 * h) for e in np.eye(3)])
    expected = np.sort(np.linalg.eigvalsh((derivative + derivative.T) / 2))[1:]
    found = sampled_conic_volumes._derivative(g[None, :2], g[2:], radii)[0]
    np.testing.assert_allclose(np.sort(found), expected, atol=2e-4)


def test_volumes_give_the_fourth_moment_of_the_projection():
    """Steiner's formula once more: ||proj g||^2 is chi-square of as many degrees of freedom as the sampled dimension."""
    rng = np.random.default_rng(3)
    cloud = np.vstack([rng.standard_normal((3, 7)), np.ones(7)])
    drawn = probes(4, 20_000)
    squared = anchors.project(cloud, drawn).displacement
    k = np.arange(5)
    predicted = cloud_volumes(cloud, drawn).mean(k * (k + 2))
    assert np.mean(squared**2) == pytest.approx(predicted.value, abs=FAR * np.hypot(predicted.se, np.std(squared**2) / 141))


@pytest.mark.slow
def test_probabilities_come_with_their_error():
    """Two kinds of balls, whose probability is exact; the stated error is that of forty repetitions."""
    exact_volumes = conic_volumes.mixture_volumes(
        [conic_volumes.ball_volumes(0.5, 2), conic_volumes.ball_volumes(2.0, 1)], [4, 3]
    )
    exact = conic_volumes.separable_probability(exact_volumes, 1, 8)
    found = []
    for seed in range(40):
        kinds = [ellipsoid_volumes(radii, probes(len(radii) + 1, 500, seed)) for radii in ([0.5, 0.5], [2.0])]
        found.append(sampled_conic_volumes.separable_probability(kinds, [4, 3], 8))
    values = np.array([estimate.value for estimate in found])
    assert found[0].n == 1000
    assert values.std(ddof=1) / np.mean([estimate.se for estimate in found]) == pytest.approx(1, abs=0.4)
    assert values.mean() == pytest.approx(exact, abs=FAR * values.std() / np.sqrt(40))


def test_draws_of_the_probability_are_unbiased():
    kind = ellipsoid_volumes([0.4, 3.0], probes(3, 30_000))
    draws = sampled_conic_volumes.probability_draws(kind.dimensions.reshape(10_000, 3, 4), 4)
    expected = sampled_conic_volumes.separable_probability([ellipsoid_volumes([0.4, 3.0], probes(3, 30_000, 1))], [3], 4)
    assert draws.mean() == pytest.approx(expected.value, abs=FAR * np.hypot(draws.std() / 100, expected.se))
    assert draws.min() >= 0
    assert draws.max() <= 2 + 1e-12


def test_more_features_than_dimensions_separate_all():
    kind = ellipsoid_volumes([0.4, 3.0], probes(3, 10_000))
    found = sampled_conic_volumes.separable_probability([kind], [2], 9)
    assert found.value == pytest.approx(1.0, abs=FAR * found.se)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: ellipsoid_volumes([0.0, 1.0], np.ones((3, 2))), "radii"),
        (lambda: ellipsoid_volumes([1.0, 1.0], np.ones((2, 2))), "probes"),
        (lambda: ellipsoid_volumes([1.0, 1.0], np.full((3, 2), np.nan)), "probes"),
        (lambda: ellipsoid_volumes([1.0, 1.0], np.ones((3, 0))), "probes"),
        (lambda: cloud_volumes(np.ones((2, 3)), np.ones((3, 2))), "probes"),
        (lambda: cloud_volumes(np.full((2, 3), np.inf), np.ones((2, 2))), "coordinates"),
        (lambda: sampled_conic_volumes.separable_probability([SampledVolumes(np.eye(2))], [2], 0), "n_features"),
    ],
)
def test_outside_the_domain_is_refused_by_name(call, argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        call()
