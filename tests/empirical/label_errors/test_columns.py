"""Columns of logits in another order than the labels are told; noise of labels, however one-sided, is not taken for it."""

import numpy as np
import pytest

from empirical.label_errors import LabelWatch
from empirical.label_errors.columns import ColumnCount
from tests.empirical.label_errors.loops import Clouds, shown


def warned(counts) -> list[str]:
    columns = ColumnCount(len(counts))
    for given, row in enumerate(counts):
        for predicted, n in enumerate(row):
            columns.add(np.full(n, given), np.full(n, predicted))
    columns.end_epoch()
    return columns.warnings()


def test_all_columns_in_another_order():
    (words,) = warned([[2, 90, 8], [3, 7, 90], [88, 6, 6]])
    assert "most examples labelled 0 as 1, 1 as 2, 2 as 0; give logits whose column c is class c" in words


def test_two_columns_exchanged():
    (words,) = warned([[95, 5, 0, 0], [4, 96, 0, 0], [0, 0, 10, 90], [0, 0, 80, 20]])
    assert "2 as 3, 3 as 2" in words


@pytest.mark.parametrize("share", [0, 20, 40, 49])
def test_errors_from_each_class_to_one_other_are_not_taken_for_exchanged_columns(share):
    """The network predicts the true class of every example: label c has 100 - share examples of c, and the others of c - 1."""
    assert warned(np.diag([100 - share] * 5) + np.roll(np.diag([share] * 5), -1, axis=1)) == []


def test_agreement_by_chance_is_told():
    (words,) = warned(np.full((10, 10), 20))
    assert "agrees with 200 of 2,000 labels, which is chance" in words
    assert warned(np.full((10, 10), 20) + np.diag([20] * 10)) == []


def test_few_examples_say_nothing():
    assert warned([[0, 2], [2, 0]]) == []


def test_the_watch_tells_of_exchanged_columns():
    rng = np.random.default_rng(0)
    clouds = Clouds.drawn(rng)
    watch = LabelWatch((clouds.given + 1) % 4, held_out=[0, 9])
    shown(watch, clouds, rng, 2)
    with pytest.warns(UserWarning, match="different order: the network predicts most examples labelled 0 as 3"):
        assert watch.table().warnings
