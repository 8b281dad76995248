"""The oracle decides one draw and one number of features at a time, by non-negative least squares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empirical.separability import nested_features
from empirical.separability.nested_features import least_features, least_of, least_of_draws
from empirical.separability.points_and_balls import separate


def one_by_one(signed):
    """n* of each draw, from n = 1 on."""

    def separable(points, n):
        return separate(points[:, :n], np.ones(len(points))).separable

    most = signed.shape[2]
    return [next((n for n in range(1, most + 1) if separable(points, n)), most + 1) for points in signed]


def drawn(seed, n_draws, n_points, most, shift=0.0):
    """Gaussian points at random distances, some of them equal and some inside others' hull, times labels."""
    rng = np.random.default_rng(seed)
    signed = rng.standard_normal((n_draws, n_points, most)) + shift * rng.standard_normal(most)
    signed *= 10 ** rng.uniform(-2, 2, (n_draws, n_points, 1))
    if n_points > 3:
        signed[:, 1] = 3 * signed[:, 0]
        signed[:, 2] = 0.25 * signed[:, 0] + 0.75 * signed[:, 3]
    return signed


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    n_draws=st.integers(1, 6),
    n_points=st.integers(1, 30),
    most=st.integers(1, 20),
    shift=st.sampled_from([0.0, 0.5]),
)
def test_numbers_are_those_of_one_draw_at_a_time(seed, n_draws, n_points, most, shift):
    signed = drawn(seed, n_draws, n_points, most, shift)
    assert least_features(signed).tolist() == one_by_one(signed)


@pytest.mark.parametrize("small", [0, 10**9])
def test_small_and_large_tableaus_pivot_alike(small, monkeypatch):
    signed = drawn(1, 20, 40, 30)
    monkeypatch.setattr(nested_features, "SMALL", small)
    monkeypatch.setattr(nested_features, "_searched", None)
    assert least_features(signed).tolist() == one_by_one(signed)


def test_draws_in_parts_are_the_same_draws(monkeypatch):
    signed = drawn(2, 9, 12, 10)
    whole = least_features(signed)
    monkeypatch.setattr(nested_features, "IN_CACHE", 150)
    assert least_features(signed).tolist() == whole.tolist()


def test_draws_are_made_in_order_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(nested_features, "TOGETHER", 3)
    signed = drawn(3, 8, 12, 10)
    assert least_of_draws(iter(signed).__next__, 8).tolist() == least_features(signed).tolist()


def test_features_are_made_when_they_are_needed():
    signed, asked = drawn(4, 5, 20, 200), []

    def features(n):
        asked.append(n)
        return signed[:, :, :n].swapaxes(1, 2)

    found = least_of(features, 5, 20, 200)
    assert found.tolist() == least_features(signed).tolist()
    assert max(asked) == found.max() < 30


def test_opposite_points_are_separable_in_no_number_of_features():
    signed = drawn(5, 3, 6, 8)
    signed[1, 4] = -2 * signed[1, 5]
    found = least_features(signed)
    assert found[1] == 9
    assert found.tolist() == one_by_one(signed)


def test_a_feature_that_is_zero_adds_nothing():
    signed = drawn(6, 4, 9, 12)
    signed[:, :, 2] = 0.0
    assert least_features(signed).tolist() == one_by_one(signed)


def test_corners_of_a_cube_are_decided_although_many_weights_vanish_at_once():
    rng = np.random.default_rng(7)
    signed = rng.choice([-1.0, 1.0], (6, 12, 10))
    assert least_features(signed).tolist() == one_by_one(signed)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("PIVOTS", 0),
        ("_certified", lambda signed, *about: np.zeros(len(signed), dtype=bool)),
        ("PRICE", 1.0),
        ("PIVOT", -np.inf),
    ],
)
def test_what_pivots_do_not_certify_is_searched(name, broken, monkeypatch):
    """Answers are right whatever the pivots do."""
    signed, searched, search = drawn(8, 6, 12, 10), [], nested_features._searched
    monkeypatch.setattr(nested_features, name, broken)
    monkeypatch.setattr(nested_features, "_searched", lambda *about: searched.append(1) or search(*about))
    assert least_features(signed).tolist() == one_by_one(signed)
    assert searched


@pytest.mark.parametrize("wrong", [-1, 1])
def test_a_wrong_number_is_not_certified(wrong):
    signed = drawn(9, 30, 12, 10)
    features = signed.swapaxes(1, 2)
    found, basis = nested_features._pivoted_to_the_end(lambda n: features, 30, 12, 10)
    chosen = (found > 2) & (found < 10)
    assert chosen.sum() > 10
    never = np.zeros(chosen.sum(), dtype=bool)
    assert nested_features._certified(signed[chosen], basis[chosen], found[chosen], never).all()
    assert not nested_features._certified(signed[chosen], basis[chosen], found[chosen] + wrong, never).any()


def test_points_that_the_last_feature_separates_are_not_certified_as_never_separable():
    signed = drawn(10, 200, 14, 6)
    found, basis = nested_features._pivoted_to_the_end(lambda n: signed.swapaxes(1, 2), 200, 14, 6)
    last, beyond = found == 6, np.concatenate([signed, np.zeros((200, 14, 1))], axis=2)
    assert last.sum() > 10
    assert (found == 7).sum() > 10
    for chosen, certain in ((last, False), (found == 7, True)):
        all_features = np.full(chosen.sum(), 7)
        given = nested_features._certified(beyond[chosen], basis[chosen], all_features, all_features > 6)
        assert (given == certain).all()
