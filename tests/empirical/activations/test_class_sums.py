import pytest
import torch
from torch import nn
from torch.nn import functional

from empirical.activations.products import class_sums
from empirical.activations.products.class_sums import activation_sums
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


def hooks(model):
    return sum(len(part._forward_hooks) for part in model.modules())


@pytest.mark.parametrize("budget", [2**29, 200_000, 20_000, 3_000, 1])
def test_sums_are_the_inner_products_of_the_activations(model, classes, budget):
    """From one pass over everything to one feature at a time; in float64, where a batch's size hardly matters."""
    model, classes = model.double(), [members.double() for members in classes]
    names = NAMES if budget > 1 else ["readout"]
    found = activation_sums(model, classes, names, budget)
    values = activations(model, torch.cat(classes), names)
    assert list(found) == names
    for name, sums in found.items():
        exact = grams_of(values[name].split(SIZES))
        assert sums.width == exact.n_features
        close = {"rtol": 1e-9, "atol": 1e-9 * float(exact.centers.abs().max())}
        torch.testing.assert_close(sums.centers, exact.centers, **close)
        for mine, theirs in ((sums.offsets, exact.offsets), (sums.along, exact.along)):
            for block, other in zip(mine, theirs, strict=True):
                torch.testing.assert_close(block, other, **close)
    assert hooks(model) == 0


def test_the_batches_do_not_matter(model, classes, monkeypatch):
    whole = activation_sums(model, classes, NAMES)
    monkeypatch.setattr(class_sums, "BATCH", 2)
    parts = activation_sums(model, classes, NAMES)
    for name in NAMES:
        torch.testing.assert_close(parts[name].centers, whole[name].centers, rtol=1e-5, atol=1e-5)


def test_no_layer_is_held_for_all_images(model, classes, monkeypatch):
    """Class by class, and of a class only the features there is room for; no more of the model's own than a small batch."""
    held, batches, passed, budget = [], [], class_sums._passed, 12_000
    model.conv1.register_forward_hook(lambda _module, inputs, _output: batches.append(len(inputs[0])))

    def spy(*arguments):
        for features in passed(*arguments):
            held.append({piece.layer: tuple(values.shape) for piece, values in features.items()})
            yield features

    monkeypatch.setattr(class_sums, "_passed", spy)
    found = activation_sums(model, classes, ["conv1", "conv2"], budget)
    assert max(batches) * (found["conv1"].width + found["conv2"].width) * 8 <= budget * 2
    assert {shape[0] for one in held for shape in one.values()} == set(SIZES)
    room = budget // (8 * (len(SIZES) + max(SIZES)))
    assert max(sum(shape[1] for shape in one.values()) for one in held) == room < found["conv1"].width
    assert sum(shape[1] for one in held for shape in one.values()) == 2 * len(SIZES) * 2 * found["conv1"].width


class Random(nn.Module):
    """Dropout that does not know of the evaluation mode."""

    def forward(self, x):
        return functional.dropout(x, 0.5)


def test_a_layer_that_draws_random_numbers_is_an_error_that_names_it(classes):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 20), Random(), nn.Linear(20, 5)).eval()
    assert list(activation_sums(model, classes, ["input", "1"])) == ["input", "1"]
    with pytest.raises(ActivationError, match=r"layer 2 gave other activations in a second pass .* random"):
        activation_sums(model, classes, ["input", "1", "2", "3"])
    assert hooks(model) == 0


def test_what_is_not_finite_is_named(model, classes):
    model.conv2[0].weight.data[0, 0, 0, 0] = float("inf")
    with pytest.raises(ActivationError, match=r"layer conv2 returned \d+ values that are not finite"):
        activation_sums(model, classes, ["conv1", "conv2"])
    assert hooks(model) == 0


def test_an_unknown_layer_is_told_before_any_image_is_seen(model, classes):
    model.register_forward_hook(lambda *_: pytest.fail("the model ran"))
    with pytest.raises(ActivationError, match="no layer 'conv9'"):
        activation_sums(model, classes, ["conv1", "conv9"])


def test_sums_have_no_gradient(model, classes):
    assert not activation_sums(model, classes, ["conv1"])["conv1"].centers.requires_grad
