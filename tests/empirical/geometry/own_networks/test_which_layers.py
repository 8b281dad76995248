"""Which layers a network has in the table, and under which names."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, drawn, require_rows
from tests.empirical.hooks import n_hooks


def compiled_whole(model):
    return torch.compile(model, backend="eager")


def compiled_in_place(model):
    model.compile(backend="eager")
    return model


def compiled_in_part(model):
    model[2] = torch.compile(model[2], backend="eager")
    return model


@pytest.mark.parametrize("compiled", [compiled_whole, compiled_in_place, compiled_in_part])
@pytest.mark.parametrize("ran", [False, True])
def test_compiled_networks_have_the_layers_they_are_made_of(compiled, ran, quick):
    inputs = drawn(5)
    plain = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))).eval()
    model = compiled(copy.deepcopy(plain))
    if ran:
        model(inputs)
    expected = {"input": inputs, "0": plain[0](inputs), "2.0": plain[2][0](plain[:2](inputs)), "2.2": plain(inputs)}
    require_rows(layer_geometry(model, inputs, LABELS, **quick), expected)
    assert n_hooks(model) == 0


def test_a_parallel_network_has_the_layers_inside(quick):
    inputs, plain = drawn(5), nn.Sequential(nn.Linear(5, 4))
    require_rows(layer_geometry(nn.DataParallel(plain), inputs, LABELS, **quick), {"input": inputs, "0": plain(inputs)})


@pytest.mark.parametrize(
    "norm",
    [
        parametrizations.weight_norm,
        parametrizations.spectral_norm,
        parametrizations.orthogonal,
        pytest.param(nn.utils.weight_norm, marks=pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")),
        nn.utils.spectral_norm,
    ],
)
def test_layers_whose_weight_is_computed_are_in_the_table(norm, quick):
    inputs, model = drawn(5), nn.Sequential(norm(nn.Linear(5, 5)), nn.ReLU(), norm(nn.Linear(5, 5))).eval()
    state = copy.deepcopy(model.state_dict())
    table = layer_geometry(model.train(), inputs, LABELS, **quick)
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    model.eval()
    require_rows(table, {"input": inputs, "0": model[0](inputs), "2": model(inputs)})


class Shared(nn.Module):
    def __init__(self, n_calls=3):
        super().__init__()
        self.n_calls, self.cell, self.unused = n_calls, nn.Linear(4, 4), nn.Linear(4, 4)
        self.again = self.cell

    def forward(self, x):
        for _ in range(self.n_calls):
            x = self.cell(x).tanh()
        return x


def test_each_call_of_a_shared_module_has_a_row_and_what_does_not_run_is_told(quick):
    inputs, model = drawn(4), Shared()
    one = model.cell(inputs)
    two = model.cell(one.tanh())
    three = model.cell(two.tanh())
    with pytest.warns(UserWarning, match="not in the table: 1, see table.left_out; the first is unused: did not run"):
        table = layer_geometry(model, inputs, LABELS, **quick)
    require_rows(table, {"input": inputs, "cell:1": one, "cell:2": two, "cell:3": three})
    assert [(one.layer, one.why.split(" for")[0]) for one in table.left_out] == [("unused", "did not run")]
    require_rows(layer_geometry(model, inputs, LABELS, ["again:2"], **quick), {"again:2": two})
    require_rows(layer_geometry(model, inputs, LABELS, model.again, **quick), {"cell:1": one, "cell:2": two, "cell:3": three})


@pytest.mark.slow
def test_a_module_that_runs_very_often_has_rows_of_its_first_calls(quick):
    model = Shared(30)
    model.unused = None
    nn.init.orthogonal_(model.cell.weight, 2)
    with pytest.warns(UserWarning, match=r"1, see .* cell:25: and later calls: it ran 30 times, and 24"):
        table = layer_geometry(model, drawn(4), LABELS, **quick)
    assert [row.layer for row in table] == ["input", *(f"cell:{k}" for k in range(1, 25))]
    (row,) = layer_geometry(model, drawn(4), LABELS, ["cell:30"], **quick)
    assert row.note == ""


def test_a_bare_layer_is_the_output(quick):
    inputs, model = drawn(4), nn.Linear(4, 3)
    require_rows(layer_geometry(model, inputs, LABELS, **quick), {"input": inputs, "output": model(inputs)})


class Raw(nn.Module):
    """Weights without modules; modules with the names of what is no module."""

    def __init__(self):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(4, 4))
        self.input, self.output = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x):
        return self.output(self.input(x) @ self.weights).relu()


def test_a_module_called_input_or_output_does_not_vanish(quick):
    inputs, model = drawn(4), Raw()
    first = model.input(inputs)
    expected = {"input": inputs, "input:1": first, "output": model.output(first @ model.weights)}
    require_rows(layer_geometry(model, inputs, LABELS, **quick), expected)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_scripted_part_is_left_out(quick):
    inputs, model = drawn(4), nn.Sequential(torch.jit.script(nn.Linear(4, 3)), nn.Linear(3, 2))
    with pytest.warns(UserWarning, match="not in the table: 1, .* 0: is scripted"):
        table = layer_geometry(model, inputs, LABELS, **quick)
    require_rows(table, {"input": inputs, "1": model(inputs)})


def test_tied_weights_are_two_layers(quick):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.encode, self.decode = nn.Linear(4, 4), nn.Linear(4, 4)
            self.decode.weight = self.encode.weight

        def forward(self, x):
            return self.decode(self.encode(x).relu())

    inputs, model = drawn(4), Tied()
    expected = {"input": inputs, "encode": model.encode(inputs), "decode": model(inputs)}
    require_rows(layer_geometry(model, inputs, LABELS, **quick), expected)


def test_a_model_that_returns_nothing(quick):
    class Silent(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 3)

        def forward(self, x):
            self.layer(x)

    inputs, model = drawn(4), Silent()
    require_rows(layer_geometry(model, inputs, LABELS, **quick), {"input": inputs, "layer": model.layer(inputs)})


def test_what_a_users_hook_returns_is_what_the_next_layer_gets(quick):
    inputs, model = drawn(4), nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 3))
    handle = model[0].register_forward_hook(lambda _module, _inputs, output: output.relu())
    require_rows(layer_geometry(model, inputs, LABELS, **quick), {"input": inputs, "0": model[0](inputs), "1": model(inputs)})
    assert n_hooks(model) == 1
    handle.remove()
