"""Networks of every kind, each against what its layers return when they are called by hand."""

import copy

import pytest
import torch
from torch import nn

from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, M, P, drawn, require_rows


class Recurrent(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer, self.head = layer, nn.Linear(3, 2)

    def forward(self, x):
        return self.head(self.layer(x)[0][:, -1])


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_of_recurrent_layers_the_sequence_is_measured(kind, quick):
    inputs, model = drawn(4, 5), Recurrent(kind(5, 3, num_layers=2, batch_first=True))
    sequence = model.layer(inputs)[0]
    require_rows(layer_geometry(model, inputs, LABELS, **quick), {"input": inputs, "layer": sequence, "head": model(inputs)})


class TimeFirst(Recurrent):
    def forward(self, x):
        return self.head(self.layer(x.transpose(0, 1))[0])


@pytest.mark.parametrize("n_times", [4, P * M, 2, 3])
def test_where_time_is_the_first_axis_inputs_are_found_on_the_second(n_times, quick):
    """Also where there are as many times as inputs, in the whole or in a batch."""
    inputs, model = drawn(n_times, 5), TimeFirst(nn.LSTM(5, 3))
    sequence = model.layer(inputs.transpose(0, 1))[0].transpose(0, 1)
    expected = {"input": inputs, "layer": sequence, "head": model(inputs).transpose(0, 1)}
    require_rows(layer_geometry(model, inputs, LABELS, **quick), expected)


class Attending(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.head = nn.MultiheadAttention(4, 2, batch_first=True), nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.attention(x, x, x)[0][:, 0])


def test_of_attention_the_attended_values_are_measured(quick):
    """Its last map is a module that does not run; what it returns is the attention's own output."""
    inputs, model = drawn(3, 4), Attending().eval()
    table = layer_geometry(model, inputs, LABELS, **quick)
    require_rows(table, {"input": inputs, "attention": model.attention(inputs, inputs, inputs)[0], "head": model(inputs)})
    assert table.left_out == ()


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
def test_encoders_run_without_their_fused_kernel(quick):
    """The fused kernel calls no module inside."""
    inputs = drawn(3, 4)
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 2).eval()
    assert torch.backends.mha.get_fastpath_enabled()
    with torch.no_grad():
        table = layer_geometry(model, inputs, LABELS, **quick)
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


def test_embeddings_of_words_have_no_input(quick):
    words = torch.randint(0, 9, (P * M, 5), generator=torch.Generator().manual_seed(0))
    model = nn.Sequential(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(20, 3))
    with pytest.warns(UserWarning, match="input: holds whole numbers"):
        table = layer_geometry(model, words, LABELS, **quick)
    require_rows(table, {"0": model[0](words), "2": model(words)})


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


def test_a_residual_network(quick):
    images = drawn(3, 8, 8)
    stem = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True))
    pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    model = nn.Sequential(stem, Residual(4, 4, 1), Residual(4, 8, 2), pool, nn.Linear(8, 3)).train()
    for _ in range(20):
        model(images)
    state = copy.deepcopy(model.state_dict())
    table = layer_geometry(model, images, LABELS, **quick)
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
    blocks = layer_geometry(model, images, LABELS, ["1", "1.relu"], **quick)
    require_rows(blocks, {"1": first(before), "1.relu:1": inner, "1.relu:2": first(before)})


def test_an_encoder_and_decoder_with_skips_and_work_in_place(quick):
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
    require_rows(layer_geometry(model, images, LABELS, **quick), expected)


def test_every_image_of_a_film_in_one_batch(quick):
    class Film(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.head = nn.Conv2d(2, 3, 3), nn.Linear(3, 2)

        def forward(self, x):
            each = self.conv(x.flatten(0, 1)).mean((2, 3))
            return self.head(each.unflatten(0, x.shape[:2]).mean(1))

    films, model = drawn(4, 2, 5, 5), Film()
    each = model.conv(films.flatten(0, 1)).unflatten(0, (P * M, 4))
    require_rows(layer_geometry(model, films, LABELS, **quick), {"input": films, "conv": each, "head": model(films)})
