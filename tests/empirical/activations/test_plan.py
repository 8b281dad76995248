import pytest
import torch
from torch import nn

from empirical.activations.evaluation import evaluating
from empirical.activations.inputs import inputs_of
from empirical.activations.plan import planned
from empirical.errors import ActivationError


class Mixed(nn.Module):
    """A layer for every finding."""

    def __init__(self):
        super().__init__()
        self.first, self.shared, self.idle = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)
        self.positions = nn.Embedding(2, 4)
        self.norm, self.last = nn.BatchNorm1d(4, track_running_stats=False), nn.Linear(4, 3)

    def forward(self, x):
        time_first = self.first(x.transpose(0, 1))
        x = self.shared(self.shared(time_first.transpose(0, 1))) + self.positions(torch.arange(2)[None])
        return self.last(self.norm(x.flatten(0, 1)))


@pytest.fixture
def classes():
    draws = torch.Generator().manual_seed(0)
    return [inputs_of(torch.randn(3, 2, 4, generator=draws)) for _ in range(3)]


def plan_of(network, classes, layers=None, note=True):
    with evaluating(network):
        return planned(network, classes, layers, note=note)


def test_a_default_plan_has_every_call_of_every_layer_and_says_what_it_leaves_out(classes):
    plan = plan_of(Mixed(), classes)
    assert plan.names == ["input", "first", "shared:1", "shared:2", "positions", "last"]
    assert list(plan.left_out) == ["idle"]
    assert plan.manner.places == {name: (0, 1) for name in ("shared:1", "shared:2")} | {"first": (1, 1)}
    assert list(plan.manner.failed) == ["positions", "last"]


def test_layers_that_are_asked_for_are_all_in_the_plan(classes):
    network = Mixed()
    plan = plan_of(network, classes, [network.shared, "idle", "output", "shared:3"])
    assert plan.names == ["shared:1", "shared:2", "idle", "output", "shared:3"]
    assert plan.left_out == {}
    assert str(plan.manner.failed["idle"]).startswith("layer idle did not run for these inputs: other inputs may use it")
    assert str(plan.manner.failed["shared:3"]).startswith("layer shared:3 did not run 3 times for these inputs; give")


def test_a_plan_that_notes_nothing_raises_the_first_error(classes):
    with pytest.raises(ActivationError, match=r"layer positions returned shape \(1, 2, 4\) for 2 inputs"):
        plan_of(Mixed(), classes, note=False)


def test_a_plan_runs_few_inputs(classes):
    network, sizes = Mixed(), []
    network.first.register_forward_hook(lambda _module, inputs, _output: sizes.append(inputs[0].shape[1]))
    plan_of(network, classes)
    assert sizes == [2, 3, 3, 2]
