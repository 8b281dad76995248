import pytest
import torch
from torch import nn

from empirical.activations.recording import activations
from empirical.errors import ActivationError
from empirical.networks import build
from tests.empirical.hooks import n_hooks


@pytest.fixture
def model():
    return build("smallvgg", 2, (1, 8, 8), 10, batch_norm=True).eval()


@pytest.fixture
def images():
    return torch.randn(10, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def test_activations_are_what_the_layers_put_out(model, images, monkeypatch):
    monkeypatch.setattr("empirical.activations.recording.BATCH", 4)
    found = activations(model, images, ["input", "conv1", "conv3", "readout"])
    assert torch.equal(found["input"], images.flatten(1))
    with torch.no_grad():
        torch.testing.assert_close(found["conv3"], model[:4](images).flatten(1))
        torch.testing.assert_close(found["readout"], model(images))
    assert n_hooks(model) == 0


def test_an_unknown_layer_lists_those_there_are(model, images):
    with pytest.raises(ActivationError, match=r"no layer 'conv7'; layers: input, conv1, conv2, .*, readout"):
        activations(model, images, ["conv1", "conv7"])
    assert n_hooks(model) == 0


def test_an_activation_that_is_not_finite_names_layer_and_epoch(model, images):
    model.conv2[0].weight.data[0, 0, 0, 0] = float("nan")
    with pytest.raises(ActivationError, match=r"layer conv2 at epoch 7 returned .* not finite"):
        activations(model, images, ["conv1", "conv2"], epoch=7)
    assert n_hooks(model) == 0


def test_an_exception_leaves_no_hook_behind(model):
    with pytest.raises(RuntimeError):
        activations(model, torch.zeros(3, 2, 8, 8), ["conv1", "conv6"])
    assert n_hooks(model) == 0


def test_measuring_leaves_no_gradient(model, images):
    assert not activations(model, images, ["conv1"])["conv1"].requires_grad


def test_what_follows_in_place_does_not_change_an_activation():
    images = torch.randn(3, 4)
    model, given = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(4, 5), nn.ReLU(inplace=True)), images.clone()
    found = activations(model, images, ["input", "1", "2"])
    assert torch.equal(images, given)
    assert torch.equal(found["input"], given)
    assert (found["1"] < 0).any()
    assert torch.equal(found["2"], found["1"].relu())


def test_a_layer_named_twice_is_recorded_once(model, images):
    assert list(activations(model, images, ["conv1", "input", "conv1"])) == ["conv1", "input"]


class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Linear(4, 4)

    def forward(self, x):
        return self.shared(self.shared(x).relu_())


def test_a_layer_that_runs_twice_is_an_error():
    with pytest.raises(ActivationError, match="layer shared ran 2 times for one batch"):
        activations(Shared().eval(), torch.zeros(3, 4), ["shared"])


class Nothing(nn.Module):
    def forward(self, x):
        return None


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (Nothing(), r"layer 0 returned NoneType, not one tensor with a row for each of 3"),
        (nn.Flatten(0), r"layer 0 returned \(12,\), not one tensor"),
    ],
)
def test_an_output_that_is_no_row_per_input_is_an_error(module, words):
    model = nn.Sequential(module)
    with pytest.raises(ActivationError, match=words):
        activations(model, torch.zeros(3, 4), ["0"])
    assert n_hooks(model) == 0


def test_an_output_of_one_number_per_input_is_one_feature():
    assert activations(nn.Sequential(nn.Flatten(0)), torch.zeros(3, 1), ["0"])["0"].shape == (3, 1)


def test_an_unknown_layer_has_a_hint(model, images):
    with pytest.raises(ActivationError, match=r"did you mean 'conv4.1'\?"):
        activations(model, images, ["conv4_1"])


def test_each_call_of_a_module_has_a_name():
    torch.manual_seed(0)
    model, images = Shared().eval(), torch.randn(3, 4)
    found = activations(model, images, ["shared:1", "shared:2", "output"])
    with torch.no_grad():
        assert torch.equal(found["shared:1"], model.shared(images))
        assert torch.equal(found["shared:2"], model(images))
    assert torch.equal(found["output"], found["shared:2"])


def test_the_first_tensor_of_an_output_is_measured():
    lstm, images = nn.LSTM(4, 2, batch_first=True).eval(), torch.randn(3, 5, 4)
    with torch.no_grad():
        assert torch.equal(activations(nn.Sequential(lstm), images, ["0"])["0"], lstm(images)[0].flatten(1))


def test_activations_whose_sum_overflows_are_finite():
    images = torch.full((2, 4), 3e38)
    assert torch.equal(activations(nn.Sequential(nn.Identity()), images, ["0"])["0"], images)
