import numpy as np
import pytest
import torch

from empirical.activations.labels import chosen_of, labels_of
from empirical.errors import GeometryError


class NAType:
    """As pandas.NA, whose comparisons have no truth."""

    def __eq__(self, other):
        return self

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None


KINDS = [
    [0, 1, 1],
    (0, 1, 1),
    np.array([0, 1, 1]),
    np.array([[0], [1], [1]]),
    np.array([0.0, 1.0, 1.0]),
    torch.tensor([0, 1, 1]),
    torch.tensor([[0], [1], [1]], dtype=torch.uint8),
    torch.tensor([False, True, True]),
    [torch.tensor(0), torch.tensor(1), torch.tensor(1)],
    ["cat", "dog", "dog"],
    np.array(["cat", "dog", "dog"], dtype=object),
    np.array(["2020-01-01", "2020-01-02", "2020-01-02"], dtype="datetime64[D]"),
    np.ma.masked_array([0, 1, 1], mask=[False, False, False]),
]


@pytest.mark.parametrize("labels", KINDS)
def test_labels_of_every_kind_name_the_same_classes(labels):
    assert [one.tolist() for one in chosen_of(labels_of(labels, 3), None, 0)] == [[0], [1, 2]]


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (np.array([0, np.nan, 1]), r"1 of 3 labels are missing, the first that of input 1 \(nan\); leave these inputs out"),
        (torch.tensor([0, 1, torch.nan]), "1 of 3 labels are missing, the first that of input 2"),
        (["cat", float("nan"), "dog"], r"1 of 3 labels are missing, the first that of input 1 \(nan\)"),
        (["cat", None, None], r"2 of 3 labels are missing, the first that of input 1 \(None\)"),
        (np.array([0, None, 1]), r"the first that of input 1 \(None\)"),
        (np.array(["2020-01-01", "NaT", "2020-01-01"], dtype="datetime64[D]"), r"the first that of input 1 \(NaT\)"),
        ([0, NAType(), 1], "1 of 3 labels are missing, the first that of input 1"),
        (np.ma.masked_array([0, 1, 1], mask=[0, 1, 0]), "1 of 3 labels are masked; leave these inputs out"),
        (torch.tensor([0, 1, 1]).bfloat16(), "labels are torch.bfloat16, .* pass labels as int64"),
        (torch.tensor([0, 1, 1]).half(), "labels are torch.float16"),
        ([0, 1], r"one per input, \(3,\); received shape \(2,\)"),
        ([[0, 1, 0]], r"received shape \(1, 3\)"),
        (np.eye(3), r"received shape \(3, 3\); of one-hot labels pass labels.argmax\(1\)"),
        ((label for label in [0, 1, 1]), r"received shape \(\), a generator"),
        ({"a": 1}, r"received shape \(\), a dict"),
        ([[0], [1, 2], [3]], "received a list whose entries differ in length"),
    ],
)
def test_missing_labels_and_labels_that_do_not_fit_are_told(labels, words):
    with pytest.raises(GeometryError, match=words):
        labels_of(labels, 3)


def test_labels_that_cannot_be_sorted_are_told():
    labels = labels_of(np.array([0, "cat", 1, 1], dtype=object), 4)
    with pytest.raises(GeometryError, match="labels must be of one kind; received int, str"):
        chosen_of(labels, None, 0)


def test_labels_of_pandas():
    pandas = pytest.importorskip("pandas")
    column = pandas.Series(["cat", "dog", "dog"])
    for one in (column, column.astype("category"), pandas.Series([0, 1, 1], dtype="Int64")):
        assert [places.tolist() for places in chosen_of(labels_of(one, 3), None, 0)] == [[0], [1, 2]]
    for missing in (
        pandas.Series(["cat", None, "dog"]),
        pandas.Series([0, None, 1], dtype="Int64"),
        pandas.Series(["cat", None, "dog"], dtype="category"),
        pandas.to_datetime(pandas.Series(["2020-01-01", None, "2020-01-02"])),
    ):
        with pytest.raises(GeometryError, match="1 of 3 labels are missing, the first that of input 1"):
            labels_of(missing, 3)
