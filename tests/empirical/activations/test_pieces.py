"""Features of layers in lots, and layers that do not have the same number of them for all inputs."""

import pytest
import torch
from torch import nn

from empirical.activations.products.class_sums import activation_sums
from empirical.activations.products.pieces import Piece, packed
from empirical.activations.products.point_products import activation_products
from empirical.activations.recording import Manner
from empirical.errors import ActivationError
from empirical.geometry.layers import layer_geometry

P, M = 4, 6
LABELS = torch.arange(P).repeat_interleave(M)


class Trimmed(nn.Module):
    """Leaves the features out that are zero for the whole batch, as padding is."""

    def forward(self, x):
        return x[:, : int((x != 0).any(0).nonzero().max()) + 1]


class Beside(nn.Module):
    """A layer of its own width beside one that trims."""

    def __init__(self):
        super().__init__()
        self.first, self.trimmed = nn.Linear(10, 5), Trimmed()

    def forward(self, x):
        self.trimmed(x)
        return self.first(x)


def inputs(*widths):
    """Inputs of each class, which have so many features that are not zero."""
    given = torch.randn(P, M, 10, generator=torch.Generator().manual_seed(0))
    for own, width in zip(given, widths, strict=True):
        own[:, width:] = 0
    return given


def test_lots_have_all_features_once():
    lots = list(packed({"a": 5, "b": 2, "c": 7}, 4))
    assert lots[0] == [Piece("a", 0, 4, 5)]
    assert [sum(piece.stop - piece.start for piece in lot) for lot in lots] == [4, 4, 4, 2]
    assert [piece.layer for lot in lots for piece in lot if piece.is_last] == ["a", "b", "c"]


@pytest.mark.parametrize("widths", [(6, 6, 9, 9), (9, 9, 6, 6)], ids=["wider later", "narrower later"])
@pytest.mark.parametrize("budget", [2**29, 1000], ids=["one lot", "many lots"])
@pytest.mark.parametrize("measured", [activation_sums, activation_products])
def test_a_layer_of_several_widths_is_an_error_and_costs_no_other(measured, widths, budget):
    classes = list(inputs(*widths))
    with pytest.raises(ActivationError, match=rf"layer trimmed has {widths[2]} features for some inputs and {widths[0]} for"):
        dict(measured(Beside(), classes, ["trimmed", "first"], budget))
    manner = Manner(failed={})
    assert list(dict(measured(Beside(), classes, ["trimmed", "first"], budget, manner))) == ["first"]
    assert list(manner.failed) == ["trimmed"]


@pytest.mark.parametrize("widths", [(6, 6, 9, 9), (9, 9, 6, 6)])
def test_its_row_has_a_note(widths):
    options = {"n_points": None, "n_probes": 20, "joint_draws": 0, "resamples": 0}
    with pytest.warns(UserWarning, match="layers that have no geometry: 1"):
        table = layer_geometry(Beside(), inputs(*widths).flatten(0, 1), LABELS, ["first", "trimmed"], **options)
    first, trimmed = table
    assert first.capacity > 0
    assert not first.note
    assert trimmed.note.startswith(f"has {widths[2]} features for some inputs and {widths[0]} for others")
