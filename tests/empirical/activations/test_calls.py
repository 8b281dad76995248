import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from empirical.activations.calls import call_names, default_names, has_weights, modules_of, named, resolved
from empirical.errors import ActivationError


@pytest.fixture
def network():
    inner = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
    return nn.Sequential(inner, torch.compile(nn.Sequential(nn.Linear(4, 4)), backend="eager"), inner)


def test_names_are_those_of_the_network_before_compiling_and_parametrizing(network):
    parametrizations.weight_norm(network[0][0])
    assert list(modules_of(network)) == ["0", "0.0", "0.1", "1", "1.0", "2", "2.0", "2.1", "output"]
    assert modules_of(network)["output"] is network


def test_a_name_is_a_module_or_one_of_its_calls(network):
    assert resolved(network, "0.0") == (network[0][0], None)
    assert resolved(network, "2.0:2") == (network[0][0], 2)
    assert resolved(network, "output") == (network, None)


@pytest.mark.parametrize("name", ["0:0", "0:x", "7", "", "input", ":1"])
def test_other_names_are_refused(network, name):
    with pytest.raises(ActivationError, match=f"no layer '{name}'; layers: input, 0, 1"):
        resolved(network, name)


def test_layers_may_be_given_as_modules(network):
    assert named(network, network[0][0]) == ["0.0"]
    assert named(network, [network[1], network, "input"]) == ["1", "output", "input"]
    assert named(network, "0:2") == ["0:2"]


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([3], "layers must be names or modules; received 3: pass names from model.named_modules"),
        ([nn.ReLU()], "layers has a module, ReLU, that is no part of the model"),
        (["0.9"], r"no layer '0.9'; .*did you mean"),
    ],
)
def test_layers_of_other_kinds_are_refused(network, layers, words):
    with pytest.raises(ActivationError, match=words):
        named(network, layers)


def test_modules_that_run_more_than_once_have_a_name_for_each_call(network):
    first, relu = network[0]
    ran = [(first, 1), (relu, 1), (network[1]._orig_mod[0], 1), (first, 2), (relu, 2)]
    assert call_names(network, ["input", "0.0", "1.0", "2.0:2"], ran) == ["input", "0.0:1", "0.0:2", "1.0", "2.0:2"]
    assert default_names(network, ran) == (["0.0:1", "1.0", "0.0:2"], {})
    assert default_names(network, ran[:2]) == (
        ["0.0"],
        {"1.0": "did not run for these inputs, or the model uses its weights without calling it"},
    )


class Own(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(shape))


@pytest.mark.parametrize(
    ("module", "has"),
    [
        (nn.Conv2d(2, 2, 1), True),
        (nn.LSTM(2, 2), True),
        (nn.GRUCell(2, 2), True),
        (nn.MultiheadAttention(4, 2), True),
        (nn.Bilinear(2, 2, 2), True),
        (nn.EmbeddingBag(3, 2), True),
        (parametrizations.spectral_norm(nn.Linear(2, 2)), True),
        (nn.utils.spectral_norm(nn.Linear(2, 2)), True),
        (nn.Linear(2, 2).requires_grad_(False), True),
        (Own(2, 2), True),
        (Own(2), False),
        (nn.BatchNorm2d(2), False),
        (nn.LayerNorm(2), False),
        (nn.LayerNorm([2, 2]), True),
        (nn.PReLU(3), False),
        (nn.Sequential(nn.Linear(2, 2)), False),
    ],
)
def test_weights_of_two_axes_make_a_layer(module, has):
    assert has_weights(module) == has


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_quantized_modules_have_weights():
    model = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(2, 2)), {nn.Linear})
    assert has_weights(model[0])
