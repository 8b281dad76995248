import numpy as np
import pytest
import torch

from empirical.activations.class_points import classes_of
from empirical.errors import ActivationError, GeometryError


def members_of(*arguments):
    return [members.values for members in classes_of(*arguments).values()]


def test_classes_are_in_the_order_of_their_labels_with_inputs_drawn_by_seed():
    inputs, labels = torch.arange(30.0)[:, None], np.tile([7, -1, 3], 10)
    classes = members_of(inputs, labels, 4, 0)
    assert [tuple(members.shape) for members in classes] == [(4, 1)] * 3
    assert [{int(value) % 3 for value in members} for members in classes] == [{1}, {2}, {0}]
    again, other = members_of(inputs, labels, 4, 0), members_of(inputs, labels, 4, 1)
    assert all(torch.equal(one, same) for one, same in zip(classes, again, strict=True))
    assert not all(torch.equal(one, another) for one, another in zip(classes, other, strict=True))


def test_labels_may_be_words():
    classes = members_of(torch.arange(4.0), ["dog", "cat", "dog", "cat"], None, 0)
    assert [members.tolist() for members in classes] == [[1, 3], [0, 2]]


def test_a_small_class_is_taken_whole():
    labels = torch.tensor([0] * 3 + [1] * 8)
    assert [len(members) for members in members_of(torch.randn(11, 2), labels, 5, 0)] == [3, 5]
    assert [len(members) for members in members_of(torch.randn(11, 2), labels, None, 0)] == [3, 8]


@pytest.mark.parametrize(
    ("inputs", "labels", "n_points", "words"),
    [
        (torch.zeros(4, 2), [0, 1, 0], 2, r"one per input, \(4,\); received shape \(3,\)"),
        (torch.zeros(4, 2), [[0, 1, 0, 1]], 2, r"received shape \(1, 4\)"),
        (torch.zeros(4, 2), [1, 1, 1, 1], 2, "two classes or more; received 1"),
        (torch.zeros(4, 2), [0, 1, 0, 1], 1, "n_points must be at least 2, or None for all; received 1"),
        (torch.zeros(4, 2), None, 2, "labels must be one per input; received None"),
        (torch.zeros(4, 2), [3, 1, 0, 2], 2, "each of the 4 labels is another"),
    ],
)
def test_labels_that_do_not_fit_are_an_error(inputs, labels, n_points, words):
    with pytest.raises(GeometryError, match=words):
        members_of(inputs, labels, n_points, 0)


def test_a_generator_is_refused_before_it_is_read():
    with pytest.raises(ActivationError, match="generator, which can be read once; pass a list"):
        classes_of((batch for batch in [torch.zeros(2)]), [0, 1], None, 0)


def test_arrays_and_lists_give_the_same_inputs_as_tensors():
    inputs, labels = torch.randn(12, 3), np.tile([0, 1], 6)
    exact = members_of(inputs, labels, 4, 0)
    for other in (inputs.numpy(), list(inputs), list(inputs.numpy()), inputs.tolist()):
        for one, same in zip(exact, members_of(other, labels, 4, 0), strict=True):
            torch.testing.assert_close(one, same.float())
