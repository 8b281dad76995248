"""One of our networks, trained and watched, on the digits with labels exchanged by hand."""

import numpy as np
import pytest

from empirical.errors import LabelsError, SpecError
from empirical.label_errors import label_errors

pytestmark = [pytest.mark.slow, pytest.mark.needs_torch]
N = 600


@pytest.fixture(scope="module")
def digits():
    """Images, given labels and true labels; 30 labels are exchanged for another."""
    pytest.importorskip("torch")
    sets = pytest.importorskip("sklearn.datasets")
    data, rng = sets.load_digits(), np.random.default_rng(0)
    true = data.target[:N]
    given = true.copy()
    given[rng.choice(N, 30, replace=False)] += 1
    return data.images[:N], given % 10, true


def test_exchanged_labels_are_found(digits):
    images, given, true = digits
    told = []
    table = label_errors(images, given, report=lambda *done: told.append(done))
    wrong = (given != true)[table.index]
    assert wrong[:30].mean() > 0.7
    assert (table.suggested == true[table.index])[wrong].mean() > 0.8
    assert table.epochs == 2 * table.best
    assert table.held_out.sum() == 60
    assert told == [(epoch, 60) for epoch in range(1, len(told) + 1)]


def test_the_same_seed_gives_the_same_table(digits):
    tables = [label_errors(*digits[:2], "mlp2", epochs=2, seed=seed) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(tables[0].loss, tables[1].loss)
    assert not np.array_equal(tables[0].loss, tables[2].loss)


def test_convolutions_and_a_verified_sample(digits):
    images, given, true = digits
    index = np.random.default_rng(1).choice(N, 200, replace=False)
    with pytest.warns(UserWarning, match="train longer"):
        table = label_errors(images, given, "smallvgg", epochs=1, verified=(index, (given == true)[index]))
    assert np.isnan(table.geometry).all()
    assert np.isfinite(table.q).sum() == N - 200


def test_what_cannot_be_is_told(digits):
    images, given, _ = digits
    with pytest.raises(SpecError, match="architecture must be one of"):
        label_errors(images, given, "mpl")
    with pytest.raises(SpecError, match="multiples of 16"):
        label_errors(images, given, "thinvgg")
    with pytest.raises(LabelsError, match="lower the learning rate"):
        label_errors(images, given, learning_rate=1e6, epochs=3)
    with pytest.raises(LabelsError, match=r"outside 0..599"):
        label_errors(images, given, verified=([600], [True]))
