"""Labels exchanged from each class to one other."""

import re

import numpy as np
import pytest

from empirical.data.exchanged_labels import exchange

TRUE = np.arange(1000) % 5


@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
def test_a_share_gets_the_label_of_one_other_class(fraction):
    found = exchange(TRUE, fraction, 5, np.random.default_rng(0))
    wrong = found.trained != TRUE
    np.testing.assert_array_equal(wrong, found.drawn)
    assert wrong.sum() == fraction * 1000
    assert found.coincidence_share == 0
    pairs = {(a, b) for a, b in zip(TRUE[wrong].tolist(), found.trained[wrong].tolist(), strict=True)}
    assert len(pairs) == (5 if fraction else 0)
    assert len({b for _, b in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("labels", "fraction", "n_classes", "words"),
    [
        ([0, 1], 1.5, 2, "within 0..1; received 1.5"),
        ([0, 2], 0.5, 2, "within 0..1; received 0..2"),
        ([0], 0.5, 1, "2 or more"),
    ],
)
def test_what_cannot_be(labels, fraction, n_classes, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        exchange(np.array(labels), fraction, n_classes, np.random.default_rng(0))
