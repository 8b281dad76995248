import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import nnls

from empirical.separability.estimate import Estimate
from empirical.separability.points_and_balls import segment_ends, separate
from empirical.separability.simulated_capacity import TooFewFeatures, _capacity, least_features, simulated_capacity
from theory.capacity.conic_volumes import ball_volumes, product_volumes, separable_probability, statistical_dimension

CHANCE = 4.5


def orthogonal_points(n_manifolds, n_points=1):
    """Manifolds of mutually orthogonal points: their joint cone is an orthant."""
    size = n_manifolds * n_points
    return np.eye(size).reshape(n_manifolds, n_points, size)


def orthogonal_segments(n_manifolds, radius):
    """Segments whose centres and axes are all orthogonal: their joint cone is the product of theirs, exactly."""
    centers, axes = np.eye(2 * n_manifolds).reshape(2, n_manifolds, -1)
    return segment_ends(centers, axes, radius)


def overlapping(seed, n_manifolds, n_points, n_features):
    """Rectified clouds around centres: correlated, off the origin, with dead features."""
    rng = np.random.default_rng(seed)
    centers, noise = rng.standard_normal((n_manifolds, 1, n_features)), rng.standard_normal((n_manifolds, n_points, n_features))
    return np.maximum(centers + 0.7 * noise, 0)


@pytest.mark.parametrize(
    ("clouds", "volumes"),
    [
        (orthogonal_points(12), ball_volumes(1.0, 0)),
        (orthogonal_points(6, 5), product_volumes(ball_volumes(1.0, 0), 5)),
        (orthogonal_segments(10, 0.5), ball_volumes(0.5, 1)),
        (orthogonal_segments(10, 3.0), ball_volumes(3.0, 1)),
    ],
    ids=["points", "unstructured", "segments", "long segments"],
)
@pytest.mark.settled
def test_product_cones_have_their_exact_threshold(clouds, volumes):
    """E n* = statistical dimension + 1/2, and the share of draws separable in n features is that of C-14."""
    found = simulated_capacity(clouds, 500, seed=3, center_mean=False)
    exact = len(clouds) * statistical_dimension(volumes)
    assert abs(found.features.value - exact - 0.5) < CHANCE * found.features.se
    assert abs(found.capacity.value - len(clouds) / exact) < CHANCE * found.capacity.se
    for n in (round(exact) - 2, round(exact), round(exact) + 2):
        count, chance = int((found.least_features <= n).sum()), separable_probability(volumes, len(clouds), n)
        assert stats.binomtest(count, 500, chance).pvalue > 1e-5


@pytest.mark.settled
def test_gaussian_segments_follow_the_same_law():
    rng = np.random.default_rng(8)
    found = []
    for _ in range(300):
        centers, axes = rng.standard_normal((2, 8, 24))
        points = segment_ends(centers, axes, 1.0).reshape(-1, 24)
        found.append(least_features(points, np.repeat(rng.choice([-1.0, 1.0], 8), 2), rng))
    exact = 8 * statistical_dimension(ball_volumes(1.0, 1)) + 0.5
    assert abs(np.mean(found) - exact) < CHANCE * np.std(found) / np.sqrt(300)


@pytest.mark.settled
def test_any_fixed_dichotomy_of_any_clouds_follows_it():
    """The statistical dimension by projecting Gaussian vectors on the joint cone: no product, labels unbalanced."""
    points = overlapping(1, 4, 5, 30).reshape(20, 30)
    points -= points.mean(0)
    rng, labels = np.random.default_rng(2), np.repeat([1.0, 1.0, -1.0, 1.0], 5)
    found = [least_features(points, labels, rng, 5, 2) for _ in range(1000)]
    probes = rng.standard_normal((3000, 30))
    cone = (points * labels[:, None]).T
    moved = [probe @ probe - nnls(cone, probe)[1] ** 2 for probe in probes]
    se = np.hypot(np.std(found) / np.sqrt(len(found)), np.std(moved) / np.sqrt(len(moved)))
    assert abs(np.mean(found) - np.mean(moved) - 0.5) < CHANCE * se


def test_unstructured_clouds_have_capacity_two_over_their_points():
    clouds = np.random.default_rng(4).standard_normal((10, 10, 1000))
    shuffled = overlapping(5, 10, 10, 1000).reshape(100, 1000)
    shuffled = shuffled[np.random.default_rng(6).permutation(100)].reshape(10, 10, 1000)
    for world in (clouds, shuffled):
        found = simulated_capacity(world, 40)
        assert found.capacity.value == pytest.approx(2 / 10, abs=CHANCE * found.capacity.se + 0.01)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), n_manifolds=st.integers(2, 6), n_points=st.integers(1, 4), step=st.integers(1, 9))
def test_nested_projections_are_monotone_and_the_threshold_is_the_first(seed, n_manifolds, n_points, step):
    points = overlapping(seed, n_manifolds, n_points, 24).reshape(-1, 24)
    labels = np.repeat(np.random.default_rng(seed).choice([-1.0, 1.0], n_manifolds), n_points)
    features = np.random.default_rng(seed + 1).standard_normal((24, 24))
    answers = [separate(points @ features[:n].T, labels).separable for n in range(1, 25)]
    assert answers == sorted(answers)
    found = least_features(points, labels, np.random.default_rng(seed + 1), guess=1 + seed % 24, step=step)
    assert found == 1 + answers.index(True)


def test_rotating_scaling_and_padding_features_change_nothing():
    clouds = overlapping(0, 6, 5, 40)
    rotation = np.linalg.qr(np.random.default_rng(1).standard_normal((40, 40)))[0]
    expected = simulated_capacity(clouds, 12).least_features
    for same in (clouds @ rotation, 1e-9 * clouds, np.concatenate([clouds, np.ones_like(clouds)], axis=2), list(clouds)):
        np.testing.assert_array_equal(simulated_capacity(same, 12).least_features, expected)
    away = simulated_capacity(clouds, 12, center_mean=False).least_features
    longer = clouds * np.arange(1, 7)[:, None, None]
    np.testing.assert_array_equal(simulated_capacity(longer, 12, center_mean=False).least_features, away)


def test_a_seed_gives_its_numbers_and_more_draws_only_add():
    clouds = overlapping(0, 5, 4, 30)
    found = simulated_capacity(clouds, 20, seed=1)
    np.testing.assert_array_equal(found.least_features[:8], simulated_capacity(clouds, 8, seed=1).least_features)
    assert not np.array_equal(found.least_features, simulated_capacity(clouds, 20, seed=2).least_features)


def test_capacity_is_manifolds_over_the_mean_less_one_half():
    found = _capacity(10, Estimate(20.5, 0.4, 7))
    assert (found.value, found.se, found.n) == (0.5, pytest.approx(0.5 * 0.4 / 20), 7)


def test_manifolds_may_differ_in_size():
    found = simulated_capacity(np.split(np.eye(14), [1, 4, 12]), 200, center_mean=False)
    assert abs(found.features.value - (14 / 2 + 0.5)) < CHANCE * found.features.se


@pytest.mark.settled
def test_standard_errors_cover():
    """Of 300 intervals at 95 %; the delta method, ten draws and whole numbers are allowed three points of it."""
    exact, quantile = 10 * statistical_dimension(ball_volumes(1.0, 0)), stats.t.ppf(0.975, 9)
    found = [simulated_capacity(orthogonal_points(10), 10, seed, center_mean=False).capacity for seed in range(300)]
    hits = sum(abs(estimate.value - 10 / exact) <= quantile * estimate.se for estimate in found)
    assert stats.binom.cdf(hits, 300, 0.92) > 1e-4
    assert stats.binom.sf(hits - 1, 300, 0.98) > 1e-4


def test_two_manifolds_about_their_mean_are_only_told_apart():
    assert simulated_capacity(orthogonal_points(2), 30).least_features.tolist() == [1] * 30


def test_too_few_features_say_how_many_would_do():
    clouds = np.random.default_rng(0).standard_normal((8, 10, 20))
    with pytest.raises(TooFewFeatures, match=r"all 20 dimensions .* more than 20 features, and 80 features suffice"):
        simulated_capacity(clouds, 5)
    wide = overlapping(0, 4, 5, 60)
    wide[1, 0] = wide[0, 0]
    with pytest.raises(TooFewFeatures, match="no number of features helps if two manifolds share a point"):
        simulated_capacity(wide, 20)


@pytest.mark.parametrize(
    ("clouds", "words"),
    [
        (np.full((2, 2, 3), np.nan), "manifold 0 must be finite"),
        (np.ones((1, 4, 3)), "two manifolds or more"),
        ([], "two manifolds or more"),
        ([np.ones((2, 3)), np.ones((0, 3))], r"manifold 1 must have shape \(M, 3\), M > 0; received \(0, 3\)"),
        ([np.ones((2, 3)), np.ones((2, 4))], r"manifold 1 must have shape \(M, 3\)"),
        (np.ones((3, 4)), "manifold 0 must have shape"),
        (np.ones((2, 2, 3)), "at the origin"),
    ],
)
def test_bad_input_is_named(clouds, words):
    with pytest.raises(ValueError, match=words):
        simulated_capacity(clouds)
    with pytest.raises(ValueError, match="n_draws must be at least 2"):
        simulated_capacity(clouds, 1)


@pytest.mark.slow
def test_it_needs_no_torch():
    subprocess.run(
        [sys.executable, "-c", "import sys, empirical.separability.simulated_capacity; assert 'torch' not in sys.modules"],
        check=True,
    )


@pytest.mark.parametrize("center_mean", [False, True])
def test_draws_together_are_draws_one_after_the_other(center_mean, monkeypatch):
    clouds = overlapping(6, 8, 6, 60)
    together = simulated_capacity(clouds, 12, 5, center_mean=center_mean).least_features
    monkeypatch.setattr("empirical.separability.simulated_capacity.FEW_FEATURES", 0)
    apart = simulated_capacity(clouds, 12, 5, center_mean=center_mean).least_features
    assert together.max() > together.min()
    assert together.tolist() == apart.tolist()
