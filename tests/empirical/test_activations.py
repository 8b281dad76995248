import pytest
import torch

from empirical import activations as module
from empirical.activations import activations
from empirical.errors import ActivationError
from empirical.networks import build


@pytest.fixture
def model():
    return build("smallvgg", 2, (1, 8, 8), 10).eval()


@pytest.fixture
def images():
    return torch.randn(10, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def hooks(model):
    return sum(len(part._forward_hooks) for part in model.modules())


def test_activations_are_what_the_layers_put_out(model, images, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 4)
    found = activations(model, images, ["input", "conv1", "conv3", "readout"])
    assert torch.equal(found["input"], images.flatten(1))
    with torch.no_grad():
        torch.testing.assert_close(found["conv3"], model[:4](images).flatten(1))
        torch.testing.assert_close(found["readout"], model(images))
    assert hooks(model) == 0


def test_an_unknown_layer_lists_those_there_are(model, images):
    with pytest.raises(ActivationError, match=r"no layer 'conv7'; layers: input, conv1, conv2, .*, readout"):
        activations(model, images, ["conv1", "conv7"])
    assert hooks(model) == 0


def test_an_activation_that_is_not_finite_names_layer_and_epoch(model, images):
    model.conv2[0].weight.data[0, 0, 0, 0] = float("nan")
    with pytest.raises(ActivationError, match=r"layer conv2 at epoch 7 put out .* not finite"):
        activations(model, images, ["conv1", "conv2"], epoch=7)
    assert hooks(model) == 0


def test_an_exception_leaves_no_hook_behind(model):
    with pytest.raises(RuntimeError):
        activations(model, torch.zeros(3, 2, 8, 8), ["conv1", "conv6"])
    assert hooks(model) == 0


def test_measuring_leaves_no_gradient(model, images):
    assert not activations(model, images, ["conv1"])["conv1"].requires_grad
