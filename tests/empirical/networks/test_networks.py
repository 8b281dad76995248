import math
from itertools import pairwise

import pytest
import torch
from torch.nn import functional

from empirical import networks
from empirical.errors import GeomemError
from empirical.instruments.record import depths


@pytest.mark.parametrize(
    ("architecture", "width", "batch_norm", "parameters", "layers"),
    [
        ("smallvgg", 16, True, 72666, [*(f"conv{i}" for i in range(1, 7)), "readout"]),
        ("mlp", 128, False, 75658, [*(f"hidden{i}" for i in range(1, 6)), "readout"]),
        ("mlp2", 128, False, (64 + 1) * 128 + (128 + 1) * 128 + (128 + 1) * 10, ["hidden1", "hidden2", "readout"]),
        ("mlp2", 128, True, (64 + 2) * 128 + (128 + 2) * 128 + (128 + 1) * 10, ["hidden1", "hidden2", "readout"]),
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


def _convolutions(*channels: int, side: int = 3) -> int:
    """Parameters of 3x3 convolutions, one after the other, with their biases."""
    return sum(side**2 * one * other + other for one, other in pairwise(channels))


PLAIN_RESNET = (
    _convolutions(3, *[64] * 5) + sum(_convolutions(k, *[2 * k] * 4) + 2 * k * k for k in (64, 128, 256)) + (512 + 1) * 100
)


@pytest.mark.parametrize(
    ("architecture", "batch_norm", "n_classes", "parameters"),
    [
        # Published counts of ResNet18 at CIFAR size; AlexNet and what has no BatchNorm counted layer by layer.
        ("resnet18", True, 100, 11_220_132),
        ("resnet18", True, 10, 11_173_962),
        ("resnet18", False, 100, PLAIN_RESNET),
        ("alexnet", False, 100, _convolutions(3, 64, 192, 384, 256, 256) + _convolutions(1024, 4096, 4096, 100, side=1)),
        ("alexnet", False, 10, 23_272_266),
    ],
)
def test_the_larger_networks_have_their_parameters(architecture, batch_norm, n_classes, parameters):
    with torch.device("meta"):
        model = networks.build(architecture, 64, (3, 32, 32), n_classes, batch_norm)
    assert sum(parameter.numel() for parameter in model.parameters()) == parameters


LARGER = {
    "resnet18": ["conv1", *(f"block{i}" for i in range(1, 9)), "readout"],
    "alexnet": [*(f"conv{i}" for i in range(1, 6)), "fc1", "fc2", "readout"],
}


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 8, 8), (1, 28, 28)])
@pytest.mark.parametrize("batch_norm", [True, False])
@pytest.mark.parametrize("architecture", LARGER)
def test_every_parameter_of_the_larger_networks_learns(architecture, batch_norm, shape):
    torch.manual_seed(0)
    model = networks.build(architecture, 2, shape, 10, batch_norm)
    assert networks.layers(model) == LARGER[architecture]
    logits = model(torch.randn(20, *shape))
    assert logits.shape == (20, 10)
    functional.cross_entropy(logits, torch.arange(20) % 10).backward()
    assert all(parameter.grad.abs().max() > 0 for parameter in model.parameters())


@pytest.mark.parametrize("batch_norm", [True, False])
def test_the_convnet_at_its_published_width_has_the_published_layers(batch_norm):
    """200 channels twice, 384 and 192 units: Arpit et al. 2017. BatchNorm adds two parameters a channel, and takes the bias."""
    with torch.device("meta"):
        model = networks.build("convnet", 200, (3, 32, 32), 10, batch_norm)
    assert networks.layers(model) == ["conv1", "conv2", "fc1", "fc2", "readout"]
    expected = _convolutions(3, 200, 200, side=5) + _convolutions(9 * 200, 384, 192, 10, side=1)
    assert sum(one.numel() for one in model.parameters()) == expected + batch_norm * (200 + 200 + 384 + 192)


@pytest.mark.parametrize("batch_norm", [True, False])
@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 28, 28), (1, 9, 9)])
def test_every_parameter_of_the_convnet_learns(shape, batch_norm):
    torch.manual_seed(0)
    model = networks.build("convnet", 24, shape, 10, batch_norm)
    functional.cross_entropy(model(torch.randn(20, *shape)), torch.arange(20) % 10).backward()
    assert all(parameter.grad.abs().max() > 0 for parameter in model.parameters())


def test_the_convnet_refuses_images_that_its_poolings_leave_nothing_of():
    with pytest.raises(GeomemError, match=r"9 pixels or more; received shape \(1, 8, 8\)"):
        networks.build("convnet", 24, (1, 8, 8), 10)


def test_a_residual_network_is_wide_in_units_of_its_width():
    model = networks.build("resnet18", 3, (3, 32, 32), 10, True)
    values, shapes = torch.zeros(2, 3, 32, 32), {}
    for name, block in model.named_children():
        values = block(values)
        shapes[name] = tuple(values.shape[1:])
    assert [shapes[name] for name in ("conv1", "block2", "block4", "block6", "block8")] == [
        (3, 32, 32),
        (3, 32, 32),
        (6, 16, 16),
        (12, 8, 8),
        (24, 4, 4),
    ]


def test_branches_without_batch_norm_leave_the_size_of_activations():
    """At most e^2 through all of them; unscaled branches would take them past that."""
    torch.manual_seed(0)
    model = networks.build("resnet18", 16, (3, 32, 32), 10, False)

    def growth() -> float:
        with torch.no_grad():
            before = model.conv1(torch.randn(16, 3, 32, 32))
            return float(model[1:9](before).square().mean() / before.square().mean())

    assert math.exp(-2) < growth() < math.exp(2)
    with torch.no_grad():
        for name, block in model.named_children():
            if name.startswith("block"):
                block.branch[1].weight.mul_(8**0.5)
    assert growth() > math.exp(2)


def test_dropout_needs_a_fully_connected_layer():
    with pytest.raises(GeomemError, match=r"dropout must be 0; received 0\.5"):
        networks.build("resnet18", 2, (1, 8, 8), 10, True, 0.5)


def test_depth_runs_from_the_input_to_the_readout():
    found = depths(networks.build("mlp", 4, (1, 8, 8), 10))
    assert list(found.values()) == pytest.approx([i / 6 for i in range(7)])


@pytest.mark.parametrize(
    ("architecture", "suffix"),
    [("smallvgg", ["conv5", "conv6", "readout"]), ("mlp", ["hidden4", "hidden5", "readout"])],
)
def test_the_deep_suffix_is_the_last_third_and_the_readout(architecture, suffix):
    assert networks.deep_suffix(networks.build(architecture, 4, (1, 8, 8), 10, architecture == "smallvgg")) == suffix


def test_an_unknown_architecture_lists_those_there_are():
    with pytest.raises(GeomemError, match="alexnet, convnet, mlp, mlp2, resnet18, smallvgg, thinvgg, vgg16; received 'vgg'"):
        networks.build("vgg", 16, (1, 8, 8), 10)
