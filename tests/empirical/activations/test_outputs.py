from collections import OrderedDict, namedtuple

import numpy as np
import pytest
import torch
from torch.nn.utils import rnn

from empirical.activations.outputs import features_of, require_tokens, tensor_of
from empirical.errors import ActivationError

ROWS = torch.randn(3, 4, 2, generator=torch.Generator().manual_seed(0))
Both = namedtuple("Both", "loss logits")


@pytest.mark.parametrize(
    "output",
    [
        ROWS,
        (ROWS, torch.zeros(1)),
        [None, (ROWS,)],
        {"loss": None, "logits": ROWS, "hidden": torch.zeros(2)},
        OrderedDict(logits=ROWS),
        Both(None, ROWS),
        ROWS.numpy(),
        ROWS.to_sparse(),
        rnn.pack_padded_sequence(ROWS, torch.tensor([4, 4, 4]), batch_first=True),
        torch.nested.nested_tensor(list(ROWS)),
    ],
)
def test_the_first_tensor_of_an_output_is_found(output):
    assert torch.equal(tensor_of(output), ROWS)


def test_a_quantized_output_has_its_numbers():
    assert tensor_of(torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.quint8)).tolist() == [1, 1]


@pytest.mark.parametrize("output", [None, "text", 3, {}, (None, [])])
def test_an_output_without_a_tensor_has_none(output):
    assert tensor_of(output) is None


def test_all_tokens_are_flattened_by_default():
    assert torch.equal(features_of(ROWS), ROWS.flatten(1))
    assert features_of(torch.ones(3)).shape == (3, 1)


def test_one_token_is_chosen_by_its_place():
    assert torch.equal(features_of(ROWS, "class"), ROWS[:, 0])
    assert torch.equal(features_of(ROWS, -1), ROWS[:, 3])
    assert torch.equal(features_of(ROWS, np.int64(2)), ROWS[:, 2])
    assert torch.equal(features_of(ROWS, lambda rows: rows[:, 1:3]), ROWS[:, 1:3].flatten(1))
    with pytest.raises(ActivationError, match="has 4 tokens and no token 4; choose another, or tokens='mean'"):
        features_of(ROWS, 4)


def test_the_mean_over_tokens_heeds_the_mask():
    mask = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 1], [0, 1, 0, 1]])
    padded = ROWS.clone()
    padded[~mask.bool()] = torch.nan
    expected = torch.stack([ROWS[i][mask[i].bool()].mean(0) for i in range(3)])
    torch.testing.assert_close(features_of(padded, "mean", mask), expected)
    assert torch.equal(features_of(ROWS, "mean"), ROWS.mean(1))
    assert torch.equal(features_of(ROWS, "mean", mask[:, :3]), ROWS.mean(1))


@pytest.mark.parametrize("tokens", ["mean", "class", 1])
@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 2, 2), (3,)])
def test_outputs_without_tokens_are_flattened_whatever_the_choice(tokens, shape):
    rows = torch.randn(shape)
    assert torch.equal(features_of(rows, tokens), rows.reshape(3, -1))


def test_features_are_a_copy():
    rows = ROWS.clone()
    for tokens in ("all", "class", lambda rows: rows):
        features_of(rows, tokens).zero_()
    assert torch.equal(rows, ROWS)


def test_numbers_of_other_types():
    assert torch.equal(features_of(torch.tensor([[True], [False]])), torch.tensor([[1.0], [0]], dtype=torch.float64))
    assert features_of(torch.ones(2, 2, dtype=torch.float8_e4m3fn)).dtype == torch.float64
    assert features_of(torch.ones(2, 2, dtype=torch.bfloat16)).dtype == torch.bfloat16
    assert torch.equal(features_of(torch.tensor([[1 + 2j]])), torch.tensor([[1.0, 2]]))
    assert torch.equal(features_of(torch.tensor([[1 + 2j]]).conj()), torch.tensor([[1.0, -2]]))


def test_a_function_that_mixes_up_rows_is_told():
    for tokens in (lambda rows: rows[:2], lambda rows: None):
        with pytest.raises(ActivationError, match="must return a tensor with one for each of 3 inputs"):
            features_of(ROWS, tokens)


@pytest.mark.parametrize("tokens", ["cls", None, 1.5, True])
def test_another_choice_of_tokens_is_refused(tokens):
    with pytest.raises(ActivationError, match='tokens must be "all", "mean", "class", a whole number or a function'):
        require_tokens(tokens)
