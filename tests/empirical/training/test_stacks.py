"""Tests of stacked training against networks of torch that are trained one at a time by autograd."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from empirical.errors import GeomemError, SpecError
from empirical.training import stacks
from empirical.training.stacks import Stack

N_NETWORKS, N_IMAGES, N_INPUTS, WIDTH, N_CLASSES, BATCH = 3, 50, 7, 6, 4, 16
RATE = 0.2


def streams(n=N_NETWORKS):
    return [np.random.default_rng([5, number]) for number in range(n)]


@pytest.fixture(params=[torch.float64, torch.float32], ids=str)
def dtype(request):
    return request.param


@pytest.fixture
def data(dtype):
    """Images and labels of each network, and the order in which it sees them."""
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.standard_normal((N_NETWORKS, N_IMAGES, N_INPUTS))).to(dtype)
    labels = torch.from_numpy(rng.integers(0, N_CLASSES, (N_NETWORKS, N_IMAGES)))
    orders = torch.from_numpy(np.stack([rng.permutation(N_IMAGES) for _ in range(N_NETWORKS)]))
    return images, labels, orders


def alone(stack: Stack, network: int) -> nn.Sequential:
    """A network of the stack as one of torch."""
    w1, b1, w2, b2, w3, b3 = (parameter[network] for parameter in stack.parameters)
    layers = []
    for weight, bias in ((w1, b1), (w2, b2), (w3, b3)):
        layer = nn.Linear(*weight.shape, dtype=weight.dtype)
        layer.weight.data, layer.bias.data = weight.T.clone(), bias[0].clone()
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def trained_alone(model: nn.Sequential, images: Tensor, labels: Tensor, order: Tensor) -> nn.Sequential:
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    for batch in order.split(BATCH):
        optimizer.zero_grad()
        functional.cross_entropy(model(images[batch]), labels[batch]).backward()
        optimizer.step()
    return model


def test_a_stack_trains_as_its_networks_do_one_at_a_time(data, dtype):
    images, labels, orders = data
    stack = stacks.drawn(N_INPUTS, WIDTH, N_CLASSES, streams(), dtype)
    models = [alone(stack, network) for network in range(N_NETWORKS)]
    for _ in range(2):
        stacks.one_epoch(stack, images, labels, orders, BATCH, RATE)
        models = [trained_alone(*each) for each in zip(models, images, labels, orders, strict=True)]
    rounding = 1e-11 if dtype == torch.float64 else 1e-4
    for network, model in enumerate(models):
        for own, other in zip(alone(stack, network).parameters(), model.parameters(), strict=True):
            torch.testing.assert_close(own, other, atol=rounding, rtol=0)
        assert torch.equal(stack.predicted(images)[network], model(images[network]).argmax(1))


def test_networks_may_share_their_images(data, dtype):
    images, labels, orders = data
    shared, repeated = (stacks.drawn(N_INPUTS, WIDTH, N_CLASSES, streams(), dtype) for _ in range(2))
    copies = images[:1].repeat(N_NETWORKS, 1, 1), labels[:1].repeat(N_NETWORKS, 1)
    stacks.one_epoch(shared, images[0].expand(N_NETWORKS, -1, -1), labels[0].expand(N_NETWORKS, -1), orders, BATCH, RATE)
    stacks.one_epoch(repeated, *copies, orders, BATCH, RATE)
    assert all(torch.equal(*pair) for pair in zip(shared.parameters, repeated.parameters, strict=True))


def test_a_network_depends_on_its_own_stream_alone(dtype):
    many = stacks.drawn(N_INPUTS, WIDTH, N_CLASSES, streams(), dtype)
    (last,) = streams()[2:]
    for one, other in zip(stacks.drawn(N_INPUTS, WIDTH, N_CLASSES, [last], dtype).parameters, many.parameters, strict=True):
        assert torch.equal(one[0], other[2])


def test_initial_weights_are_he_and_biases_zero():
    w1, b1, w2, b2, w3, b3 = stacks.drawn(100, 64, 50, streams(20), torch.float64).parameters
    for weight in (w1, w2, w3):
        assert float(weight.var()) == pytest.approx(2 / weight.shape[1], rel=5 * np.sqrt(2 / weight.numel()))
    assert not any(bias.any() for bias in (b1, b2, b3))


def test_a_copy_stays_when_the_stack_is_trained(data, dtype):
    stack = stacks.drawn(N_INPUTS, WIDTH, N_CLASSES, streams(), dtype)
    copied, before = stack.copy(), [parameter.clone() for parameter in stack.parameters]
    stacks.one_epoch(stack, *data, BATCH, RATE)
    assert all(torch.equal(*pair) for pair in zip(copied.parameters, before, strict=True))
    assert not torch.equal(stack.parameters[0], before[0])


def test_networks_of_unlike_shapes_are_refused():
    def network(width):
        return tuple(
            parameter[0] for parameter in stacks.drawn(N_INPUTS, width, N_CLASSES, streams(1), torch.float32).parameters
        )

    with pytest.raises(SpecError, match=r"must have one shape; network 0 has .*\(7, 6\).* and network 1 has .*\(7, 5\)"):
        Stack.of([network(6), network(5)])


def test_networks_too_wide_to_gain_are_refused():
    with pytest.raises(SpecError, match="at most 64 hidden units; received 65: a stack of wider networks is hardly faster"):
        stacks.drawn(N_INPUTS, 65, N_CLASSES, streams(1), torch.float32)


def test_a_network_that_diverges_is_named(data, dtype):
    images, *rest = data
    images[1] *= float("inf")
    stack = stacks.drawn(N_INPUTS, WIDTH, N_CLASSES, streams(), dtype)
    with pytest.raises(GeomemError, match="weights are not finite in these networks of a stack: 1; lower the learning rate"):
        stacks.one_epoch(stack, images, *rest, BATCH, RATE)
