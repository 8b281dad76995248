import warnings
from collections import UserDict

import numpy as np
import pytest
import torch

from empirical.activations.inputs import inputs_of, joined
from empirical.errors import ActivationError


def test_arguments_by_position_and_by_name():
    words, mask = torch.arange(12).reshape(4, 3), torch.ones(4, 3)
    found = inputs_of({"input_ids": words, "attention_mask": mask, "return_dict": True, "nested": {"a": [words, None]}})
    assert len(found) == 4
    part = found[torch.tensor([2, 0])]
    assert torch.equal(part.keywords["input_ids"], words[[2, 0]])
    assert torch.equal(part.keywords["nested"]["a"][0], words[[2, 0]])
    assert part.keywords["return_dict"] is True
    assert torch.equal(part.mask, mask[[2, 0]])
    assert inputs_of((words, mask)).mask is None
    assert [len(batch) for batch in found.split(3)] == [3, 1]
    assert torch.equal(joined(found.split(3)).keywords["input_ids"], words)


def test_the_layer_input_is_the_first_tensor_of_real_numbers():
    words, values = torch.arange(4)[:, None], torch.randn(4, 2)
    assert inputs_of({"input_ids": words, "values": values}).values is values
    assert inputs_of((words,)).values is words


def test_a_mapping_of_any_class_holds_arguments_by_name():
    """As the batches of tokenizers are."""
    assert inputs_of(UserDict(input_ids=torch.ones(2, 2))).keywords["input_ids"].shape == (2, 2)


def test_arrays_become_tensors_of_the_precision_of_the_weights():
    values = np.random.default_rng(0).normal(size=(4, 3))
    assert inputs_of(values, torch.float32).values.dtype == torch.float32
    assert inputs_of(values, torch.float64).values.dtype == torch.float64
    assert inputs_of(values, torch.bfloat16).values.dtype == torch.bfloat16
    assert inputs_of((values > 0).astype(np.uint8), torch.float32).values.dtype == torch.uint8
    for other in (values[::-1], values[:, ::2], values.astype(">f8"), np.asfortranarray(values)):
        np.testing.assert_array_equal(inputs_of(other).values.numpy(), other)


def test_an_array_that_may_not_be_written_is_copied():
    values = np.ones((4, 3))
    values.flags.writeable = False
    inputs_of(values).values.zero_()
    assert values.all()


def test_a_list_has_one_entry_for_each_input():
    assert torch.equal(
        inputs_of([torch.ones(2), torch.zeros(2), torch.ones(2)]).values, torch.tensor([[1.0, 1], [0, 0], [1, 1]])
    )
    assert inputs_of([[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 1], [2, 3]]]).values.shape == (3, 2, 2)


def quantized():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.quantize_per_tensor(torch.zeros(4, 2), 0.1, 0, torch.quint8)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (torch.eye(4).to_sparse(), r"inputs is sparse: pass inputs.to_dense\(\)"),
        (torch.zeros(4, 2, device="meta"), "inputs is on the meta device and has no values"),
        (torch.nested.nested_tensor([torch.zeros(2, 3), torch.zeros(1, 3)], layout=torch.jagged), "inputs is nested: pass"),
        (
            quantized(),
            r"inputs is quantized: pass inputs.dequantize\(\)",
        ),
        ({"x": torch.zeros(4, 2, device="meta")}, r"inputs\['x'\] is on the meta device"),
        ((torch.zeros(4, 2), torch.zeros(3, 2)), r"along the first axis of every tensor; received shapes \(4, 2\), \(3, 2\)"),
        (torch.tensor(1.0), r"along the first axis of every tensor; received shapes \(\)"),
        ([torch.zeros(2, 3), torch.zeros(2, 4)], r"inputs differ in shape, \(2, 3\) and \(2, 4\): resize them, or pad"),
        (["a text", "another"], "inputs is a list of str; it must hold a tensor or an array for each input"),
        ([], "inputs is a list of nothing"),
        (np.array(["a", "b"]), "inputs must hold numbers; received an array of <U1"),
        (np.ma.masked_array(np.zeros((4, 2)), mask=np.eye(4, 2)), "inputs has 2 masked entries: leave these inputs out"),
        ("images/", "received str; a dict holds arguments by name"),
        ({}, "inputs must be a tensor or an array"),
        (None, "received NoneType"),
    ],
)
def test_what_inputs_may_not_be_is_told(inputs, words):
    with pytest.raises(ActivationError, match=words):
        inputs_of(inputs)
