"""What is refused says what to do."""

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from empirical.errors import ActivationError
from empirical.geometry import layer_geometry

LABELS = torch.arange(3).repeat_interleave(4)


class Ragged:
    """Items of several lengths."""

    def __len__(self):
        return 12

    def __getitem__(self, index):
        return torch.zeros(3 + index), int(LABELS[index])


@pytest.mark.parametrize("source", [Ragged(), DataLoader(Ragged(), batch_size=4)], ids=["data set", "loader"])
def test_items_of_several_shapes(source):
    with pytest.raises(ActivationError, match=r"cannot be made one batch \(stack expects .* collate_fn pads them"):
        layer_geometry(nn.Identity(), source)


def test_lists_of_several_lengths():
    items = [([1.0] * (2 + index), int(LABELS[index])) for index in range(12)]
    with pytest.raises(ActivationError, match=r"cannot be made one batch \(each element in list of batch .* return tensors"):
        layer_geometry(nn.Identity(), DataLoader(items, batch_size=4))


def test_items_of_several_shapes_in_another_process():
    with pytest.raises(ActivationError, match=r"cannot be made one batch \(.* collate_fn pads them"):
        layer_geometry(nn.Identity(), DataLoader(Ragged(), batch_size=4, num_workers=1))


def test_items_that_are_no_numbers():
    items = [(object(), 0), (object(), 1)]
    with pytest.raises(ActivationError, match=r"cannot be made one batch \(default_collate: .* return tensors or numbers"):
        layer_geometry(nn.Identity(), DataLoader(items))


@pytest.mark.slow
def test_an_error_of_the_data_set_itself_is_its_own():
    class Broken(Ragged):
        def __getitem__(self, index):
            raise RuntimeError("the disk is on fire")

    with pytest.raises(RuntimeError, match="the disk is on fire"):
        layer_geometry(nn.Identity(), Broken())

    class Stacking(Ragged):
        def __getitem__(self, index):
            return torch.stack([torch.zeros(2), torch.zeros(3)]), 0

    with pytest.raises(RuntimeError, match="stack expects"):
        layer_geometry(nn.Identity(), Stacking())


def test_tensors_of_other_lengths():
    with pytest.raises(ActivationError, match=r"received shapes \(12, 2\), \(3, 12\): move the axis of the inputs"):
        layer_geometry(nn.Identity(), (torch.zeros(12, 2), torch.zeros(3, 12)), LABELS)


def test_layers_that_do_not_run():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.idle = nn.Linear(2, 2), nn.Linear(2, 2)

        def forward(self, x):
            return self.used(x)

    for layer, words in (("idle", "other inputs may use it, .* give the layer around it"), ("used:2", "give an earlier call")):
        with pytest.raises(ActivationError, match=f"layer {layer} did not run .*{words}"):
            layer_geometry(Net(), torch.randn(12, 2), LABELS, [layer], on_error="raise")
