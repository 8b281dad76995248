"""The class-mean margin against the simple way, which keeps all features."""

import numpy as np
import pytest

from empirical.label_errors.class_means import FOLDS, ClassMeans

N, CLASSES, D = 120, 5, 7


def given(rng):
    return np.concatenate([np.arange(CLASSES), rng.integers(0, CLASSES, N - CLASSES)])


def simple(means: ClassMeans, labels, before, now):
    """The margins from features that were kept, with every example of the same class and fold left out."""
    found = []
    for i, label in enumerate(labels):
        others = before[(labels == label) & (means.fold != means.fold[i])].mean(0)
        away = [((now[i] - before[labels == c].mean(0)) ** 2).sum() for c in range(CLASSES) if c != label]
        found.append(((now[i] - others) ** 2).sum() - min(away))
    return np.array(found)


@pytest.mark.parametrize("batch", [1, 17, N])
def test_margins_are_those_of_kept_features(batch):
    rng = np.random.default_rng(0)
    labels, before, now = given(rng), rng.standard_normal((N, D)), rng.standard_normal((N, D))
    means = ClassMeans(labels, CLASSES, rng)
    for index in np.split(rng.permutation(N), range(batch, N, batch)):
        assert means.margins(index, before[index]) is None
        means.add(index, before[index])
    means.end_epoch()
    margins, nearest = means.margins(np.arange(N), now)
    np.testing.assert_allclose(margins, simple(means, labels, before, now), atol=1e-5)
    assert np.all(nearest != labels)


def test_folds_share_out_every_class():
    labels = given(np.random.default_rng(1))
    fold = ClassMeans(labels, CLASSES, np.random.default_rng(1)).fold
    for label in range(CLASSES):
        counts = np.bincount(fold[labels == label], minlength=FOLDS)
        assert counts.max() - counts.min() <= 1


def test_an_example_does_not_move_the_mean_of_its_own_class():
    """However far out it was in the epoch before."""
    rng = np.random.default_rng(2)
    labels, before = given(rng), rng.standard_normal((N, D))
    found = []
    for far in (0.0, 1e3):
        means = ClassMeans(labels, CLASSES, np.random.default_rng(0))
        moved = before.copy()
        moved[10] += far
        means.add(np.arange(N), moved)
        means.end_epoch()
        found.append(means.means_without[means.fold[10], labels[10]])
    np.testing.assert_array_equal(*found)


def test_the_only_example_of_a_class_has_no_margin_and_an_absent_class_is_never_nearest():
    labels = np.array([0, 0, 0, 1, 1, 2])
    rows = np.random.default_rng(0).standard_normal((6, 3))
    means = ClassMeans(labels, 4, np.random.default_rng(0))
    means.add(np.arange(6), rows)
    means.end_epoch()
    margins, nearest = means.margins(np.arange(6), rows)
    assert np.isnan(margins).tolist() == [False] * 5 + [True]
    assert 3 not in nearest


def test_every_epoch_starts_anew():
    rng = np.random.default_rng(3)
    labels, rows = given(rng), rng.standard_normal((2, N, D))
    means, once = (ClassMeans(labels, CLASSES, np.random.default_rng(0)) for _ in range(2))
    for one in rows:
        means.add(np.arange(N), one)
        means.end_epoch()
    once.add(np.arange(N), rows[1])
    once.end_epoch()
    np.testing.assert_array_equal(means.means, once.means)
