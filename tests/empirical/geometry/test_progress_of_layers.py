"""Progress reaches its total, whichever layers fail."""

import pytest
import torch
from torch import nn

from empirical.errors import ActivationError
from empirical.geometry import layer_geometry, layer_sample_sizes

LABELS = torch.arange(3).repeat_interleave(8)
QUICK = {"n_points": None, "n_probes": 10, "resamples": 0, "joint_draws": 0, "baseline": False}


class Dead(nn.Module):
    def forward(self, x):
        return torch.zeros_like(x)


@pytest.fixture
def inputs():
    return torch.randn(24, 4, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        (["a", "b", "dead"], [("a", 1, 3), ("b", 2, 3), ("dead", 3, 3)]),
        (["dead", "a", "b"], [("a", 2, 3), ("b", 3, 3)]),
        (["a", "a", "b"], [("a", 1, 2), ("b", 2, 2)]),
        (["idle", "a", "b"], [("a", 2, 3), ("b", 3, 3)]),
    ],
)
@pytest.mark.filterwarnings("ignore:layers that")
def test_progress_reaches_its_total(layers, told, inputs):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.dead, self.idle = nn.Linear(4, 4), nn.Linear(4, 4), Dead(), nn.Linear(4, 4)

        def forward(self, x):
            self.dead(x)
            return self.b(self.a(x))

    found = []
    layer_geometry(Net(), inputs, LABELS, layers, progress=lambda *one: found.append(one), **QUICK)
    assert found == told


def test_the_bar_reaches_a_hundred_percent(inputs, capsys):
    with pytest.warns(UserWarning, match="layers that have no geometry: 1"):
        layer_geometry(nn.Sequential(nn.Linear(4, 4), Dead()), inputs, LABELS, ["0", "1"], progress=True, **QUICK)
    assert "100%" in capsys.readouterr().err


def test_the_first_error_is_raised_where_it_is_asked_for(inputs):
    with pytest.raises(ActivationError, match="layer 1 returned the same for all inputs"):
        layer_geometry(nn.Sequential(nn.Linear(4, 4), Dead()), inputs, LABELS, ["0", "1"], on_error="raise", **QUICK)


def test_sample_sizes_have_all_points_though_the_method_needs_none(inputs):
    options = {"sizes": [4, 8], "n_probes": 10, "resamples": 0, "correlations": 0}
    curve = layer_sample_sizes(nn.Linear(4, 4), inputs, LABELS, ["output"], **options)["output"]
    assert [one.n_points for one in curve.rows] == [4, 8]
