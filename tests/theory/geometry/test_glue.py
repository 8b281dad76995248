from functools import lru_cache

import numpy as np
import pytest
from scipy import stats

from empirical.separability.points_and_balls import separate
from empirical.separability.simulated_capacity import simulated_capacity
from theory.capacity.points import separable_probability
from theory.geometry import glue, joint_anchors
from theory.geometry.glue import effective_geometry
from theory.numerics.certificate import Uncertified

SIZES = ("capacity", "dimension", "radius", "utility")
ALIGNMENTS = [f"{name}_{kind}" for name in ("center", "axis", "center_axis") for kind in ("overlap", "cosine")]
REPEATS = 300


def gaussian(n_manifolds=4, n_points=6, n_features=24, spread=0.5, seed=0):
    """Gaussian clouds about Gaussian centres."""
    rng = np.random.default_rng(seed)
    centers = rng.standard_normal((n_manifolds, 1, n_features))
    return centers + spread * rng.standard_normal((n_manifolds, n_points, n_features))


def values(found, names=SIZES):
    return np.array([getattr(found, name).value for name in names])


@pytest.mark.parametrize("clouds", [gaussian(), gaussian(12, 5, 20), gaussian(2, 40, 3), [*gaussian(3), gaussian()[0, :1]]])
def test_capacity_is_the_utility_of_radius_and_dimension(clouds):
    """An identity of the definitions, whatever is measured."""
    capacity, dimension, radius, utility = values(effective_geometry(clouds, 40))
    np.testing.assert_allclose(capacity, utility * (1 + radius**-2) / dimension, rtol=1e-12)


def test_anchors_are_touched_points_of_their_manifolds():
    """In the hull of the manifold's points or zero, and nothing that is left of a probe pulls at any point."""
    clouds, rng = gaussian(5, 3, 40), np.random.default_rng(1)
    probes, labels = rng.standard_normal((30, 40)), rng.choice([-1.0, 1.0], (30, 5))
    found = joint_anchors.joint_anchors(list(clouds), probes, labels)
    weights = np.stack([found.anchors[:, mu] @ np.linalg.pinv(cloud) for mu, cloud in enumerate(clouds)], axis=1)
    touched = found.anchors.any(2)
    assert (weights > -1e-12).all()
    np.testing.assert_allclose(weights.sum(2), touched, atol=1e-12)
    assert 0 < touched.mean() < 1
    assert found.kkt_residual < 1e-12


@pytest.mark.settled
def test_points_have_capacity_two_and_dimension_radius_and_utility_one():
    found = effective_geometry(gaussian(30, 1, 60), 1500)
    for name, exact in zip(SIZES, (2, 1, 1, 1), strict=True):
        estimate = getattr(found, name)
        assert abs(estimate.value - exact) < 4.5 * estimate.se + 0.01, name
        assert estimate.se < 0.03


def test_orthogonal_segments_have_the_capacity_of_their_cones():
    """E a = P (1/2 + (2/pi) arctan R), here of joint anchors."""
    basis = np.eye(20)
    clouds = np.stack([basis[:10] + 0.7 * basis[10:], basis[:10] - 0.7 * basis[10:]], axis=1)
    found = effective_geometry(clouds, 2000).capacity
    assert abs(found.value - 1 / (0.5 + 2 / np.pi * np.arctan(0.7))) < 4.5 * found.se


def test_rotation_and_padding_change_nothing():
    clouds = gaussian()
    turn = np.linalg.qr(np.random.default_rng(3).standard_normal((24, 24)))[0]
    padded = np.concatenate([clouds, np.zeros((4, 6, 50))], axis=2)
    for other in (clouds @ turn, padded):
        one, same = (values(effective_geometry(points, 30), SIZES + tuple(ALIGNMENTS)) for points in (clouds, other))
        np.testing.assert_allclose(one, same, rtol=1e-9)


@pytest.mark.parametrize("scale", [1e-8, 3.0, 1e8])
def test_scale_changes_overlaps_alone(scale):
    one, scaled = (effective_geometry(points, 30) for points in (gaussian(), scale * gaussian()))
    same = [name for name in (*SIZES, *ALIGNMENTS) if "overlap" not in name]
    np.testing.assert_allclose(values(one, same), values(scaled, same), rtol=1e-9)
    overlaps = [name for name in ALIGNMENTS if "overlap" in name]
    np.testing.assert_allclose(scale**2 * values(one, overlaps), values(scaled, overlaps), rtol=1e-9)


def test_duplicates_and_points_inside_the_hull_change_nothing():
    """For the same probes; :func:`effective_geometry` draws them along the points' own axes, which follow their order."""
    clouds, rng = gaussian(), np.random.default_rng(1)
    crowded = np.concatenate([clouds, clouds, 0.5 * (clouds[:, :1] + clouds[:, 1:2])], axis=1)
    draws = rng.standard_normal((30, 24)), rng.choice([-1.0, 1.0], (30, 4))
    one, same = (joint_anchors.joint_anchors(list(points), *draws) for points in (clouds, crowded))
    np.testing.assert_allclose(one.overlap, same.overlap, rtol=1e-9)
    np.testing.assert_allclose(one.anchors, same.anchors, atol=1e-9)


def test_degenerate_layers_are_certified():
    """Dead features, a dead point, duplicate manifolds, many more points than dimensions."""
    dead = np.maximum(gaussian(6, 30, 10, seed=5), 0) * (np.arange(10) % 2)
    dead[0, 0] = 0
    found = effective_geometry(np.concatenate([dead, dead[:2]]), 30)
    assert found.kkt_residual < 1e-9
    assert np.isfinite(values(found)).all()


@pytest.mark.settled
@pytest.mark.parametrize("names", [SIZES, ALIGNMENTS])
def test_95_percent_intervals_cover(names):
    """300 measurements, of 100 draws each, against 40,000 draws; a rate below 0.9 would be found with certainty."""
    truth, runs = repeated()
    for name in names:
        found = [getattr(run, name) for run in runs]
        hits = sum(abs(e.value - getattr(truth, name).value) < stats.norm.isf(0.025) * e.se for e in found)
        assert stats.binom.cdf(hits, REPEATS, 0.95) > 1e-4, (name, hits)


@pytest.mark.settled
@pytest.mark.parametrize("name", [*SIZES, *ALIGNMENTS])
def test_standard_errors_are_the_spread_over_draws(name):
    _, runs = repeated()
    found = [getattr(run, name) for run in runs]
    spread, stated = np.std([e.value for e in found], ddof=1), np.sqrt(np.mean([e.se**2 for e in found]))
    # If the stated error is the spread, this is chi-square with 299 degrees of freedom.
    assert 1e-4 < stats.chi2.cdf((REPEATS - 1) * (spread / stated) ** 2, REPEATS - 1) < 1 - 1e-4


@lru_cache(maxsize=1)
def repeated():
    clouds = gaussian(3, 4, 12)
    return effective_geometry(clouds, 40_000, seed=REPEATS), [effective_geometry(clouds, 100, seed=i) for i in range(REPEATS)]


def test_parallel_centres_and_axes_are_aligned():
    """Two copies of one cloud: centres and axes point the same way, but for draws that touch one of them alone."""
    cloud = gaussian(1)[0]
    found = effective_geometry([cloud, cloud], 400)
    assert found.center_cosine.value > 0.95
    assert found.center_overlap.value > 0.1 * (cloud.mean(0) ** 2).sum()
    opposite = effective_geometry([cloud, -cloud], 400)
    assert opposite.center_cosine.value < -0.95
    assert opposite.center_overlap.value > 0


def test_the_mean_is_subtracted_on_request_alone():
    """Of 12 manifolds, so that none of the 30 draws has equal labels, which would be drawn again."""
    clouds = gaussian(12, 6, 80) + 5.0
    raw, centred, by_hand = (
        effective_geometry(points, 30, center_mean=mean).capacity
        for points, mean in ((clouds, False), (clouds, True), (clouds - clouds.mean((0, 1)), False))
    )
    assert centred.value == pytest.approx(by_hand.value, rel=1e-9)
    assert raw.value != pytest.approx(centred.value, rel=1e-3)


def test_the_same_seed_gives_the_same_number():
    one, same, other = (effective_geometry(gaussian(), 20, seed).capacity.value for seed in (1, 1, 2))
    assert one == same != other


def test_the_mean_subtracted_leaves_no_equal_labels(monkeypatch):
    """A plane through the mean separates none of them; with 3 manifolds they are a quarter of all labels."""
    seen = []
    right = joint_anchors.joint_anchors

    def watched(clouds, probes, labels):
        seen.append(labels)
        return right(clouds, probes, labels)

    monkeypatch.setattr(joint_anchors, "joint_anchors", watched)
    found = effective_geometry(gaussian(3), 200, center_mean=True)
    rng, width = np.random.default_rng(0), min(24, 3 * 6)
    rng.standard_normal((200, width))
    drawn = rng.choice([-1.0, 1.0], (200, 3))
    proper = np.abs(drawn.sum(1)) < 3
    assert np.all(np.abs(seen[0].sum(1)) == 1)
    np.testing.assert_array_equal(seen[0][proper], drawn[proper])
    assert 20 < np.count_nonzero(~proper) < 80
    assert found.separable == 1
    effective_geometry(gaussian(3), 200)
    np.testing.assert_array_equal(seen[1], drawn)


def test_capacity_about_the_mean_is_the_simulated_capacity():
    """Few manifolds, where equal labels would matter: 1 in 8 of the labels of 4 manifolds."""
    clouds = gaussian(4, 6, 60, seed=3)
    found = effective_geometry(clouds, 400, center_mean=True).capacity
    simulated = simulated_capacity(clouds, 400).capacity
    assert abs(found.value - simulated.value) < 4.5 * np.hypot(found.se, simulated.se)


def test_an_uncertified_solve_names_its_draw(monkeypatch):
    """Where both solvers are wrong: the second is asked where the first is not certified, once more after all draws."""
    right = joint_anchors.nnls
    calls = iter(range(100))
    monkeypatch.setattr(joint_anchors, "nnls", lambda a, b: (right(a, b)[0] * (1.01 if next(calls) in (3, 10) else 1.0), 0.0))
    monkeypatch.setattr(joint_anchors, "signed_least_squares", lambda points, gram, signs, vector: signs)
    with pytest.raises(Uncertified, match=r"draw 3, .* points of rank .*: optimality violated"):
        effective_geometry(gaussian(), 10)


def gives_up(*_):
    raise RuntimeError("Maximum number of iterations reached.")


def test_solvers_that_give_up_name_their_draw(monkeypatch):
    for solver in ("nnls", "signed_least_squares"):
        monkeypatch.setattr(joint_anchors, solver, gives_up)
    with pytest.raises(Uncertified, match=r"draw 0: no solution for 24 points in 24 features .*iterations"):
        effective_geometry(gaussian())


@pytest.mark.parametrize(
    ("clouds", "words"),
    [
        (gaussian(1), "two or more"),
        ([np.ones((2, 3)), np.ones((2, 4))], r"of one width; received widths \[3, 4\]"),
        ([np.ones((2, 3)), np.ones(3)], r"manifold 1 must be \(points, features\)"),
        ([np.ones((2, 3)), np.ones((0, 3))], "manifold 1 must be"),
        ([np.ones((2, 3)), np.full((2, 3), np.nan)], "manifold 1 must be finite; it has 6 NaN"),
        (np.zeros((3, 2, 4)), "no probe reached the joint cone in 100 draws"),
    ],
)
def test_bad_clouds_are_named(clouds, words):
    with pytest.raises(ValueError, match=words):
        effective_geometry(clouds)


def test_one_draw_has_no_error():
    with pytest.raises(ValueError, match="n_draws must be a whole number >= 2"):
        glue.effective_geometry(gaussian(), 1)


def test_dichotomies_that_are_not_separable_are_counted():
    """As often as Cover 1965 counted: 14 points in 6 features, where many probes lie inside their cones."""
    points, rng = np.random.default_rng(0).standard_normal((14, 1, 6)), np.random.default_rng(1)
    labels = rng.choice([-1.0, 1.0], (400, 14))
    found = joint_anchors.joint_anchors(list(points), rng.standard_normal((400, 6)), labels)
    p = float(separable_probability(14, 6))
    assert abs(found.separable.mean() - p) < 4 * np.sqrt(p * (1 - p) / 400)
    assert [separate(points[:, 0], one).separable for one in labels[:100]] == found.separable[:100].tolist()


def test_a_probe_inside_a_pointed_cone_does_not_make_its_dichotomy_inseparable():
    """Two points in the plane are always separable, and a quarter of the probes lie between them."""
    found = effective_geometry(np.eye(2)[:, None], 200)
    assert found.separable == 1
    assert abs(found.capacity.value - 2) < 4 * found.capacity.se


def test_a_capacity_that_saturates_is_called_a_bound():
    clouds = np.random.default_rng(0).standard_normal((30, 2, 10))
    with pytest.warns(UserWarning, match=r"of 40 dichotomies are separable in 10 features, so that capacity is an upper bound"):
        found = effective_geometry(clouds, 40)
    assert found.separable < 0.05
    assert abs(found.capacity.value - 30 / 10) < 3 * found.capacity.se
    assert effective_geometry(np.random.default_rng(0).standard_normal((5, 2, 200)), 40).separable == 1
