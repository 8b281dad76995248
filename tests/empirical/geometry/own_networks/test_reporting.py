"""What is told while layers are measured."""

from torch import nn

from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, drawn


def test_progress_is_told_layer_by_layer(quick):
    told = []
    layer_geometry(nn.Linear(4, 3), drawn(4), LABELS, progress=lambda *one: told.append(one), **quick)
    assert told == [("input", 1, 2), ("output", 2, 2)]


def test_a_bar_is_shown_if_asked_for_and_nothing_otherwise(capsys, quick):
    layer_geometry(nn.Linear(4, 3), drawn(4), LABELS, progress=True, **quick)
    assert "layers" in capsys.readouterr().err
    layer_geometry(nn.Linear(4, 3), drawn(4), LABELS, **quick)
    assert capsys.readouterr().err == ""
