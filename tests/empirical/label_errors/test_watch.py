"""The watch: what it finds, and what it says of input that is wrong."""

import re

import numpy as np
import pytest

from empirical.errors import LabelsError
from empirical.label_errors import LabelWatch
from tests.empirical.label_errors.loops import Clouds, shown


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def clouds(rng):
    return Clouds.drawn(rng)


def watched(clouds, rng, n_epochs=4, **options):
    watch = LabelWatch(clouds.given, held_out=np.arange(0, 300, 10))
    shown(watch, clouds, rng, n_epochs, **options)
    return watch


@pytest.mark.parametrize("features", [True, False])
def test_wrong_labels_come_first_with_the_true_one_suggested(clouds, rng, features):
    table = watched(clouds, rng, features=features).table()
    wrong = (clouds.given != clouds.true)[table.index]
    assert wrong[:30].mean() > 0.9
    assert (table.suggested == clouds.true[table.index])[wrong].mean() > 0.9
    assert np.isnan(table.geometry).all() != features
    np.testing.assert_array_equal(table.given, clouds.given[table.index])


def test_scores_do_not_depend_on_batches(clouds):
    found = []
    for batch in (7, 300):
        watch, rng = LabelWatch(clouds.given, held_out=[1, 2, 3]), np.random.default_rng(1)
        for _ in range(3):
            logits, rows = clouds.epoch(rng)
            for index in np.split(np.arange(300), range(batch, 300, batch)):
                watch.update(index, logits[index], rows[index])
        found.append(watch.table())
    np.testing.assert_array_equal(found[0].index, found[1].index)
    np.testing.assert_allclose(found[0].loss, found[1].loss, rtol=1e-6)
    np.testing.assert_allclose(found[0].geometry, found[1].geometry, rtol=1e-4, atol=1e-4)


def test_the_loss_is_the_mean_cross_entropy(clouds, rng):
    watch, kept = LabelWatch(clouds.given, held_out=[0]), []
    for _ in range(2):
        logits, _ = clouds.epoch(rng)
        watch.update(np.arange(300), logits)
        logs = logits - np.log(np.exp(logits.astype(float)).sum(1, keepdims=True))
        kept.append(-logs[np.arange(300), clouds.given])
    table = watch.table()
    assert table.epochs == min(2 * table.best, 2)
    np.testing.assert_allclose(table.loss, np.mean(kept, axis=0)[table.index], rtol=1e-5, atol=1e-9)


def test_it_is_done_at_twice_the_best_epoch(clouds, rng):
    watch = LabelWatch(clouds.given, held_out=[44])
    # Example 44 has its true label.
    logits, _ = clouds.epoch(rng)
    sizes = [1, 3, 2, 1, 0.5, 0.25]  # the third epoch is not better than the second
    done = []
    for size in sizes:
        watch.update(np.arange(300), size * logits)
        done.append(watch.done)
    assert watch.best == 2
    assert done == [False, False, False, True, True, True]
    assert watch.table().epochs == 4


def test_arrays_of_torch_are_taken_with_their_graph():
    torch = pytest.importorskip("torch")
    watch = LabelWatch(torch.tensor([0, 1, 0, 1]), held_out=torch.tensor([3]))
    logits = torch.zeros(4, 2, requires_grad=True) + torch.eye(2)[[0, 1, 0, 1]]
    for kind in (torch.float32, torch.bfloat16):
        watch.update(torch.arange(4), logits.to(kind), logits[:, None].to(kind))
    assert watch.epochs == 2


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0, 1, -1], "labels must be 0 or more; received -1 of example 2"),
        ([0.0, 1.0], "labels must be whole numbers"),
        ([[0, 1]], "labels must be whole numbers, (n,); received shape (1, 2)"),
        ([3, 3], "two classes or more; received 3 for all 2 examples"),
        ([], "labels must be whole numbers"),
    ],
)
def test_labels_that_cannot_be(labels, words):
    with pytest.raises(LabelsError, match=re.escape(words)):
        LabelWatch(labels)


def test_labels_beyond_the_columns(clouds, rng):
    logits, _ = clouds.epoch(rng)
    with pytest.raises(LabelsError, match=r"3 columns, and the largest label is 3: labels must be within 0..2"):
        LabelWatch(clouds.given).update([0, 1], logits[:2, :3])


def test_logits_of_another_width(clouds, rng):
    watch, (logits, _) = LabelWatch(clouds.given), clouds.epoch(rng)
    watch.update([0, 1], logits[:2])
    with pytest.raises(LabelsError, match="must have 4 columns, as in earlier calls; received 8"):
        watch.update([2, 3], np.tile(logits[2:4], 2))


def test_features_of_another_width_or_left_out(clouds, rng):
    watch, (logits, rows) = LabelWatch(clouds.given), clouds.epoch(rng)
    watch.update([0, 1], logits[:2], rows[:2])
    with pytest.raises(LabelsError, match="features must have 6 numbers each, as in earlier calls; received 5"):
        watch.update([2, 3], logits[2:4], rows[2:4, :5])
    with pytest.raises(LabelsError, match="features were given in earlier calls and are left out in this one"):
        watch.update([4, 5], logits[4:6])


def test_rows_that_do_not_fit_the_indices(clouds, rng):
    logits, _ = clouds.epoch(rng)
    with pytest.raises(LabelsError, match=r"logits must have a row for each of the 2 indices; received shape \(3, 4\)"):
        LabelWatch(clouds.given).update([0, 1], logits[:3])


def test_an_index_twice_in_an_epoch(clouds, rng):
    watch, (logits, _) = LabelWatch(clouds.given), clouds.epoch(rng)
    watch.update([0, 1], logits[:2])
    with pytest.raises(LabelsError, match=r"example 1 was given twice in epoch 1, before the epoch was complete: 298 of 300"):
        watch.update([1, 2], logits[1:3])
    with pytest.raises(LabelsError, match="index has 5 twice"):
        watch.update([5, 5], logits[:2])


@pytest.mark.parametrize("index", [[300], [-1]])
def test_an_index_out_of_range(clouds, rng, index):
    logits, _ = clouds.epoch(rng)
    with pytest.raises(LabelsError, match=r"index must be within 0..299, positions in labels; received"):
        LabelWatch(clouds.given).update(index, logits[:1])


def test_numbers_that_are_not_finite(clouds, rng):
    logits, _ = clouds.epoch(rng)
    logits[1, 2] = np.nan
    with pytest.raises(LabelsError, match="logits must be finite; row 1 of this call is not"):
        LabelWatch(clouds.given).update([7, 8], logits[:2])


def test_missing_examples(clouds, rng):
    watch, (logits, _) = LabelWatch(clouds.given, held_out=[1]), clouds.epoch(rng)
    watch.update(np.arange(290), logits[:290])
    with pytest.raises(LabelsError, match=r"no epoch is complete.*10 of 300 examples were not given \(the first: 290, 291"):
        watch.table()
    watch.update(np.arange(290, 300), logits[290:])
    watch.update(np.arange(5), logits[:5])
    with pytest.warns(UserWarning, match="the last epoch is left out, because it is not complete: 295 of 300"):
        watch.table()


def test_everything_held_out(clouds):
    with pytest.raises(LabelsError, match="nothing is trained on"):
        LabelWatch(clouds.given, held_out=np.arange(300))


def test_a_class_of_one_example_is_ranked_by_its_loss(rng):
    clouds = Clouds.drawn(rng, n_classes=5)
    given = clouds.given.copy()
    given[given == 4] = 0
    given[7] = 4
    watch = LabelWatch(given, held_out=np.arange(0, 300, 10))
    shown(watch, clouds, rng, 3)
    with pytest.warns(UserWarning, match=r"1 classes have one example \(4\)"):
        table = watch.table()
    place = int(np.flatnonzero(table.index == 7)[0])
    assert np.isnan(table.geometry[place])
    assert place < 60


def test_nothing_held_out_is_told(clouds, rng):
    watch = LabelWatch(clouds.given)
    shown(watch, clouds, rng, 2)
    with pytest.warns(UserWarning, match="nothing is held out, so that scores are averages over all 2 epochs"):
        assert watch.table().best == 0


def test_a_training_that_ends_too_early_is_told(clouds, rng):
    watch = LabelWatch(clouds.given, held_out=[0, 50])
    shown(watch, clouds, rng, 1)
    with pytest.warns(UserWarning, match="train longer"):
        watch.table()
