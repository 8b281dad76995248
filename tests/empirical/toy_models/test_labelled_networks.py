import numpy as np
import pytest
import torch
from torch.nn import functional

from empirical.toy_models import kernel_descent, labelled_networks, small_networks

EVERYONE = np.ones((3, 6), dtype=bool)


@pytest.fixture
def stack():
    """Three networks, their images, (3, 6, 1, 4, 4), and labels, (3, 6)."""
    rng = np.random.default_rng(0)
    models = [small_networks.network("mlp", 2, 5, 4, rng) for _ in range(3)]
    return models, rng.standard_normal((3, 6, 1, 4, 4)), rng.integers(4, size=(3, 6))


def gradients(model, images, labels):
    """The gradients of the cross-entropy of single examples, one after the other, (n, parameters)."""
    losses = functional.cross_entropy(model(torch.as_tensor(images)), torch.as_tensor(labels), reduction="none")
    found = [torch.autograd.grad(loss, list(model.parameters()), retain_graph=True) for loss in losses]
    return torch.stack([torch.cat([part.flatten() for part in one]) for one in found])


def test_alignments_are_those_of_single_gradients(stack):
    found = labelled_networks.alignments(*stack)
    for model, images, labels, one in zip(*stack, found, strict=True):
        each = gradients(model, images, labels)
        np.testing.assert_allclose(one, (each @ each.mean(0)).numpy(), rtol=1e-10)


@pytest.mark.parametrize("members", [EVERYONE, np.arange(6) < np.array([[2], [3], [5]])])
def test_summed_alignments_are_those_of_descent_one_network_after_the_other(stack, members):
    summed, drops = labelled_networks.summed_alignments(*stack, learning_rate=0.05, n_steps=3, members=members)
    for index, (model, images, labels) in enumerate(zip(*stack, strict=True)):
        total, losses = np.zeros(6), []
        for step in range(4):
            logits = model(torch.as_tensor(images)).detach()
            losses.append(functional.cross_entropy(logits, torch.as_tensor(labels), reduction="none").numpy())
            each = gradients(model, images, labels)
            if step < 3:
                total += 0.05 * (each @ each[members[index]].mean(0)).numpy()
                shift = torch.nn.utils.parameters_to_vector(model.parameters()) - 0.05 * each.mean(0)
                torch.nn.utils.vector_to_parameters(shift.detach(), model.parameters())
        np.testing.assert_allclose(summed[index], total, rtol=1e-9)
        np.testing.assert_allclose(drops[index], losses[0] - losses[-1], atol=1e-12)


def test_networks_are_left_as_they_were_and_do_not_depend_on_each_other(stack):
    models, images, labels = stack
    before = [parameter.detach().clone() for model in models for parameter in model.parameters()]
    targets, rates = np.eye(4)[labels] - 0.25, np.array([0.1, 0.2, 0.3])
    moved = labelled_networks.descend(models, images, targets, rates, 5)
    assert all(torch.equal(one, other) for one, other in zip(before, [p for m in models for p in m.parameters()], strict=True))
    assert moved.shape == (6, 3, 6, 4)
    np.testing.assert_array_equal(moved[0], 0)
    alone = labelled_networks.descend(models[1:2], images[1:2], targets[1:2], rates[1:2], 5)
    np.testing.assert_allclose(moved[:, 1:2], alone, atol=1e-12)


def test_images_in_single_precision_train_networks_in_it(stack):
    models, images, labels = stack
    targets, rates = np.eye(4)[labels] - 0.25, np.full(3, 0.1)
    moved = labelled_networks.descend(models, images.astype(np.float32), targets, rates, 5)
    assert moved.dtype == np.float32
    np.testing.assert_allclose(moved, labelled_networks.descend(models, images, targets, rates, 5), atol=1e-4)


def test_networks_without_hidden_layers_are_linear_models(stack):
    rng, (_, images, labels) = np.random.default_rng(1), stack
    models = [small_networks.network("mlp", 0, 1, 4, rng) for _ in range(3)]
    targets = np.eye(4)[labels] - 0.25
    moved = labelled_networks.descend(models, images, targets, np.full(3, 0.1), 8)
    features = np.concatenate([images.reshape(3, 6, 16), np.ones((3, 6, 1))], axis=2)
    for index in range(3):
        np.testing.assert_allclose(moved[:, index], kernel_descent.descend(features[index], targets[index], 0.1, 8), atol=1e-12)
