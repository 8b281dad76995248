import numpy as np
import pytest
import torch

from empirical.toy_models.linear_networks import NotConverged
from empirical.toy_models.scaled_outputs import ScaledNetworks

SEEDS = (3, 4)


def task():
    rng = np.random.default_rng(0)
    points = rng.standard_normal((2, 12, 6))
    return points, np.tile(np.repeat(np.eye(2) - 0.5, 6, axis=0), (2, 1, 1))


def moved(start, ended):
    return ((ended.hidden - start.hidden).norm() / start.hidden.norm()).item()


def test_a_small_scale_moves_the_hidden_layer_further():
    points, targets = task()
    start = ScaledNetworks.drawn(6, 40, 2, SEEDS)
    lazy, rich = (start.trained(points, targets, scale, 0.02, 800) for scale in (10.0, 0.2))
    assert moved(start, lazy) < 0.05 < 0.2 < moved(start, rich)


def test_outputs_move_to_the_targets_over_the_scale():
    points, targets = task()
    start = ScaledNetworks.drawn(6, 40, 2, SEEDS)
    ended = start.trained(points, targets, 2.0, 0.02, 800)
    after, before = (one.features(points) @ one.readout.numpy() for one in (ended, start))
    np.testing.assert_allclose(after - before, targets / 2, atol=0.1)


def test_training_is_that_of_a_torch_optimizer_one_network_after_the_other(monkeypatch):
    monkeypatch.setattr("empirical.toy_models.scaled_outputs.LEFT", np.inf)
    points, targets = task()
    start = ScaledNetworks.drawn(6, 40, 2, SEEDS)
    found = start.trained(points, targets, 0.5, 0.03, 5)
    for index, (own, wanted) in enumerate(zip(torch.as_tensor(points).float(), torch.as_tensor(targets).float(), strict=True)):
        weights = [one[index].clone().requires_grad_() for one in (start.hidden, start.readout)]
        first = ((own @ weights[0]).relu() @ weights[1]).detach()
        optimizer = torch.optim.SGD(weights, lr=0.03, momentum=0.9)
        for _ in range(5):
            optimizer.zero_grad()
            (((own @ weights[0]).relu() @ weights[1] - first - wanted / 0.5).square().sum() / (2 * len(own))).backward()
            optimizer.step()
        np.testing.assert_allclose(found.hidden[index], weights[0].detach(), atol=1e-5)
        np.testing.assert_allclose(found.readout[index], weights[1].detach(), atol=1e-5)


def test_a_network_does_not_depend_on_the_others():
    points, targets = task()
    both = ScaledNetworks.drawn(6, 40, 2, SEEDS).trained(points, targets, 1.0, 0.02, 800)
    alone = ScaledNetworks.drawn(6, 40, 2, SEEDS[1:]).trained(points[1:], targets[1:], 1.0, 0.02, 800)
    np.testing.assert_allclose(both.hidden[1], alone.hidden[0], atol=1e-5)


def test_what_is_not_learned_is_said():
    points, targets = task()
    with pytest.raises(NotConverged, match="more steps"):
        ScaledNetworks.drawn(6, 40, 2, SEEDS).trained(points, targets, 1.0, 0.02, 2)
