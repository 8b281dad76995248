"""What users pass: single points, nothing that moves, one manifold, mixed lists, inner products that are none."""

from dataclasses import replace

import numpy as np
import pytest

from tests.theory.geometry.test_manifolds import clouds, raw_geometry, segments
from theory.geometry.center_correlations import CenterStructure, center_structure
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.grams import Grams
from theory.geometry.manifolds import manifold_geometry


def test_points_alone_are_points():
    raw = np.random.default_rng(0).standard_normal((40, 1, 50))
    with pytest.warns(UserWarning, match="40 manifolds are single points"):
        found = raw_geometry(raw, n_probes=400)
    assert abs(found.capacity.value - 2) < 4.5 * found.capacity.se
    assert found.radius.value == found.dimension.value == 0


def test_identical_points_are_one_point():
    raw = np.random.default_rng(0).standard_normal((40, 1, 50))
    with pytest.warns(UserWarning, match="single points"):
        found = raw_geometry(raw.repeat(7, axis=1), n_probes=400)
    assert abs(found.capacity.value - 2) < 4.5 * found.capacity.se
    assert found.radius.value == found.dimension.value == 0


def test_a_manifold_that_no_probe_moves_has_infinite_capacity():
    raw = segments(0.1, 40)
    raw[0] *= 1e-3
    found = raw_geometry(raw, margin=-3.2, n_probes=30, center_mean=False)
    assert np.isinf(found.per_manifold["capacity"]).any()
    assert np.isfinite(found.capacity.value)


def test_probes_that_are_never_moved_are_an_error():
    with pytest.raises(ValueError, match=r"none of 80 probes was moved.* raise n_probes"):
        raw_geometry(segments(0.1), margin=-40.0, n_probes=2)


def test_one_manifold_alone_is_measured_about_the_origin():
    with pytest.warns(UserWarning, match="1 manifolds"):
        found = manifold_geometry(clouds(1), center_mean=False, n_probes=100, correlations="published")
    assert (found.center_correlation, found.center_rank) == (0.0, 0)
    with pytest.raises(ValueError, match=r"manifold 0 has its centre at the origin .* a single manifold"):
        manifold_geometry(clouds(1))


def test_a_list_is_as_precise_as_its_most_precise_member():
    raw = list(clouds())
    mixed = [raw[0].astype(np.float32), *raw[1:]]
    assert raw_geometry(iter(mixed), n_probes=20).per_manifold["radius"].dtype == np.float64
    single = [cloud.astype(np.float32) for cloud in raw]
    assert raw_geometry(single, n_probes=20).per_manifold["radius"].dtype == np.float32


def test_small_manifolds_in_single_precision_are_solved_in_double():
    rng = np.random.default_rng(0)
    raw = (rng.standard_normal((30, 1, 40)) + 1e-4 * rng.standard_normal((30, 8, 40))).astype(np.float32)
    single, double = (raw_geometry(one, n_probes=50) for one in (raw, raw.astype(float)))
    assert single.dimension.value == pytest.approx(double.dimension.value, rel=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda g: replace(g, offsets=g.offsets * np.nan), "offsets of manifold 0 must be finite"),
        (lambda g: replace(g, along=g.along * np.inf), "along of manifold 0 must be finite"),
        (lambda g: replace(g, along=g.along[:, :, :5]), r"manifold 0: offsets must be \(M, M\) and along \(M, 32\)"),
        (lambda g: replace(g, centers=g.centers[:5]), "P offsets, P along"),
        (lambda g: replace(g, offsets=g.offsets.astype(int)), "offsets must be float32 or float64; received int64"),
        (lambda g: replace(g, offsets=-g.offsets), "offsets of manifold [0-9]+ are not inner products"),
    ],
)
def test_inner_products_that_are_none_are_named(change, words):
    good = grams_of(clouds(), center_mean=False)
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=words):
        raw_geometry(change(Grams(good.offsets, good.along, good.centers)), n_probes=20)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_probes": 1}, "n_probes must be"),
        ({"margin": np.nan}, "margin must be"),
        ({"margin": 1e5}, r"margin must be within \+-1000"),
        ({"frames": "other"}, "frames must be"),
        ({"correlations": "all"}, "correlations"),
        ({"correlations": 39}, "rank"),
    ],
)
def test_bad_arguments_are_named(change, words):
    with pytest.raises(ValueError, match=words):
        raw_geometry(segments(1.0), **change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"frames": "other"}, "frames must be one of reduced, published; received 'other'"),
        ({"correlations": "all"}, 'correlations must be "cavity", "published", or a whole number >= 0; received \'all\''),
        ({"correlations": "cavity", "frames": "published"}, 'no published frames: pass frames="reduced", or correlations='),
        ({"resamples": 1}, "resamples must be 0, or 2 or more; received 1"),
        ({"correlations": CenterStructure(0.0, 0, np.zeros((40, 0)), 0.0), "resamples": 2}, "not those of their halves"),
        ({"resamples": -3}, "resamples must be 0, or 2 or more; received -3"),
        ({"margin": -40.0, "n_probes": 2}, "none of the probes was moved.* raise n_probes or the margin"),
    ],
)
def test_bad_arguments_of_the_cavity_method_are_named(change, words):
    with pytest.raises(ValueError, match=words):
        manifold_geometry(segments(0.1), **change)


@pytest.mark.parametrize("correlations", ["published", 2])
def test_inner_products_without_those_with_centres_are_refused_where_directions_are_removed(correlations):
    given = grams_of(clouds(), along=False)
    with pytest.raises(ValueError, match=r"compute them with grams_of\(clouds\), or pass correlations=0"):
        manifold_geometry(given, n_probes=20, correlations=correlations, center_mean=False)
    found = manifold_geometry(given, n_probes=20, correlations=0, center_mean=False)
    assert found.capacity == manifold_geometry(clouds(), n_probes=20, correlations=0).capacity


@pytest.mark.parametrize("options", [{}, {"correlations": "cavity"}, {"correlations": 0, "resamples": 2}])
def test_inner_products_without_those_of_all_points_are_refused_with_a_remedy(options):
    with pytest.raises(
        ValueError, match=r"pass the clouds, or compute them with grams_of\(clouds, points=True\), or pass corr"
    ):
        manifold_geometry(grams_of(clouds()), **options)
    given = grams_of(clouds(), points=True)
    assert manifold_geometry(given, n_probes=20, **options).capacity.value > 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda points: points[:5, :5], r"points must be the inner products of all 256 points; received shape \(5, 5\)"),
        (lambda points: points * np.nan, "points must be finite"),
    ],
)
def test_inner_products_of_points_that_are_none_are_named(change, words):
    good = grams_of(clouds(), points=True)
    with pytest.raises(ValueError, match=words):
        manifold_geometry(replace(good, points=change(good.points)), n_probes=20)


@pytest.mark.settled
def test_published_frames_go_with_the_published_rule():
    one, other = (
        manifold_geometry(clouds(), n_probes=20, frames="published", **how) for how in ({}, {"correlations": "published"})
    )
    assert one.center_rank == other.center_rank >= 1
    assert one.capacity == other.capacity
    assert manifold_geometry(clouds(), n_probes=20).center_rank is None


@pytest.mark.parametrize("scale", [1.0, 3.0])
@pytest.mark.parametrize("n_points", [1, 2])
def test_manifolds_that_coincide_are_measured_as_they_are_where_the_others_leave_nothing(n_points, scale):
    points = clouds(12)[:, :n_points]
    points[7] = scale * points[5]
    found = manifold_geometry(points, n_probes=20, center_mean=False)
    assert np.isfinite(found.capacity.value)
    assert found.kkt_residual < 1e-9


def test_inner_products_have_their_own_centres():
    with pytest.raises(ValueError, match="centers must be None"):
        raw_geometry(grams_of(clouds()), centers=np.ones((32, 40)))


@pytest.mark.slow
def test_directions_that_are_given_are_those_that_are_searched():
    rng = np.random.default_rng(2)
    raw = rng.standard_normal((30, 8, 60)) + rng.standard_normal((30, 1, 60))
    searched = manifold_geometry(raw, correlations="published")
    given = manifold_geometry(raw, correlations=center_structure(grams_of(raw).centers))
    assert (given.capacity, given.center_rank) == (searched.capacity, searched.center_rank)
