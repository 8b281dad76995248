"""Rounding, measured on networks that are one function with its units in two orders, and what is more than rounding."""

import copy

import pytest
import torch
from torch import nn

from empirical.activations.rounding import SHARE, differ, distance_between, is_sound, rounding, varies
from empirical.errors import ActivationError
from empirical.geometry.layers import layer_geometry

ACTIVATIONS = {"relu": (nn.ReLU, 2**0.5), "tanh": (nn.Tanh, 1.5)}


def perceptron(depth, activation, gain, norm=False):
    torch.manual_seed(0)
    layers = []
    for _ in range(depth):
        layers += [nn.Linear(128, 128), activation(), *([nn.LayerNorm(128)] if norm else [])]
        nn.init.normal_(layers[-3 if norm else -2].weight, 0, gain / 128**0.5)
    return nn.Sequential(*layers)


def reordered(network):
    """The same function with the units of every layer in another order, and the order after each module."""
    network, order, orders = copy.deepcopy(network), torch.arange(128), []
    for part in network:
        if isinstance(part, nn.Linear):
            before, order = order, torch.randperm(128)
            part.weight.data = part.weight.data[order][:, before].clone()
            part.bias.data = part.bias.data[order].clone()
        orders.append(order)
    return network, orders


def passes(network, inputs):
    """The activations after every module, in one order of the units and in another, both in the first order."""
    other, orders = reordered(network)
    one, two = inputs, inputs
    with torch.no_grad():
        for part, same, order in zip(network, other, orders, strict=True):
            one, two = part(one), same(two)
            yield one, two[:, order.argsort()]


@pytest.fixture
def inputs():
    return torch.randn(8, 128, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("kind", list(ACTIVATIONS))
def test_rounding_is_no_difference(kind, dtype, inputs):
    for one, two in passes(perceptron(20, *ACTIVATIONS[kind]).to(dtype), inputs.to(dtype)):
        assert not any(differ(*pair, distance_between(one)) for pair in zip(two, one, strict=True))


def test_in_float32_it_is_small_against_the_distances_even_in_deep_networks(inputs):
    for one, two in passes(perceptron(30, nn.GELU, 1.0, norm=True), inputs):
        assert max((two - one).norm(dim=1)) < 0.1 * SHARE * distance_between(one)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_rounding_makes_of_one_point_does_not_vary(dtype):
    """A dead network of 30 layers: its inputs differ by rounding alone, and by more units of it than a single layer's."""
    most = 0.0
    for one, two in passes(perceptron(30, nn.GELU, 0.577, norm=True).to(dtype), torch.zeros(1, 128, dtype=dtype)):
        points = torch.cat([one, two]).double()
        spread, length = float(points.var(0, correction=0).sum()), float(points.mean(0).square().sum())
        most = max(most, (spread / length) ** 0.5 / torch.finfo(dtype).eps)
        assert not varies(spread, length, dtype)
    assert dtype != torch.float32 or most > 2


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_noise_of_three_percent_is_a_difference(dtype, inputs):
    noise = torch.randn(128, generator=torch.Generator().manual_seed(1))
    again = (inputs[0] + 0.03 * noise).to(dtype)
    assert differ(again, inputs[0].to(dtype), distance_between(inputs.to(dtype)))


def test_an_offset_hides_no_difference(inputs):
    """The norm is 7,000 times the distances."""
    far = inputs + 1e4
    assert differ(far[0] + 0.1 * inputs[1], far[0], distance_between(far))
    assert not differ(far[0] + 1e-3, far[0], distance_between(far))


def test_differences_are_taken_in_double_precision():
    """Half precision has no squares of these numbers, nor of complex ones."""
    large = torch.full((4,), 3e4, dtype=torch.float16)
    assert differ(large, large / 2, 0.0)
    assert not differ(large, large, 0.0)
    assert differ(torch.tensor([1 + 1j]), torch.tensor([1 - 1j]), 0.0)


def test_distances_are_root_mean_squares_over_pairs(inputs):
    assert distance_between(inputs) == pytest.approx(float(torch.pdist(inputs.double()).square().mean().sqrt()))
    assert distance_between(inputs[:1]) == 0


def test_the_unit_is_that_of_the_type():
    assert rounding(torch.int64) == 0
    assert (
        rounding(torch.complex64) == rounding(torch.float32) < 1e-5 < rounding(torch.float16) < rounding(torch.bfloat16) < 0.03
    )
    cpu, gpu = torch.device("cpu"), torch.device("cuda")
    assert rounding(torch.float32, gpu) == rounding(torch.float16, cpu)
    assert rounding(torch.float64, gpu) == rounding(torch.float64, cpu)


def test_dead_layers_do_not_differ_and_do_not_vary():
    assert not differ(torch.zeros(3), torch.zeros(3), 0.0)
    assert differ(torch.ones(3), torch.zeros(3), 0.0)
    assert not varies(0.0, 0.0, torch.float32)
    with pytest.raises(
        ActivationError,
        match=r"layer a returned the same for all inputs, up to rounding: .* dead, .* too small for float32",
    ):
        is_sound(torch.ones(3), torch.ones(3), 0.0, 3.0, "a")
    with pytest.raises(ActivationError, match=r"layer a gave other activations in a second pass .* random"):
        is_sound(torch.zeros(3), torch.ones(3), 1.0, 3.0, "a")


@pytest.mark.parametrize("baseline", [True, False], ids=["all points", "within classes"])
def test_a_deep_dead_network_has_no_geometry_though_its_classes_are_of_unequal_size(baseline, inputs):
    """Batches of other sizes round otherwise, which was taken for a geometry."""
    network = perceptron(30, nn.GELU, 0.577, norm=True)
    network[0].weight.data[:] = 0
    labels = torch.arange(4).repeat_interleave(torch.tensor([2, 5, 33, 64]))
    given = torch.randn(len(labels), 128, generator=torch.Generator().manual_seed(0))
    options = {"n_points": None, "n_probes": 20, "joint_draws": 0, "baseline": baseline, "resamples": 0, "correlations": 0}
    with pytest.warns(UserWarning, match="layers that have no geometry: 30"):
        table = layer_geometry(network, given, labels, **options)
    assert [row.layer for row in table if not row.note] == ["input"]
    assert all("the same for all inputs, up to rounding" in row.note for row in table[1:])
