"""Layers whose activations of an input depend on the other inputs of the batch, or on random numbers."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from empirical.errors import ActivationError
from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, drawn, require_rows


def test_recurrent_layers_over_inputs_in_place_of_times_are_found_out(quick):
    """A layer that takes time first and is given inputs first."""
    with pytest.warns(UserWarning, match="no geometry: 1, .* output: gave an input other activations in another"):
        table = layer_geometry(nn.LSTM(5, 3), drawn(4, 5), LABELS, **quick)
    assert [row.note == "" for row in table] == [True, False]


class BatchStatistics(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.norm = nn.BatchNorm1d(4, track_running_stats=False)
        self.last = nn.Linear(4, 3)

    def forward(self, x):
        return self.last(self.norm(self.first(x)))


def test_batch_statistics_are_noted_from_the_layer_where_they_begin(quick):
    inputs, model = drawn(4), BatchStatistics()
    told = r"last:? gave an input other activations in another batch, first seen in norm \(BatchNorm1d\)"
    with pytest.warns(UserWarning, match=told):
        table = layer_geometry(model, inputs, LABELS, **quick)
    require_rows(table[:2], {"input": inputs, "first": model.first(inputs)})
    assert np.isnan(table[2].capacity)
    with pytest.raises(ActivationError, match=f"layer {told}"):
        layer_geometry(model, inputs, LABELS, on_error="raise", **quick)


@pytest.mark.filterwarnings("ignore:1 manifolds are single points")
def test_batch_statistics_beside_a_class_of_one_input(quick):
    """They cannot be computed of one, and the layers before them are none the worse."""
    inputs, model, labels = drawn(4)[:7], BatchStatistics(), [0, 0, 0, 1, 1, 1, 2]
    (row,) = layer_geometry(model, inputs, labels, ["first"], **quick)
    (same,) = layer_geometry(model.first, inputs, labels, ["output"], **quick)
    assert row.capacity == pytest.approx(same.capacity, rel=1e-6)


class Dropping(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x):
        return self.last(functional.dropout(self.first(x)))


def test_dropout_that_is_left_on_is_noted_from_the_layer_where_it_begins(quick):
    inputs, model = drawn(4), Dropping()
    state = torch.random.get_rng_state()
    with pytest.warns(UserWarning, match=r"last: gave other activations when .* again, first seen in last \(Linear\).* random"):
        table = layer_geometry(model, inputs, LABELS, **quick)
    require_rows(table[:2], {"input": inputs, "first": model.first(inputs)})
    assert np.isnan(table[2].capacity)
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_quantized_layers_that_scale_by_the_batch_are_found_out(quick):
    """Dynamic quantization takes its scale from the largest number in the batch."""
    linear = nn.Sequential(nn.Linear(4, 4))
    model = torch.ao.quantization.quantize_dynamic(linear, {nn.Linear})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = layer_geometry(model, drawn(4), LABELS, **quick)
    assert [row.layer for row in table] == ["input", "0"]
    assert "other activations in another batch" in table[1].note
