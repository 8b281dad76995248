"""What measuring may not change: inputs, weights, modes, hooks."""

import copy

import pytest
import torch
from torch import nn

from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, drawn, require_rows
from tests.empirical.hooks import n_hooks


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_work_in_place_changes_no_input(dtype, quick):
    inputs = drawn(5).to(dtype)
    model, given = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(5, 4)).to(dtype), inputs.clone()
    table = layer_geometry(model, inputs, LABELS, ["input", "0", "1"], **quick)
    assert torch.equal(inputs, given)
    require_rows(table, {"input": given, "0": given.relu(), "1": model[1](given.relu())})


def test_work_in_place_changes_no_argument_by_name(quick):
    class Named(nn.Module):
        def forward(self, values, other):
            other.zero_()
            return values.relu_()

    values, other = drawn(5), drawn(5, seed=2)
    given = values.clone(), other.clone()
    table = layer_geometry(Named(), {"values": values, "other": other}, LABELS, ["input", "output"], **quick)
    assert torch.equal(values, given[0])
    assert torch.equal(other, given[1])
    require_rows(table, {"input": given[0], "output": given[0].relu()})


def test_an_interrupted_measurement_leaves_the_model_as_it_was(quick):
    class Interrupted(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.n = nn.Linear(4, 4), 0
            self.norm = nn.BatchNorm1d(4)

        def forward(self, x):
            self.n += 1
            if self.n == 6:
                raise KeyboardInterrupt
            return self.norm(self.first(x))

    model = Interrupted().train()
    state = copy.deepcopy(model.state_dict())
    with pytest.raises(KeyboardInterrupt):
        layer_geometry(model, drawn(4), LABELS, **quick)
    assert n_hooks(model) == 0
    assert all(module.training for module in model.modules())
    assert torch.backends.mha.get_fastpath_enabled()
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
