import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from empirical.data.permuted_labels import permute

TRUE = np.repeat(np.arange(10), 30)


@given(fraction=st.floats(0, 1), seed=st.integers(0, 2**32))
def test_only_the_chosen_share_moves_and_counts_are_kept(fraction, seed):
    labels = permute(TRUE, fraction, 10, np.random.default_rng(seed))
    assert labels.drawn.sum() == round(fraction * 300)
    assert (labels.trained == labels.true)[labels.unpermuted].all()
    assert np.array_equal(np.bincount(labels.trained, minlength=10), np.bincount(TRUE))


def test_groups_part_the_images_and_leave_coincidences_out():
    labels = permute(TRUE, 0.5, 10, np.random.default_rng(0))
    assert (labels.trained != labels.true)[labels.permuted].all()
    assert set(labels.permuted) <= set(labels.permuted_all)
    assert sorted([*labels.unpermuted, *labels.permuted_all]) == list(range(300))
    kept = len(labels.permuted_all) - len(labels.permuted)
    assert labels.coincidence_share == pytest.approx(kept / len(labels.permuted_all))


def test_every_permutation_is_equally_likely():
    true = np.array([0, 1, 2])
    seen = [tuple(permute(true, 1.0, 3, np.random.default_rng(seed)).trained) for seed in range(1200)]
    counts = np.unique(seen, axis=0, return_counts=True)[1]
    assert len(counts) == 6
    assert stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize(
    ("true", "fraction", "words"),
    [
        (TRUE, 1.5, "fraction must be within 0..1; received 1.5"),
        (TRUE, np.nan, "fraction must be within"),
        (np.array([0, 10]), 0.5, "labels must be within 0..9; received 0..10"),
        (np.array([-1, 3]), 0.5, "received -1..3"),
        (np.array([0.5, 1.0]), 0.5, "whole numbers"),
    ],
)
def test_bad_input_is_named(true, fraction, words):
    with pytest.raises(ValueError, match=words):
        permute(true, fraction, 10, np.random.default_rng(0))
