"""Inputs and outputs of every kind, each against what the layers return when they are called by hand."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from empirical.errors import ActivationError, GeometryError
from empirical.geometry.layers import layer_geometry
from tests.empirical.geometry.by_hand import LABELS, M, P, drawn, require_rows
from tests.empirical.geometry.paths import QUICK


@pytest.fixture
def model():
    return nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(27, 4))


def test_tensors_arrays_lists_data_sets_and_loaders_give_one_table(model, quick):
    inputs, few = drawn(2, 5, 5), quick | {"n_points": 4}
    expected = layer_geometry(model, inputs, LABELS, seed=5, **few)
    pairs = TensorDataset(inputs, torch.from_numpy(LABELS))
    for given in (inputs.numpy(), inputs.double().numpy(), list(inputs), (inputs,), {"input": inputs}):
        assert layer_geometry(model, given, LABELS, seed=5, **few) == expected
    for given in (pairs, DataLoader(pairs, batch_size=5)):
        assert layer_geometry(model, given, seed=5, **few) == expected


def test_a_loader_that_shuffles_gives_the_same_centres_where_all_points_are_taken(model, quick):
    inputs = drawn(2, 5, 5)
    loader = DataLoader(TensorDataset(inputs, torch.from_numpy(LABELS)), batch_size=5, shuffle=True)
    for row, exact in zip(layer_geometry(model, loader, **quick), layer_geometry(model, inputs, LABELS, **quick), strict=True):
        assert (row.center_correlation, row.n_points) == pytest.approx((exact.center_correlation, M), rel=1e-4)


class Text(nn.Module):
    """Tokens with a mask, an output as of Hugging Face."""

    def __init__(self):
        super().__init__()
        self.words, self.mix, self.head = nn.Embedding(9, 4), nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, input_ids, attention_mask, labels=None):
        hidden = self.mix(self.words(input_ids) * attention_mask[..., None])
        return {"loss": None, "logits": self.head(hidden[:, 0]), "hidden": hidden}


def test_tokens_by_choice_with_an_attention_mask(quick):
    draws = torch.Generator().manual_seed(0)
    words, mask = torch.randint(0, 9, (P * M, 5), generator=draws), torch.ones(P * M, 5, dtype=torch.int64)
    mask[::2, 3:] = 0
    text, batch = Text(), {"input_ids": words, "attention_mask": mask}
    hidden, logits = (text(**batch)[name] for name in ("hidden", "logits"))
    counted = mask[..., None]
    choices = {
        "all": hidden,
        "class": hidden[:, 0],
        -1: hidden[:, -1],
        "mean": (hidden * counted).sum(1) / counted.sum(1),
        (lambda rows: rows[..., :2]): hidden[..., :2],
    }
    for tokens, expected in choices.items():
        outputs = logits[..., :2] if callable(tokens) else logits
        table = layer_geometry(text, batch, LABELS, ["mix", "output"], tokens=tokens, **quick)
        require_rows(table, {"mix": expected, "output": outputs})
    assert list(batch) == ["input_ids", "attention_mask"]


def test_several_arguments_by_position(quick):
    class Both(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.other = nn.Linear(4, 3), nn.Linear(5, 3)

        def forward(self, x, y):
            return self.one(x) * self.other(y)

    x, y, both = drawn(4), drawn(5, seed=2), Both()
    expected = {"input": x, "one": both.one(x), "other": both.other(y), "output": both(x, y)}
    require_rows(layer_geometry(both, (x, y), LABELS, list(expected), **quick), expected)


def test_a_model_that_empties_its_dict_of_inputs(quick):
    class Popping(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 3)

        def forward(self, batch):
            return self.layer(batch.pop("x"))

    x, popping = drawn(4), Popping()
    given = ({"x": x},)
    require_rows(layer_geometry(popping, given, LABELS, **quick), {"input": x, "layer": popping.layer(x)})
    assert list(given[0]) == ["x"]


def test_sequences_of_different_lengths_that_are_packed(model, quick):
    class Packing(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer, self.head = nn.LSTM(4, 3, batch_first=True), nn.Linear(3, 2)

        def forward(self, x, lengths):
            packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            return self.head(self.layer(packed)[1][0][-1])

    x, lengths, packing = drawn(5, 4), torch.tensor([5, 3] * (P * M // 2)), Packing()
    expected = {"input": x, "head": packing(x, lengths)}
    require_rows(layer_geometry(packing, (x, lengths), LABELS, ["input", "head"], **quick), expected)


def test_inputs_in_another_memory_format(model, quick):
    inputs = drawn(2, 5, 5)
    last = layer_geometry(model, inputs.contiguous(memory_format=torch.channels_last), LABELS, **quick)
    require_rows(last, {"input": inputs, "0": model[0](inputs), "3": model(inputs)})


def test_numpy_in_float64_goes_to_the_precision_of_the_weights(model, quick):
    inputs = drawn(2, 5, 5)
    require_rows(layer_geometry(model, inputs.double().numpy(), LABELS, ["0"], **quick), {"0": model[0](inputs)})
    double = model.double()
    require_rows(layer_geometry(double, inputs.numpy(), LABELS, ["3"], **quick), {"3": double(inputs.double())})


def test_a_tensor_of_other_precision_is_told_with_the_types(model, quick):
    with pytest.raises(ActivationError, match=r"\(2, 2, 5, 5\) float64; its weights are float32: RuntimeError"):
        layer_geometry(model, drawn(2, 5, 5).double(), LABELS, **quick)


@pytest.mark.parametrize("labels", [None, [*LABELS[:-1], None], [*LABELS[:-1], np.nan], LABELS[:-1]])
def test_labels_are_checked_before_the_model_runs(labels):
    with pytest.raises(GeometryError, match="label"):
        layer_geometry(lambda _: pytest.fail("the model ran"), drawn(4), labels, **QUICK)


def test_trials_may_be_masked_and_labels_a_column(quick):
    inputs, linear = drawn(4), nn.Linear(4, 3)
    table = layer_geometry(linear, np.ma.masked_array(inputs.numpy()), LABELS[:, None], **quick)
    require_rows(table, {"input": inputs, "output": linear(inputs)})
    with pytest.raises(ActivationError, match="inputs has 4 masked entries: leave these inputs out"):
        layer_geometry(linear, np.ma.masked_array(inputs.numpy(), mask=np.arange(P * M)[:, None] == [3] * 4), LABELS, **quick)


def test_classes_of_different_sizes_in_every_path():
    keep = (LABELS > 0) | (np.arange(P * M) < 3 * P)
    inputs, linear = drawn(4)[torch.from_numpy(keep)], nn.Linear(4, 3)
    tables = [layer_geometry(linear, inputs, LABELS[keep], **QUICK | {"baseline": both}) for both in (True, False)]
    for one, other in zip(*tables, strict=True):
        assert (one.capacity, one.n_points) == pytest.approx((other.capacity, keep.sum() / P), rel=1e-6)


@pytest.mark.slow
def test_hugging_face_bert(quick):
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=20
    )
    bert = transformers.BertModel(config).eval()
    draws = torch.Generator().manual_seed(0)
    words, mask = torch.randint(1, 50, (P * M, 6), generator=draws), torch.ones(P * M, 6, dtype=torch.int64)
    mask[::3, 4:] = 0
    batch = transformers.BatchEncoding({"input_ids": words, "attention_mask": mask})
    with torch.no_grad():
        found = bert(**batch, output_hidden_states=True)
    counted = mask[..., None]
    layers = ["encoder.layer.0", "encoder.layer.1", "output"]
    means = [(hidden * counted).sum(1) / counted.sum(1) for hidden in (*found.hidden_states[1:], found.last_hidden_state)]
    require_rows(layer_geometry(bert, batch, LABELS, layers, tokens="mean", **quick), dict(zip(layers, means, strict=True)))
    with pytest.warns(UserWarning, match="layers that") as told:
        table = layer_geometry(bert, batch, LABELS, **quick)
    assert len(told) == 2
    noted = [row.layer for row in table if row.note]
    assert noted == ["embeddings.token_type_embeddings", "embeddings.position_embeddings"]
    assert [one.layer for one in table.left_out] == ["input"]
    assert len(table) == 3 + 2 * 6 + 1


def test_hugging_face_vit(quick):
    transformers = pytest.importorskip("transformers")
    config = transformers.ViTConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=20, image_size=8, patch_size=4
    )
    vit, images = transformers.ViTModel(config).eval(), drawn(3, 8, 8)
    with torch.no_grad():
        found = vit(images)
    require_rows(
        layer_geometry(vit, images, LABELS, ["input", "layernorm"], tokens="class", **quick),
        {"input": images, "layernorm": found.last_hidden_state[:, 0]},
    )
    with pytest.warns(UserWarning, match="returned the same for all inputs, up to rounding: .* as one token"):
        table = layer_geometry(vit, images, LABELS, tokens="class", **quick)
    assert [row.layer for row in table][-1] == "pooler.dense"
    assert not table[-1].note
