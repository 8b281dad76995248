import pytest
import torch

from empirical import networks
from empirical.errors import GeomemError


@pytest.mark.parametrize(
    ("architecture", "width", "batch_norm", "parameters", "layers"),
    [
        ("smallvgg", 16, True, 72666, [*(f"conv{i}" for i in range(1, 7)), "readout"]),
        ("mlp", 128, False, 75658, [*(f"hidden{i}" for i in range(1, 6)), "readout"]),
        ("thinvgg", 16, False, 231242, [*(f"conv{i}" for i in range(1, 9)), "fc1", "fc2", "readout"]),
        ("thinvgg", 16, True, 231898, [*(f"conv{i}" for i in range(1, 9)), "fc1", "fc2", "readout"]),
        ("vgg16", 64, False, 15245130, [*(f"conv{i}" for i in range(1, 14)), "fc1", "fc2", "readout"]),
        ("vgg16", 64, True, 15250378, [*(f"conv{i}" for i in range(1, 14)), "fc1", "fc2", "readout"]),
    ],
)
def test_a_network_has_its_parameters_and_layers(architecture, width, batch_norm, parameters, layers):
    shape = (3, 32, 32) if architecture.endswith(("vgg16", "thinvgg")) else (1, 8, 8)
    model = networks.build(architecture, width, shape, 10, batch_norm)
    assert sum(parameter.numel() for parameter in model.parameters()) == parameters
    assert networks.layers(model) == layers
    assert model(torch.zeros(2, *shape)).shape == (2, 10)


def test_depth_runs_from_the_input_to_the_readout():
    depths = networks.depths(networks.build("mlp", 4, (1, 8, 8), 10))
    assert list(depths.values()) == pytest.approx([i / 6 for i in range(7)])


@pytest.mark.parametrize(
    ("architecture", "suffix"),
    [("smallvgg", ["conv5", "conv6", "readout"]), ("mlp", ["hidden4", "hidden5", "readout"])],
)
def test_the_deep_suffix_is_the_last_third_and_the_readout(architecture, suffix):
    assert networks.deep_suffix(networks.build(architecture, 4, (1, 8, 8), 10, architecture == "smallvgg")) == suffix


def test_an_unknown_architecture_lists_those_there_are():
    with pytest.raises(GeomemError, match="mlp, smallvgg, thinvgg, vgg16; received 'vgg'"):
        networks.build("vgg", 16, (1, 8, 8), 10)
