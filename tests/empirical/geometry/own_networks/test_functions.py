"""Functions and methods in place of a network."""

import pytest
import torch
from torch import nn

from empirical.errors import ActivationError
from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, drawn, exact, require_rows


def test_a_function_has_an_input_and_an_output(quick):
    inputs, weights = drawn(4), torch.randn(4, 3)
    expected = {"input": inputs, "output": inputs @ weights}
    require_rows(layer_geometry(lambda x: x @ weights, inputs, LABELS, **quick), expected)
    require_rows(layer_geometry(lambda x: (x @ weights).numpy(), inputs, LABELS, **quick), expected)
    with pytest.raises(ActivationError, match="no layer 'fc'; layers: input, output"):
        layer_geometry(lambda x: x, inputs, LABELS, ["fc"])


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.drop = nn.Linear(4, 3), nn.Dropout()

    def encode(self, x):
        return self.drop(self.layer(x))


def test_a_method_of_a_network_has_its_layers_and_its_mode(quick):
    inputs, model = drawn(4), Encoder().train()
    features = model.layer(inputs)
    table = layer_geometry(model.encode, inputs, LABELS, **quick)
    require_rows(table, {"input": inputs, "model.layer": features, "output": features})
    assert model.drop.training


def test_a_function_that_calls_a_network_in_training_mode_is_told_what_to_do(quick):
    model = Encoder().train()
    with pytest.warns(UserWarning, match=r"output: gave other .*; call eval\(\) on networks that the function calls"):
        layer_geometry(lambda x: model.encode(x), drawn(4), LABELS, **quick)


def test_the_parts_of_complex_numbers_are_features(quick):
    inputs, model = drawn(6), nn.Sequential(nn.Linear(6, 4))
    (row,) = layer_geometry(lambda x: torch.fft.fft(model(x)), inputs, LABELS, ["output"], **quick)
    values = torch.fft.fft(model(inputs))
    require_rows([row], {"output": torch.cat([values.real, values.imag], 1)})
    # The Fourier transform is a rotation, and it stretches.
    assert row.capacity == pytest.approx(exact(model(inputs))[0], rel=1e-3)
