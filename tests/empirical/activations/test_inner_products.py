"""What the inner products within classes and those of all points have in common; each also has a file of its own."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from empirical.activations.products import class_sums, point_products
from empirical.activations.products.class_sums import activation_sums
from empirical.activations.products.point_products import activation_products
from empirical.activations.recording import activations
from empirical.errors import ActivationError
from tests.empirical.activations.four_classes import SIZES
from tests.empirical.hooks import n_hooks
from theory.geometry.gram_accumulation import grams_of

NAMES = ["input", "conv1", "conv4", "readout"]


def products(*arguments):
    return dict(activation_products(*arguments))


# By module: its function, and what of its records are inner products.
KINDS = {
    class_sums: (activation_sums, lambda found: [found.centers, *found.offsets, *found.along]),
    point_products: (products, lambda found: [found.points]),
}


@pytest.fixture(params=KINDS, ids=lambda module: module.__name__.split(".")[-1])
def module(request):
    return request.param


@pytest.fixture
def read(module):
    """The function that reads inner products."""
    return KINDS[module][0]


@pytest.fixture
def numbers(module):
    """A function of one of its records, or of the theory's."""
    return KINDS[module][1]


@pytest.mark.parametrize("budget", [2**29, 200_000, 20_000, 3_000, 1])
def test_sums_are_the_inner_products_of_the_activations(read, numbers, vgg, classes, budget):
    """From one pass over everything to one feature at a time; in float64, where a batch's size hardly matters."""
    model, classes = vgg.double(), [members.double() for members in classes]
    names = NAMES if budget > 1 else ["readout"]
    found = read(model, classes, names, budget)
    values = activations(model, torch.cat(classes), names)
    assert list(found) == names
    for name, own in found.items():
        exact = grams_of(values[name].split(SIZES), points=True)
        assert own.width == exact.n_features
        close = {"rtol": 1e-9, "atol": 1e-9 * float(exact.centers.abs().max())}
        for mine, theirs in zip(numbers(own), numbers(exact), strict=True):
            torch.testing.assert_close(mine, theirs, **close)
    assert n_hooks(model) == 0


def test_the_batches_do_not_matter(module, read, numbers, vgg, classes, monkeypatch):
    whole = read(vgg, classes, NAMES)
    monkeypatch.setattr(module, "BATCH", 2)
    parts = read(vgg, classes, NAMES)
    for name in NAMES:
        for one, other in zip(numbers(parts[name]), numbers(whole[name]), strict=True):
            torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)


class Random(nn.Module):
    """Dropout that does not know of the evaluation mode."""

    def forward(self, x):
        return functional.dropout(x, 0.5)


def test_a_layer_that_draws_random_numbers_is_an_error_that_names_it(read, classes):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 20), Random(), nn.Linear(20, 5)).eval()
    assert list(read(model, classes, ["input", "1"])) == ["input", "1"]
    with pytest.raises(ActivationError, match=r"layer 2 gave other activations in a second pass .* random"):
        read(model, classes, ["input", "1", "2", "3"])
    assert n_hooks(model) == 0


def test_what_is_not_finite_is_named(read, vgg, classes):
    vgg.conv2[0].weight.data[0, 0, 0, 0] = float("inf")
    with pytest.raises(ActivationError, match=r"layer conv2 returned \d+ values that are not finite"):
        read(vgg, classes, ["conv1", "conv2"])
    assert n_hooks(vgg) == 0


def test_an_unknown_layer_is_told_before_any_image_is_seen(read, vgg, classes):
    vgg.register_forward_hook(lambda *_: pytest.fail("the model ran"))
    with pytest.raises(ActivationError, match="no layer 'conv9'"):
        read(vgg, classes, ["conv1", "conv9"])


def test_sums_have_no_gradient(read, numbers, vgg, classes):
    assert not any(values.requires_grad for values in numbers(read(vgg, classes, ["conv1"])["conv1"]))
