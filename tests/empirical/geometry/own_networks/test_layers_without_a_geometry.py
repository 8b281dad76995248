"""Layers that cannot be measured have a note, and cost no other layer its row; layers that nearly are such."""

import numpy as np
import pytest
import torch
from torch import nn

from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, M, P, drawn, exact, require_rows
from tests.empirical.hooks import n_hooks


class Positions(nn.Module):
    """Positions are embedded once for all inputs, as in text models."""

    def __init__(self):
        super().__init__()
        self.words, self.positions, self.head = nn.Embedding(9, 4), nn.Embedding(5, 4), nn.Linear(4, 3)

    def forward(self, input_ids, attention_mask=None):
        hidden = self.words(input_ids) + self.positions(torch.arange(5)[None])
        return {"loss": None, "logits": self.head(hidden)}


def test_position_embeddings_have_a_note(quick):
    words = torch.randint(0, 9, (P * M, 5), generator=torch.Generator().manual_seed(0))
    model = Positions()
    with pytest.warns(UserWarning, match="layers that") as told:
        table = layer_geometry(model, {"input_ids": words}, LABELS, **quick)
    assert ["input: holds" in str(told[0].message), "positions: returned" in str(told[1].message)] == [True, True]
    assert [row.layer for row in table] == ["words", "positions", "head"]
    assert table[1].note.startswith("returned shape (1, 5, 4) for 2 inputs, not one tensor with a row for each")
    require_rows([table[0], table[2]], {"words": model.words(words), "head": model(words)["logits"]})


def test_a_dead_a_narrow_and_a_broken_layer_cost_no_other_row(quick):
    inputs, model = drawn(4), nn.Sequential(*(nn.Linear(4, 4) for _ in range(3)), nn.Linear(4, 1), nn.Linear(1, 1))
    with torch.no_grad():
        model[2].weight.zero_()
        model[4].weight.fill_(torch.inf)
        model[4].bias.fill_(torch.nan)
    modes = [module.training for module in model.modules()]
    with pytest.warns(UserWarning, match="layers that have no geometry: 3, see their notes; the first is"):
        table = layer_geometry(model, inputs, LABELS, **quick)
    require_rows(table[:3], {"input": inputs, "0": model[0](inputs), "1": model[:2](inputs)})
    assert "returned the same for all inputs" in table[3].note == table[4].note
    assert "not finite" in table[5].note
    assert [row.layer for row in table] == ["input", "0", "1", "2", "3", "4"]
    assert [module.training for module in model.modules()] == modes
    assert n_hooks(model) == 0


def test_one_feature_is_measured(quick):
    inputs, model = drawn(4), nn.Sequential(nn.Linear(4, 1))
    require_rows(layer_geometry(model, inputs, LABELS, ["0"], **quick), {"0": model(inputs)})


class Late(nn.Module):
    """Not finite for one input only, which is among the last."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x):
        hidden = self.first(x)
        return self.last(torch.where(x[:, :1] > 20, torch.inf, hidden))


def test_a_layer_that_breaks_at_a_late_input_costs_no_other_row(quick):
    inputs, model = drawn(4), Late()
    inputs[-1, 0] = 30
    with pytest.warns(UserWarning, match="last: returned .* not finite"):
        table = layer_geometry(model, inputs, LABELS, **quick)
    require_rows(table[:2], {"input": inputs, "first": model.first(inputs)})
    assert np.isnan(table[2].capacity)


def test_experts_that_see_a_part_of_the_inputs_have_a_note(quick):
    class Experts(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.other = nn.Linear(4, 3), nn.Linear(4, 3)

        def forward(self, x):
            first = x[:, :1] > 0
            out = torch.empty(len(x), 3)
            out[first[:, 0]], out[~first[:, 0]] = self.one(x[first[:, 0]]), self.other(x[~first[:, 0]])
            return out

    inputs, model = drawn(4), Experts()
    with pytest.warns(UserWarning, match="layers that have no geometry: 2"):
        table = layer_geometry(model, inputs, LABELS, ["one", "other", "output"], **quick)
    require_rows(table[2:], {"output": model(inputs)})


def test_a_layer_with_a_bias_alone_is_dead(quick):
    """Rounding of its mean would have a geometry."""
    inputs, model = drawn(4), nn.Sequential(nn.Linear(4, 7))
    nn.init.zeros_(model[0].weight)
    with pytest.warns(UserWarning, match="0: returned the same for all inputs"):
        table = layer_geometry(model, inputs, LABELS, **quick)
    assert np.isnan(table[1].capacity)


def test_a_common_offset_is_no_dead_layer(quick):
    inputs, model = drawn(4), nn.Sequential(nn.Linear(4, 3)).double()
    expected = model(inputs.double())
    model[0].bias.data += 1e4
    (row,) = layer_geometry(model, inputs.double(), LABELS, ["0"], **quick)
    assert row.capacity == pytest.approx(exact(expected)[0], rel=1e-4)
