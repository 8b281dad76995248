"""Tests of derivatives through training against finite differences, and against autograd through plain steps."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from empirical.training import stacks
from empirical.training.unrolled import followed, image_gradients

N_NETWORKS, N_IMAGES, N_INPUTS, WIDTH, N_CLASSES, BATCH, RATE = 2, 7, 5, 4, 3, 3, 0.3
# Two epochs: the last batch of each has one image.
N_STEPS = 6


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.standard_normal((N_NETWORKS, N_IMAGES, N_INPUTS)))
    return images, torch.from_numpy(rng.integers(0, N_CLASSES, (N_NETWORKS, N_IMAGES)))


@pytest.fixture
def batches():
    rng = np.random.default_rng(1)
    orders = [torch.from_numpy(np.stack([rng.permutation(N_IMAGES) for _ in range(N_NETWORKS)])) for _ in range(2)]
    return [batch for order in orders for batch in order.split(BATCH, dim=1)]


@pytest.fixture
def stack():
    streams = [np.random.default_rng([2, number]) for number in range(N_NETWORKS)]
    return stacks.drawn(N_INPUTS, WIDTH, N_CLASSES, streams, torch.float64)


@pytest.fixture
def weights():
    """Two losses of each network: the mean, and one of unequal weights."""
    unequal = torch.from_numpy(np.random.default_rng(3).random((N_NETWORKS, N_IMAGES)))
    return torch.stack([torch.full((N_NETWORKS, N_IMAGES), 1 / N_IMAGES, dtype=torch.float64), unequal])


def losses_after(stack, trained_on, images, labels, batches, weights):
    """The losses of the images as they are, after training on others: (losses, K)."""
    logits = followed(stack, trained_on, labels, batches, RATE).stacks[-1].activations(images)[2]
    each = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
    return (weights * each.reshape(N_NETWORKS, N_IMAGES)).sum(-1)


def by_autograd(stack, images, labels, batches, weights):
    """The derivatives by one long graph of steps that are written out with autograd's own gradients."""
    leaf, parameters = images.clone().requires_grad_(), [p.clone().requires_grad_() for p in stack.parameters]

    def each_loss(index, inputs):
        w1, b1, w2, b2, w3, b3 = parameters
        logits = torch.relu(torch.relu(inputs @ w1 + b1) @ w2 + b2) @ w3 + b3
        return functional.cross_entropy(logits.mT, labels.gather(1, index), reduction="none")

    for batch in batches:
        mean = each_loss(batch, leaf[torch.arange(N_NETWORKS)[:, None], batch]).mean(1).sum()
        slopes = torch.autograd.grad(mean, parameters, create_graph=True)
        parameters = [p - RATE * slope for p, slope in zip(parameters, slopes, strict=True)]
    found = each_loss(torch.arange(N_IMAGES).expand(N_NETWORKS, -1), images)
    return torch.stack([torch.autograd.grad((one * found).sum(), leaf, retain_graph=True)[0] for one in weights])


def test_the_derivatives_are_finite_differences(stack, data, batches, weights):
    images, labels = data
    found = image_gradients(followed(stack, images, labels, batches, RATE), {N_STEPS: weights})[N_STEPS]
    small = 1e-6
    for image in range(N_IMAGES):
        for pixel in range(N_INPUTS):
            moved = torch.zeros_like(images)
            moved[:, image, pixel] = small
            above, below = (losses_after(stack, images + sign * moved, images, labels, batches, weights) for sign in (1, -1))
            torch.testing.assert_close(found[:, :, image, pixel], (above - below) / (2 * small), atol=1e-8, rtol=1e-6)


def test_losses_at_several_times_are_those_of_autograd_through_the_steps(stack, data, batches, weights):
    path = followed(stack, *data, batches, RATE)
    found = image_gradients(path, {2: weights[1:], 5: weights, 6: weights[:1]})
    for time, some in ((2, weights[1:]), (5, weights), (6, weights[:1])):
        torch.testing.assert_close(found[time], by_autograd(stack, *data, batches[:time], some), atol=1e-12, rtol=0)


def test_an_image_that_no_step_has_used_has_no_influence_yet(stack, data, batches, weights):
    found = image_gradients(followed(stack, *data, batches, RATE), {0: weights, 2: weights})
    assert not found[0].any()
    for network in range(N_NETWORKS):
        used = torch.cat([batch[network] for batch in batches[:2]])
        unused = [image for image in range(N_IMAGES) if image not in used]
        assert len(unused) == 1
        assert not found[2][:, network, unused].any()
        assert found[2][:, network, used].any()


def test_the_trajectory_is_that_of_training_and_leaves_the_stack_as_it_is(stack, data, batches):
    before = stack.copy()
    path = followed(stack, *data, batches, RATE)
    assert all(torch.equal(*pair) for pair in zip(stack.parameters, before.parameters, strict=True))
    for order in (torch.cat(batches[:3], dim=1), torch.cat(batches[3:], dim=1)):
        stacks.one_epoch(stack, *data, order, BATCH, RATE)
    assert all(torch.equal(*pair) for pair in zip(stack.parameters, path.stacks[-1].parameters, strict=True))
    assert len(path.stacks) == N_STEPS + 1


def test_losses_after_more_steps_than_there_are_are_refused(stack, data, batches, weights):
    with pytest.raises(ValueError, match=r"losses must be after 0 to 6 steps; received \[3, 7\]: follow more steps"):
        image_gradients(followed(stack, *data, batches, RATE), {7: weights, 3: weights})
