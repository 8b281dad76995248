import pytest
import torch
from torch import nn
from torch.nn import functional

from empirical.activations.products import point_products as module
from empirical.activations.products.point_products import activation_products
from empirical.activations.recording import activations
from empirical.errors import ActivationError
from empirical.networks import build
from theory.geometry.gram_accumulation import grams_of

NAMES = ["input", "conv1", "conv4", "readout"]
SIZES = [3, 7, 4, 5]


@pytest.fixture
def model():
    torch.manual_seed(0)
    return build("smallvgg", 3, (1, 8, 8), 10, batch_norm=True).eval()


@pytest.fixture
def classes():
    draws = torch.Generator().manual_seed(1)
    return [torch.randn(size, 1, 8, 8, generator=draws) for size in SIZES]


def products(*arguments):
    return dict(activation_products(*arguments))


def hooks(model):
    return sum(len(part._forward_hooks) for part in model.modules())


@pytest.mark.parametrize("budget", [2**29, 200_000, 20_000, 3_000, 1])
def test_sums_are_the_inner_products_of_the_activations(model, classes, budget):
    """From one pass over everything to one feature at a time; in float64, where a batch's size hardly matters."""
    model, classes = model.double(), [members.double() for members in classes]
    names = NAMES if budget > 1 else ["readout"]
    found = products(model, classes, names, budget)
    values = activations(model, torch.cat(classes), names)
    assert list(found) == names
    for name, own in found.items():
        exact = grams_of(values[name].split(SIZES), points=True)
        assert (own.width, own.sizes) == (exact.n_features, SIZES)
        torch.testing.assert_close(own.points, exact.points, rtol=1e-9, atol=1e-9 * float(exact.centers.abs().max()))
    assert hooks(model) == 0


def test_the_batches_do_not_matter(model, classes, monkeypatch):
    whole = products(model, classes, NAMES)
    monkeypatch.setattr(module, "BATCH", 2)
    parts = products(model, classes, NAMES)
    for name in NAMES:
        torch.testing.assert_close(parts[name].points, whole[name].points, rtol=1e-5, atol=1e-5)


def test_no_layer_is_held_whole(model, classes, monkeypatch):
    """Of all points only the features there is room for; no more of the model's own than a small batch."""
    held, batches, passed, budget = [], [], module._passed, 12_000
    model.conv1.register_forward_hook(lambda _module, inputs, _output: batches.append(len(inputs[0])))

    def spy(*arguments):
        features = passed(*arguments)
        held.append([(piece.layer, tuple(values.shape)) for piece, values in features.items()])
        return features

    monkeypatch.setattr(module, "_passed", spy)
    found = products(model, classes, ["conv1", "conv2"], budget)
    assert max(batches) * (found["conv1"].width + found["conv2"].width) * 4 <= budget * 2
    assert {shape[0] for one in held for _, shape in one} == {sum(SIZES)}
    room = budget // (4 * sum(SIZES))
    assert max(sum(shape[1] for _, shape in one) for one in held) == room < found["conv1"].width
    assert sum(shape[1] for one in held for _, shape in one) == 2 * found["conv1"].width


def test_a_layer_is_yielded_as_soon_as_it_is_complete(model, classes):
    ran = []
    model.register_forward_hook(lambda *_: ran.append(1))
    one_layer = 4 * sum(SIZES) * model.conv1[0].out_channels * 64
    layers = activation_products(model, classes, ["conv1", "conv2"], one_layer)
    assert next(layers)[0] == "conv1"
    before = len(ran)
    assert next(layers)[0] == "conv2"
    assert len(ran) > before


class Random(nn.Module):
    """Dropout that does not know of the evaluation mode."""

    def forward(self, x):
        return functional.dropout(x, 0.5)


def test_a_layer_that_draws_random_numbers_is_an_error_that_names_it(classes):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 20), Random(), nn.Linear(20, 5)).eval()
    assert list(products(model, classes, ["input", "1"])) == ["input", "1"]
    with pytest.raises(ActivationError, match=r"layer 2 gave other activations in a second pass .* random"):
        products(model, classes, ["input", "1", "2", "3"])
    assert hooks(model) == 0


def test_what_is_not_finite_is_named(model, classes):
    model.conv2[0].weight.data[0, 0, 0, 0] = float("inf")
    with pytest.raises(ActivationError, match=r"layer conv2 returned \d+ values that are not finite"):
        products(model, classes, ["conv1", "conv2"])
    assert hooks(model) == 0


def test_an_unknown_layer_is_told_before_any_image_is_seen(model, classes):
    model.register_forward_hook(lambda *_: pytest.fail("the model ran"))
    with pytest.raises(ActivationError, match="no layer 'conv9'"):
        products(model, classes, ["conv1", "conv9"])


def test_sums_have_no_gradient(model, classes):
    assert not products(model, classes, ["conv1"])["conv1"].points.requires_grad
