"""Networks of every kind, each against what its layers return when they are called by hand."""

import copy
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrizations

from empirical.errors import ActivationError
from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, QUICK, M, P, drawn, exact, require_rows


def hooks(model):
    return sum(len(part._forward_hooks) + len(part._forward_pre_hooks) for part in model.modules())


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def _no_warning():
    """Whatever is left out or noted is expected by the test that has it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="layers that")
        yield


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_work_in_place_changes_no_input(dtype):
    inputs = drawn(5).to(dtype)
    model, given = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(5, 4)).to(dtype), inputs.clone()
    table = layer_geometry(model, inputs, LABELS, ["input", "0", "1"], **QUICK)
    assert torch.equal(inputs, given)
    require_rows(table, {"input": given, "0": given.relu(), "1": model[1](given.relu())})


def test_work_in_place_changes_no_argument_by_name():
    class Named(nn.Module):
        def forward(self, values, other):
            other.zero_()
            return values.relu_()

    values, other = drawn(5), drawn(5, seed=2)
    given = values.clone(), other.clone()
    table = layer_geometry(Named(), {"values": values, "other": other}, LABELS, ["input", "output"], **QUICK)
    assert torch.equal(values, given[0])
    assert torch.equal(other, given[1])
    require_rows(table, {"input": given[0], "output": given[0].relu()})


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
def test_compiled_networks_have_the_layers_they_are_made_of(compiled, ran):
    inputs = drawn(5)
    plain = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))).eval()
    model = compiled(copy.deepcopy(plain))
    if ran:
        model(inputs)
    expected = {"input": inputs, "0": plain[0](inputs), "2.0": plain[2][0](plain[:2](inputs)), "2.2": plain(inputs)}
    require_rows(layer_geometry(model, inputs, LABELS, **QUICK), expected)
    assert hooks(model) == 0


def test_a_parallel_network_has_the_layers_inside():
    inputs, plain = drawn(5), nn.Sequential(nn.Linear(5, 4))
    require_rows(layer_geometry(nn.DataParallel(plain), inputs, LABELS, **QUICK), {"input": inputs, "0": plain(inputs)})


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
def test_layers_whose_weight_is_computed_are_in_the_table(norm):
    inputs, model = drawn(5), nn.Sequential(norm(nn.Linear(5, 5)), nn.ReLU(), norm(nn.Linear(5, 5))).eval()
    state = copy.deepcopy(model.state_dict())
    table = layer_geometry(model.train(), inputs, LABELS, **QUICK)
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    model.eval()
    require_rows(table, {"input": inputs, "0": model[0](inputs), "2": model(inputs)})


class Recurrent(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer, self.head = layer, nn.Linear(3, 2)

    def forward(self, x):
        return self.head(self.layer(x)[0][:, -1])


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_of_recurrent_layers_the_sequence_is_measured(kind):
    inputs, model = drawn(4, 5), Recurrent(kind(5, 3, num_layers=2, batch_first=True))
    sequence = model.layer(inputs)[0]
    require_rows(layer_geometry(model, inputs, LABELS, **QUICK), {"input": inputs, "layer": sequence, "head": model(inputs)})


class TimeFirst(Recurrent):
    def forward(self, x):
        return self.head(self.layer(x.transpose(0, 1))[0])


@pytest.mark.parametrize("n_times", [4, P * M, 2, 3])
def test_where_time_is_the_first_axis_inputs_are_found_on_the_second(n_times):
    """Also where there are as many times as inputs, in the whole or in a batch."""
    inputs, model = drawn(n_times, 5), TimeFirst(nn.LSTM(5, 3))
    sequence = model.layer(inputs.transpose(0, 1))[0].transpose(0, 1)
    expected = {"input": inputs, "layer": sequence, "head": model(inputs).transpose(0, 1)}
    require_rows(layer_geometry(model, inputs, LABELS, **QUICK), expected)


def test_recurrent_layers_over_inputs_in_place_of_times_are_found_out():
    """A layer that takes time first and is given inputs first."""
    with pytest.warns(UserWarning, match="no geometry: 1, .* output: gave an input other activations in another"):
        table = layer_geometry(nn.LSTM(5, 3), drawn(4, 5), LABELS, **QUICK)
    assert [row.note == "" for row in table] == [True, False]


class Attending(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.head = nn.MultiheadAttention(4, 2, batch_first=True), nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.attention(x, x, x)[0][:, 0])


def test_of_attention_the_attended_values_are_measured():
    """Its last map is a module that does not run; what it returns is the attention's own output."""
    inputs, model = drawn(3, 4), Attending().eval()
    table = layer_geometry(model, inputs, LABELS, **QUICK)
    require_rows(table, {"input": inputs, "attention": model.attention(inputs, inputs, inputs)[0], "head": model(inputs)})
    assert table.left_out == ()


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
def test_encoders_run_without_their_fused_kernel():
    """The fused kernel calls no module inside."""
    inputs = drawn(3, 4)
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 2).eval()
    assert torch.backends.mha.get_fastpath_enabled()
    with torch.no_grad():
        table = layer_geometry(model, inputs, LABELS, **QUICK)
    assert torch.backends.mha.get_fastpath_enabled()
    first, second = model.layers
    middle = first(inputs)
    hidden = second.norm1(middle + second.self_attn(middle, middle, middle)[0])
    expected = {
        "input": inputs,
        "layers.0.self_attn": first.self_attn(inputs, inputs, inputs)[0],
        "layers.0.linear1": first.linear1(first.norm1(inputs + first.self_attn(inputs, inputs, inputs)[0])),
        "layers.1.self_attn": second.self_attn(middle, middle, middle)[0],
        "layers.1.linear2": second.linear2(second.linear1(hidden).relu()),
    }
    rows = [row for row in table if row.layer in expected]
    require_rows(rows, expected)
    assert len(table) == 7


class Shared(nn.Module):
    def __init__(self, n_calls=3):
        super().__init__()
        self.n_calls, self.cell, self.unused = n_calls, nn.Linear(4, 4), nn.Linear(4, 4)
        self.again = self.cell

    def forward(self, x):
        for _ in range(self.n_calls):
            x = self.cell(x).tanh()
        return x


def test_each_call_of_a_shared_module_has_a_row_and_what_does_not_run_is_told():
    inputs, model = drawn(4), Shared()
    one = model.cell(inputs)
    two = model.cell(one.tanh())
    three = model.cell(two.tanh())
    with pytest.warns(UserWarning, match="not in the table: 1, see table.left_out; the first is unused: did not run"):
        table = layer_geometry(model, inputs, LABELS, **QUICK)
    require_rows(table, {"input": inputs, "cell:1": one, "cell:2": two, "cell:3": three})
    assert [(one.layer, one.why.split(" for")[0]) for one in table.left_out] == [("unused", "did not run")]
    require_rows(layer_geometry(model, inputs, LABELS, ["again:2"], **QUICK), {"again:2": two})
    require_rows(layer_geometry(model, inputs, LABELS, model.again, **QUICK), {"cell:1": one, "cell:2": two, "cell:3": three})


def test_a_module_that_runs_very_often_has_rows_of_its_first_calls():
    model = Shared(30)
    model.unused = None
    nn.init.orthogonal_(model.cell.weight, 2)
    with pytest.warns(UserWarning, match=r"1, see .* cell:25: and later calls: it ran 30 times, and 24"):
        table = layer_geometry(model, drawn(4), LABELS, **QUICK)
    assert [row.layer for row in table] == ["input", *(f"cell:{k}" for k in range(1, 25))]
    (row,) = layer_geometry(model, drawn(4), LABELS, ["cell:30"], **QUICK)
    assert row.note == ""


def test_a_bare_layer_is_the_output():
    inputs, model = drawn(4), nn.Linear(4, 3)
    require_rows(layer_geometry(model, inputs, LABELS, **QUICK), {"input": inputs, "output": model(inputs)})


class Raw(nn.Module):
    """Weights without modules; modules with the names of what is no module."""

    def __init__(self):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(4, 4))
        self.input, self.output = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x):
        return self.output(self.input(x) @ self.weights).relu()


def test_a_module_called_input_or_output_does_not_vanish():
    inputs, model = drawn(4), Raw()
    first = model.input(inputs)
    expected = {"input": inputs, "input:1": first, "output": model.output(first @ model.weights)}
    require_rows(layer_geometry(model, inputs, LABELS, **QUICK), expected)


def test_embeddings_of_words_have_no_input():
    words = torch.randint(0, 9, (P * M, 5), generator=torch.Generator().manual_seed(0))
    model = nn.Sequential(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(20, 3))
    with pytest.warns(UserWarning, match="input: holds whole numbers"):
        table = layer_geometry(model, words, LABELS, **QUICK)
    require_rows(table, {"0": model[0](words), "2": model(words)})


def test_a_function_has_an_input_and_an_output():
    inputs, weights = drawn(4), torch.randn(4, 3)
    expected = {"input": inputs, "output": inputs @ weights}
    require_rows(layer_geometry(lambda x: x @ weights, inputs, LABELS, **QUICK), expected)
    require_rows(layer_geometry(lambda x: (x @ weights).numpy(), inputs, LABELS, **QUICK), expected)
    with pytest.raises(ActivationError, match="no layer 'fc'; layers: input, output"):
        layer_geometry(lambda x: x, inputs, LABELS, ["fc"])


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.drop = nn.Linear(4, 3), nn.Dropout()

    def encode(self, x):
        return self.drop(self.layer(x))


def test_a_method_of_a_network_has_its_layers_and_its_mode():
    inputs, model = drawn(4), Encoder().train()
    features = model.layer(inputs)
    table = layer_geometry(model.encode, inputs, LABELS, **QUICK)
    require_rows(table, {"input": inputs, "model.layer": features, "output": features})
    assert model.drop.training


def test_a_function_that_calls_a_network_in_training_mode_is_told_what_to_do():
    model = Encoder().train()
    with pytest.warns(UserWarning, match=r"output: gave other .*; call eval\(\) on networks that the function calls"):
        layer_geometry(lambda x: model.encode(x), drawn(4), LABELS, **QUICK)


class BatchStatistics(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.norm = nn.BatchNorm1d(4, track_running_stats=False)
        self.last = nn.Linear(4, 3)

    def forward(self, x):
        return self.last(self.norm(self.first(x)))


def test_batch_statistics_are_noted_from_the_layer_where_they_begin():
    inputs, model = drawn(4), BatchStatistics()
    told = r"last:? gave an input other activations in another batch, first seen in norm \(BatchNorm1d\)"
    with pytest.warns(UserWarning, match=told):
        table = layer_geometry(model, inputs, LABELS, **QUICK)
    require_rows(table[:2], {"input": inputs, "first": model.first(inputs)})
    assert np.isnan(table[2].capacity)
    with pytest.raises(ActivationError, match=f"layer {told}"):
        layer_geometry(model, inputs, LABELS, on_error="raise", **QUICK)


@pytest.mark.filterwarnings("ignore:1 manifolds are single points")
@pytest.mark.parametrize("options", [{}, {"baseline": True}])
def test_batch_statistics_beside_a_class_of_one_input(options):
    """They cannot be computed of one, and the layers before them are none the worse."""
    inputs, model, labels = drawn(4)[:7], BatchStatistics(), [0, 0, 0, 1, 1, 1, 2]
    (row,) = layer_geometry(model, inputs, labels, ["first"], **QUICK | options)
    (same,) = layer_geometry(model.first, inputs, labels, ["output"], **QUICK | options)
    assert row.capacity == pytest.approx(same.capacity, rel=1e-6)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_scripted_part_is_left_out():
    inputs, model = drawn(4), nn.Sequential(torch.jit.script(nn.Linear(4, 3)), nn.Linear(3, 2))
    with pytest.warns(UserWarning, match="not in the table: 1, .* 0: is scripted"):
        table = layer_geometry(model, inputs, LABELS, **QUICK)
    require_rows(table, {"input": inputs, "1": model(inputs)})


class Dropping(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x):
        return self.last(functional.dropout(self.first(x)))


def test_dropout_that_is_left_on_is_noted_from_the_layer_where_it_begins():
    inputs, model = drawn(4), Dropping()
    state = torch.random.get_rng_state()
    with pytest.warns(UserWarning, match=r"last: gave other activations when .* again, first seen in last \(Linear\).* random"):
        table = layer_geometry(model, inputs, LABELS, **QUICK)
    require_rows(table[:2], {"input": inputs, "first": model.first(inputs)})
    assert np.isnan(table[2].capacity)
    assert torch.equal(torch.random.get_rng_state(), state)


class Positions(nn.Module):
    """Positions are embedded once for all inputs, as in text models."""

    def __init__(self):
        super().__init__()
        self.words, self.positions, self.head = nn.Embedding(9, 4), nn.Embedding(5, 4), nn.Linear(4, 3)

    def forward(self, input_ids, attention_mask=None):
        hidden = self.words(input_ids) + self.positions(torch.arange(5)[None])
        return {"loss": None, "logits": self.head(hidden)}


def test_position_embeddings_have_a_note():
    words = torch.randint(0, 9, (P * M, 5), generator=torch.Generator().manual_seed(0))
    model = Positions()
    with pytest.warns(UserWarning, match="layers that") as told:
        table = layer_geometry(model, {"input_ids": words}, LABELS, **QUICK)
    assert ["input: holds" in str(told[0].message), "positions: returned" in str(told[1].message)] == [True, True]
    assert [row.layer for row in table] == ["words", "positions", "head"]
    assert table[1].note.startswith("returned shape (1, 5, 4) for 2 inputs, not one tensor with a row for each")
    require_rows([table[0], table[2]], {"words": model.words(words), "head": model(words)["logits"]})


def test_a_dead_a_narrow_and_a_broken_layer_cost_no_other_row():
    inputs, model = drawn(4), nn.Sequential(*(nn.Linear(4, 4) for _ in range(3)), nn.Linear(4, 1), nn.Linear(1, 1))
    with torch.no_grad():
        model[2].weight.zero_()
        model[4].weight.fill_(torch.inf)
        model[4].bias.fill_(torch.nan)
    modes = [module.training for module in model.modules()]
    with pytest.warns(UserWarning, match="layers that have no geometry: 3, see their notes; the first is"):
        table = layer_geometry(model, inputs, LABELS, **QUICK)
    require_rows(table[:3], {"input": inputs, "0": model[0](inputs), "1": model[:2](inputs)})
    assert "returned the same for all inputs" in table[3].note == table[4].note
    assert "not finite" in table[5].note
    assert [row.layer for row in table] == ["input", "0", "1", "2", "3", "4"]
    assert [module.training for module in model.modules()] == modes
    assert hooks(model) == 0


def test_one_feature_is_measured():
    inputs, model = drawn(4), nn.Sequential(nn.Linear(4, 1))
    require_rows(layer_geometry(model, inputs, LABELS, ["0"], **QUICK), {"0": model(inputs)})


class Late(nn.Module):
    """Not finite for one input only, which is among the last."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x):
        hidden = self.first(x)
        return self.last(torch.where(x[:, :1] > 20, torch.inf, hidden))


@pytest.mark.parametrize("options", [{}, {"baseline": True}])
def test_a_layer_that_breaks_at_a_late_input_costs_no_other_row(options):
    inputs, model = drawn(4), Late()
    inputs[-1, 0] = 30
    with pytest.warns(UserWarning, match="last: returned .* not finite"):
        table = layer_geometry(model, inputs, LABELS, **QUICK | options)
    require_rows(table[:2], {"input": inputs, "first": model.first(inputs)})
    assert np.isnan(table[2].capacity)


def test_the_parts_of_complex_numbers_are_features():
    inputs, model = drawn(6), nn.Sequential(nn.Linear(6, 4))
    (row,) = layer_geometry(lambda x: torch.fft.fft(model(x)), inputs, LABELS, ["output"], **QUICK)
    values = torch.fft.fft(model(inputs))
    require_rows([row], {"output": torch.cat([values.real, values.imag], 1)})
    # The Fourier transform is a rotation, and it stretches.
    assert row.capacity == pytest.approx(exact(model(inputs))[0], rel=1e-3)


def test_an_interrupted_measurement_leaves_the_model_as_it_was():
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
        layer_geometry(model, drawn(4), LABELS, **QUICK)
    assert hooks(model) == 0
    assert all(module.training for module in model.modules())
    assert torch.backends.mha.get_fastpath_enabled()
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())


def test_progress_is_told_layer_by_layer():
    told = []
    layer_geometry(nn.Linear(4, 3), drawn(4), LABELS, progress=lambda *one: told.append(one), **QUICK)
    assert told == [("input", 1, 2), ("output", 2, 2)]


def test_a_bar_is_shown_if_asked_for_and_nothing_otherwise(capsys):
    layer_geometry(nn.Linear(4, 3), drawn(4), LABELS, progress=True, **QUICK)
    assert "layers" in capsys.readouterr().err
    layer_geometry(nn.Linear(4, 3), drawn(4), LABELS, **QUICK)
    assert capsys.readouterr().err == ""


class Residual(nn.Module):
    """A block as of torchvision's ResNet; its ReLU is one module that runs twice, in place."""

    def __init__(self, n_in, n_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(n_out), nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(n_out, n_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(n_out)
        self.downsample = nn.Sequential(nn.Conv2d(n_in, n_out, 1, stride, bias=False), nn.BatchNorm2d(n_out))

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        out += self.downsample(x)
        return self.relu(out)


def test_a_residual_network():
    images = drawn(3, 8, 8)
    stem = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True))
    pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    model = nn.Sequential(stem, Residual(4, 4, 1), Residual(4, 8, 2), pool, nn.Linear(8, 3)).train()
    for _ in range(20):
        model(images)
    state = copy.deepcopy(model.state_dict())
    table = layer_geometry(model, images, LABELS, **QUICK)
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    model.eval()
    first = model[1]
    before = stem(images)
    inner = first.relu(first.bn1(first.conv1(before)))
    expected = {
        "input": images,
        "0.0": stem[0](images),
        "1.conv1": first.conv1(before),
        "1.conv2": first.conv2(inner),
        "1.downsample.0": first.downsample[0](before),
        "4": model(images),
    }
    require_rows([row for row in table if row.layer in expected], expected)
    assert len(table) == 9
    blocks = layer_geometry(model, images, LABELS, ["1", "1.relu"], **QUICK)
    require_rows(blocks, {"1": first(before), "1.relu:1": inner, "1.relu:2": first(before)})


def test_an_encoder_and_decoder_with_skips_and_work_in_place():
    class Skipping(nn.Module):
        def __init__(self):
            super().__init__()
            self.down1, self.down2 = nn.Conv2d(2, 3, 3, padding=1), nn.Conv2d(3, 4, 3, 2, 1)
            self.up, self.last = nn.ConvTranspose2d(4, 3, 2, 2), nn.Conv2d(6, 1, 1)

        def forward(self, x):
            one = self.down1(x).relu_()
            return self.last(torch.cat([one, self.up(self.down2(one).relu_())], 1))

    images, model = drawn(2, 6, 6), Skipping()
    one = model.down1(images).relu()
    two = model.down2(one)
    expected = {"input": images, "down1": model.down1(images), "down2": two, "up": model.up(two.relu()), "last": model(images)}
    require_rows(layer_geometry(model, images, LABELS, **QUICK), expected)


def test_tied_weights_are_two_layers():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.encode, self.decode = nn.Linear(4, 4), nn.Linear(4, 4)
            self.decode.weight = self.encode.weight

        def forward(self, x):
            return self.decode(self.encode(x).relu())

    inputs, model = drawn(4), Tied()
    expected = {"input": inputs, "encode": model.encode(inputs), "decode": model(inputs)}
    require_rows(layer_geometry(model, inputs, LABELS, **QUICK), expected)


def test_a_model_that_returns_nothing():
    class Silent(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 3)

        def forward(self, x):
            self.layer(x)

    inputs, model = drawn(4), Silent()
    require_rows(layer_geometry(model, inputs, LABELS, **QUICK), {"input": inputs, "layer": model.layer(inputs)})


def test_what_a_users_hook_returns_is_what_the_next_layer_gets():
    inputs, model = drawn(4), nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 3))
    handle = model[0].register_forward_hook(lambda _module, _inputs, output: output.relu())
    require_rows(layer_geometry(model, inputs, LABELS, **QUICK), {"input": inputs, "0": model[0](inputs), "1": model(inputs)})
    assert hooks(model) == 1
    handle.remove()


def test_every_image_of_a_film_in_one_batch():
    class Film(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.head = nn.Conv2d(2, 3, 3), nn.Linear(3, 2)

        def forward(self, x):
            each = self.conv(x.flatten(0, 1)).mean((2, 3))
            return self.head(each.unflatten(0, x.shape[:2]).mean(1))

    films, model = drawn(4, 2, 5, 5), Film()
    each = model.conv(films.flatten(0, 1)).unflatten(0, (P * M, 4))
    require_rows(layer_geometry(model, films, LABELS, **QUICK), {"input": films, "conv": each, "head": model(films)})


def test_experts_that_see_a_part_of_the_inputs_have_a_note():
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
        table = layer_geometry(model, inputs, LABELS, ["one", "other", "output"], **QUICK)
    require_rows(table[2:], {"output": model(inputs)})


@pytest.mark.parametrize("options", [{}, {"baseline": True}])
def test_a_layer_with_a_bias_alone_is_dead(options):
    """Rounding of its mean would have a geometry."""
    inputs, model = drawn(4), nn.Sequential(nn.Linear(4, 7))
    nn.init.zeros_(model[0].weight)
    with pytest.warns(UserWarning, match="0: returned the same for all inputs"):
        table = layer_geometry(model, inputs, LABELS, **QUICK | options)
    assert np.isnan(table[1].capacity)


def test_a_common_offset_is_no_dead_layer():
    inputs, model = drawn(4), nn.Sequential(nn.Linear(4, 3)).double()
    expected = model(inputs.double())
    model[0].bias.data += 1e4
    (row,) = layer_geometry(model, inputs.double(), LABELS, ["0"], **QUICK)
    assert row.capacity == pytest.approx(exact(expected)[0], rel=1e-4)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_quantized_layers_that_scale_by_the_batch_are_found_out():
    """Dynamic quantization takes its scale from the largest number in the batch."""
    linear = nn.Sequential(nn.Linear(4, 4))
    model = torch.ao.quantization.quantize_dynamic(linear, {nn.Linear})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = layer_geometry(model, drawn(4), LABELS, **QUICK)
    assert [row.layer for row in table] == ["input", "0"]
    assert "other activations in another batch" in table[1].note
