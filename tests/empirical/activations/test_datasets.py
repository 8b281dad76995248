import numpy as np
import pytest
import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
)

from empirical.activations.class_points import classes_of
from empirical.errors import ActivationError, GeometryError

N = 200
INPUTS = torch.randn(N, 3, generator=torch.Generator().manual_seed(0))
LABELS = torch.randint(0, 4, (N,), generator=torch.Generator().manual_seed(1))
PAIRS = TensorDataset(INPUTS, LABELS)


class Counting(Dataset):
    """A data set that says which of its items were read."""

    def __init__(self, form=lambda x, y: (x, y)):
        self.form, self.read = form, []

    def __len__(self):
        return N

    def __getitem__(self, index):
        self.read.append(index)
        return self.form(INPUTS[index], int(LABELS[index]))


class Streaming(IterableDataset):
    def __iter__(self):
        yield from zip(INPUTS, LABELS, strict=True)


def members_of(inputs, labels=None, n_points=5, seed=0):
    return [members.values for members in classes_of(inputs, labels, n_points, seed).values()]


EXACT = members_of(INPUTS, LABELS)


@pytest.mark.parametrize(
    "inputs",
    [
        PAIRS,
        Counting(),
        Counting(lambda x, y: {"pixel_values": x, "label": y}),
        Counting(lambda x, y: {"pixel_values": x, "labels": y}),
        Counting(lambda x, y: (x.numpy(), y)),
        Counting(lambda x, y: (x, "abcd"[y])),
        Streaming(),
        DataLoader(PAIRS, batch_size=7),
        DataLoader(PAIRS, batch_size=N),
        DataLoader(PAIRS, batch_size=7, num_workers=1),
        DataLoader(Streaming(), batch_size=7),
        Subset(PAIRS, range(N)),
    ],
)
def test_data_sets_and_loaders_give_the_points_that_tensors_give(inputs):
    for one, same in zip(members_of(inputs), EXACT, strict=True):
        assert torch.equal(one, same)


@pytest.mark.parametrize(
    "inputs",
    [
        TensorDataset(INPUTS),
        PAIRS,
        Counting(lambda x, y: x),
        DataLoader(PAIRS, batch_size=7),
        DataLoader(TensorDataset(INPUTS)),
        DataLoader(Streaming(), 7),
    ],
)
def test_labels_may_be_given_beside_a_data_set(inputs):
    for one, same in zip(members_of(inputs, LABELS), EXACT, strict=True):
        assert torch.equal(one, same)


def test_of_a_data_set_whose_labels_are_given_only_the_chosen_items_are_read():
    data = Counting()
    members_of(data, LABELS)
    assert len(data.read) == 20


def test_a_loader_that_shuffles_gives_inputs_of_the_right_classes():
    """Each pass has another order; the numbers of points are those asked for, and none is taken twice."""
    state = torch.random.get_rng_state()
    found = members_of(DataLoader(PAIRS, batch_size=7, shuffle=True))
    for label, members in enumerate(found):
        places = [int(torch.argmin((INPUTS - one).abs().sum(1))) for one in members]
        assert len(set(places)) == 5
        assert (LABELS[places] == label).all()
    again = members_of(DataLoader(PAIRS, batch_size=7, shuffle=True))
    assert all(torch.equal(one, same) for one, same in zip(found, again, strict=True))
    assert torch.equal(torch.random.get_rng_state(), state)
    whole = members_of(DataLoader(PAIRS, batch_size=7, shuffle=True), n_points=None)
    assert [len(one) for one in whole] == np.bincount(LABELS).tolist()


def test_a_loader_of_some_items_gives_no_others():
    kept = torch.arange(0, N, 2)
    found = members_of(DataLoader(PAIRS, batch_size=7, sampler=SubsetRandomSampler(kept)), n_points=None)
    assert sum(len(one) for one in found) == len(kept)
    assert torch.equal(torch.cat(found).sum(0).round(decimals=3), INPUTS[kept].sum(0).round(decimals=3))


def test_items_are_drawn_once_though_transforms_are_random():
    """The points that are measured are the chosen items as they were read last, each once."""
    drawn = {}

    def moved(x, y):
        (index,) = torch.nonzero((x == INPUTS).all(1)).flatten().tolist()
        drawn.setdefault(index, []).append(x + torch.randn(3))
        return drawn[index][-1], y

    found = members_of(Counting(moved))
    chosen = [[int(torch.nonzero((x == INPUTS).all(1))) for x in members] for members in EXACT]
    for members, places in zip(found, chosen, strict=True):
        assert torch.equal(members, torch.stack([drawn[place][-1] for place in places]))
    # A pass for the labels, a pass for the chosen inputs.
    again = {place for places in chosen for place in places}
    assert {index: len(values) for index, values in drawn.items()} == {index: 1 + (index in again) for index in range(N)}


@pytest.mark.parametrize(
    "loader",
    [
        DataLoader(PAIRS, shuffle=True),
        DataLoader(PAIRS, sampler=SubsetRandomSampler(range(N))),
        DataLoader(PAIRS, batch_sampler=BatchSampler(RandomSampler(PAIRS), 7, drop_last=False)),
        DataLoader(PAIRS, batch_sampler=[[1, 0], [2, 3]]),
    ],
)
def test_given_labels_do_not_go_with_a_loader_that_shuffles(loader):
    with pytest.raises(ActivationError, match=r"does not keep the order of its data set \(\w+\).* or shuffle=False"):
        members_of(loader, LABELS)


@pytest.mark.parametrize(
    ("inputs", "labels", "error", "words"),
    [
        (TensorDataset(INPUTS), None, GeometryError, "labels must be given for a data set whose items are inputs alone"),
        (PAIRS, LABELS[1:], GeometryError, r"labels must be one per input, \(200,\); received shape \(199,\)"),
        (TensorDataset(INPUTS, LABELS, LABELS), None, ActivationError, "items of the data set have 3 parts"),
        (Counting(lambda x, y: (object(), y)), None, ActivationError, "items of the data set cannot be made one batch"),
        (Counting(lambda x, y: (x, float("nan"))), None, GeometryError, "64 of 64 labels are missing"),
        (Counting(lambda x, y: (x, 0)), None, GeometryError, "two classes or more; received 1"),
    ],
)
def test_data_sets_that_cannot_be_read_are_told(inputs, labels, error, words):
    with pytest.raises(error, match=words):
        members_of(inputs, labels)


def test_anything_indexed_by_number_is_a_data_set():
    """As the data sets of Hugging Face are, which are of no class of torch."""

    class Foreign:
        def __len__(self):
            return N

        def __getitem__(self, index):
            return {"input_ids": INPUTS[index], "label": LABELS[index]}

    for one, same in zip(members_of(Foreign()), EXACT, strict=True):
        assert torch.equal(one, same)
