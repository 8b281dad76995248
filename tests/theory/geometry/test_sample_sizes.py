import numpy as np
import pytest

from tests.theory.correlated_clouds import layer_like
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.manifolds import manifold_geometry
from theory.geometry.sample_sizes import SizeCurve, Sized, against_manifolds, against_points
from theory.numerics.estimate import Estimate

QUICK = {"n_probes": 30, "resamples": 2}


def curve(*capacities):
    """A curve of given capacities, with errors."""
    flat = Estimate(1.0, 0.1, 3)
    return SizeCurve(
        "points", tuple(Sized(5, 10.0 * 2**i, Estimate(*pair, 3), flat, flat) for i, pair in enumerate(capacities))
    )


def test_the_last_subset_is_the_whole_and_each_is_in_the_next():
    raw = layer_like(8, 60, n_points=16)
    with pytest.warns(UserWarning, match="8 manifolds"):
        whole = manifold_geometry(raw, **QUICK)
    for found, sizes in ((against_points(raw, **QUICK), [4, 8, 16]), (against_manifolds(raw, **QUICK), [4, 8])):
        assert [row.n_points if found.varied == "points" else row.n_manifolds for row in found.rows] == sizes
        last = found.rows[-1]
        assert (last.n_manifolds, last.n_points) == (8, 16)
        for name in ("capacity", "radius", "dimension"):
            assert getattr(last, name).value == pytest.approx(getattr(whole, name).value, rel=1e-6)
            assert getattr(last, name).se == pytest.approx(getattr(whole, name).se, rel=1e-6)


def test_clouds_and_inner_products_agree_and_sizes_may_be_given():
    raw = [cloud[: 6 + i % 3] for i, cloud in enumerate(layer_like(6, 60, n_points=8))]
    one, other = (against_points(given, [3, 7], **QUICK) for given in (raw, grams_of(raw, points=True)))
    assert [row.n_points for row in one.rows] == [3, pytest.approx(20 / 3)]
    for left, right in zip(one.rows, other.rows, strict=True):
        assert left.capacity.value == pytest.approx(right.capacity.value, rel=1e-6)


@pytest.mark.settled
def test_more_points_lower_the_capacity_and_the_sentence_says_so():
    found = against_points(layer_like(20, 80, n_points=32), n_probes=100, resamples=6)
    capacities = [row.capacity.value for row in found.rows]
    assert capacities == sorted(capacities, reverse=True)
    assert found.still_changes("capacity")
    assert "capacity: from 16 to 32 points it changes by -" in str(found)
    assert "compare it at equal numbers of points only" in str(found)


def test_manifolds_of_one_kind_do_not_depend_on_their_number():
    """The error covers which manifolds are in the subset."""
    raw = np.random.default_rng(0).standard_normal((60, 1, 400)) + 0.5 * np.random.default_rng(1).standard_normal((60, 5, 400))
    found = against_manifolds(raw, [30, 60], center_mean=False, correlations=0, **QUICK)
    assert not found.still_changes("capacity")
    assert "within two errors" in found.sentence("capacity")


def test_a_change_has_the_error_of_a_ratio():
    change = curve((0.5, 0.05), (0.4, 0.02), (0.2, 0.02)).last_change("capacity")
    assert change.value == pytest.approx(-0.5)
    assert change.se == pytest.approx(0.5 * np.hypot(0.05, 0.1))
    assert curve((0.4, 0.02), (0.2, 0.02)).still_changes("capacity")
    assert not curve((0.4, 0.1), (0.2, 0.1)).still_changes("capacity")
    assert curve((0.0, 0.0), (0.0, 0.0)).last_change("capacity").value == 0


@pytest.mark.parametrize("sizes", [[4], [1, 4], [], [9, 12]])
def test_sizes_without_a_change_are_refused(sizes):
    with pytest.raises(ValueError, match="two numbers of points or more, each 2 or more and at most 8; received"):
        against_points(layer_like(4, 60, n_points=8), sizes)


def test_inner_products_without_those_of_all_points_are_refused():
    with pytest.raises(ValueError, match="points=True"):
        against_manifolds(grams_of(layer_like(4, 60, n_points=8)))
    with pytest.raises(ValueError, match="6 are too few to halve: bring 8 or more"):
        against_points(layer_like(4, 60, n_points=6))


def test_a_change_within_its_errors_is_told_with_what_it_may_be():
    """An error of 35 % rules out little, and the sentence must not say that nothing depends on the number."""
    words = curve((0.4, 0.1), (0.4, 0.1)).sentence("capacity")
    assert words.endswith("it changes by +0.0% ± 35.4%, within two errors: a change by -70.7% to +70.7% is possible")
