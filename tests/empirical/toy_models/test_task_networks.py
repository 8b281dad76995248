"""Tests of networks trained on binary tasks, against descent one network after the other and against closed forms."""

import numpy as np
import pytest
import torch

from empirical.toy_models import small_networks, task_networks


@pytest.fixture
def stack():
    """Three networks with one output, their images, (3, 6, 1, 4, 4), and tasks, (3, 6)."""
    rng = np.random.default_rng(0)
    models = [small_networks.network("mlp", 2, 5, 1, rng) for _ in range(3)]
    return models, rng.standard_normal((3, 6, 1, 4, 4)), rng.choice([-1.0, 1.0], (3, 6))


def test_training_is_that_of_a_torch_optimizer_one_network_after_the_other(stack):
    models, images, tasks = stack
    rates = np.array([0.01, 0.02, 0.03])
    trained, losses = task_networks.train(task_networks.stacked(models), images, tasks, rates, 4)
    assert losses.shape == (3, 4)
    for network, (model, own, task, rate) in enumerate(zip(models, images, tasks, rates, strict=True)):
        alone, found = _copied(model), []
        optimizer = torch.optim.SGD(alone.parameters(), lr=float(rate), momentum=task_networks.MOMENTUM)
        first = alone(torch.as_tensor(own)).detach()
        for _ in range(4):
            errors = (alone(torch.as_tensor(own)) - first)[:, 0] - torch.as_tensor(task)
            found.append(errors.square().mean().item())
            optimizer.zero_grad()
            (errors.square().mean() / 2).backward()
            optimizer.step()
        np.testing.assert_allclose(losses[network], np.array(found) / found[0], rtol=1e-4)
        for parameter, other in zip(trained.modules()[network].parameters(), alone.parameters(), strict=True):
            np.testing.assert_allclose(parameter.detach(), other.detach(), atol=1e-5)


def _in_double(trained):
    return [model.double() for model in trained.modules()]


def _copied(model):
    alone = small_networks.network("mlp", 2, 5, 1, np.random.default_rng(9))
    alone.load_state_dict(model.state_dict())
    return alone


def test_networks_are_left_as_they_were_and_movements_are_from_the_first_outputs(stack):
    models, images, tasks = stack
    before = [parameter.detach().clone() for model in models for parameter in model.parameters()]
    trained, _ = task_networks.train(task_networks.stacked(models), images, tasks, np.full(3, 0.02), 3)
    assert all(torch.equal(one, p) for one, p in zip(before, [p for m in models for p in m.parameters()], strict=True))
    with torch.no_grad():
        moved = [
            (late(torch.as_tensor(x)) - early(torch.as_tensor(x)))[:, 0]
            for early, late, x in zip(models, _in_double(trained), images, strict=True)
        ]
    np.testing.assert_allclose(
        task_networks.movements(task_networks.stacked(models), trained, images), np.stack(moved), atol=1e-5
    )


def test_a_network_without_hidden_layers_is_its_own_linearization(stack):
    _, images, tasks = stack
    models = [small_networks.network("mlp", 0, 1, 1, np.random.default_rng(seed)) for seed in range(3)]
    kernels = np.stack(
        [small_networks.tangent_kernel(model, torch.as_tensor(x)) for model, x in zip(models, images, strict=True)]
    )
    rates = np.array([0.02, 0.05, 0.1])
    trained, _ = task_networks.train(task_networks.stacked(models), images[:, :4], tasks[:, :4], rates, 12)
    linear = task_networks.linearized_movements(kernels[..., :4], tasks[:, :4, None], rates, 12)[..., 0]
    np.testing.assert_allclose(task_networks.movements(task_networks.stacked(models), trained, images), linear, atol=1e-5)


def test_a_linearization_descends_to_the_interpolation_by_its_kernel(stack):
    _, images, tasks = stack
    features = images.reshape(3, 6, 16)
    kernels = features @ features.transpose(0, 2, 1)
    found = task_networks.linearized_movements(kernels[..., :4], tasks[:, :4, None], np.full(3, 0.1), 800)[..., 0]
    solved = [own[:, :4] @ np.linalg.solve(own[:4, :4], task[:4]) for own, task in zip(kernels, tasks, strict=True)]
    np.testing.assert_allclose(found, solved, atol=1e-6)
