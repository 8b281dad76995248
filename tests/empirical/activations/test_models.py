import copy
from pathlib import Path

import pytest
import torch
from torch import nn

from empirical.activations.models import network_of
from empirical.errors import ActivationError


@pytest.fixture
def plain():
    return nn.Sequential(nn.Linear(4, 3))


def test_a_network_is_itself(plain):
    assert network_of(plain) is plain


def test_wrappers_are_taken_off(plain):
    assert network_of(torch.compile(plain, backend="eager")) is plain
    assert network_of(nn.DataParallel(torch.compile(plain, backend="eager"))) is plain


def test_a_function_is_a_network_without_modules():
    network = network_of(lambda x: x + 1)
    assert list(network.children()) == []
    assert int(network(torch.tensor(2))) == 3


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda plain: "my.pt", "received the path 'my.pt': build the network and load its weights"),
        (lambda plain: Path("my.pt"), "received the path 'my.pt'"),
        (
            lambda plain: plain.state_dict(),
            "received a OrderedDict, as state_dict.. returns: build the network",
        ),
        (lambda plain: nn.Linear, r"received the class Linear: pass an instance of it, Linear\(...\)"),
        (lambda plain: None, "received NoneType: pass the network itself"),
        (lambda plain: torch.jit.script(plain), "scripted or traced .*pass the network itself"),
        (lambda plain: torch.jit.trace(plain, torch.zeros(1, 4)), "scripted or traced"),
        (
            lambda plain: torch.export.export(plain, (torch.zeros(1, 4),)),
            "received an ExportedProgram, whose layers",
        ),
        (lambda plain: copy.deepcopy(plain).to("meta"), "parameter 0.weight is on the meta device .*; load"),
        (lambda plain: nn.Sequential(nn.LazyLinear(3)), "parameter 0.weight has no shape yet.* run it once"),
    ],
)
def test_what_has_no_layers_to_read_is_an_error_that_says_what_to_pass(plain, make, words):
    with pytest.raises(ActivationError, match=words):
        network_of(make(plain))
