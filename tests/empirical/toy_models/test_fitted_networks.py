"""Tests of networks from points to labels: each by itself, against plain modules, and what is told where they do not fit."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from empirical.toy_models.fitted_networks import LabelNetwork, NotFitted, Schedule, train, train_through

SHAPE = LabelNetwork(("relu", "linear"), 12, 3)
SEEDS = [4, 9]
SCHEDULE = Schedule(rate=0.05, epochs=40, batch=10, fitted=0.9)


@pytest.fixture
def task():
    rng = np.random.default_rng(0)
    points = rng.standard_normal((2, 30, 5))
    return points, (points @ rng.standard_normal((5, 3))).argmax(2)


def test_the_start_has_the_variance_of_its_activation():
    first, second, readout = LabelNetwork(("relu", "linear"), 400, 300).started(500, [0])
    for (weights, biases), expected in ((first, 2 / 500), (second, 1 / 400), (readout, 1 / 400)):
        assert float(weights.var()) == pytest.approx(expected, rel=0.02)
        assert not biases.any()


def test_a_network_is_the_module_of_its_weights(task):
    points, _ = task
    layers = SHAPE.started(5, SEEDS)
    layers = [(weights, biases + 0.3) for weights, biases in layers]
    model, shown = SHAPE.single(layers, 1), torch.from_numpy(points[1]).float()
    assert [name for name, _ in model.named_children()] == ["hidden1", "hidden2", "readout"]
    first, second = SHAPE.features(layers, points)
    with torch.no_grad():
        assert first[1] == pytest.approx(model[0](shown).numpy(), abs=1e-5)
        assert second[1] == pytest.approx(model[:2](shown).numpy(), abs=1e-5)
        given = model(shown).argmax(1).numpy()
    assert first.min() == 0
    assert second.min() < 0
    assert SHAPE.fitted_shares(layers, points, np.stack([given, given]))[1] == 1


def test_networks_are_trained_as_each_would_be_alone(task):
    points, labels = task
    together = train(SHAPE, points, labels, SEEDS, SCHEDULE)
    alone = train(SHAPE, points[1:], labels[1:], SEEDS[1:], SCHEDULE)
    for (weights, biases), (own, own_biases) in zip(together, alone, strict=True):
        assert weights[1].numpy() == pytest.approx(own[0].numpy(), abs=1e-4)
        assert biases[1].numpy() == pytest.approx(own_biases[0].numpy(), abs=1e-4)


def test_layers_on_the_way_are_those_of_shorter_trainings(task):
    points, labels = task
    unfitted = Schedule(rate=0.05, epochs=3, batch=10, fitted=0.0)
    found = train_through(SHAPE, points, labels, SEEDS, SCHEDULE, (0, 3, SCHEDULE.epochs))
    shorter = [
        SHAPE.started(5, SEEDS),
        train(SHAPE, points, labels, SEEDS, unfitted),
        train(SHAPE, points, labels, SEEDS, SCHEDULE),
    ]
    for one, other in zip(found, shorter, strict=True):
        for (weights, biases), (own, own_biases) in zip(one, other, strict=True):
            assert torch.equal(weights, own)
            assert torch.equal(biases, own_biases)


def test_layers_within_an_epoch_are_those_after_a_part_of_its_batches(task):
    """The first batch of one network alone, by one step of its gradient."""
    points, labels = task
    points, labels = points[:1], labels[:1]
    n_batches = len(labels[0]) // SCHEDULE.batch
    assert len(labels[0]) % SCHEDULE.batch == 0
    epochs = (0, 1 / n_batches, SCHEDULE.epochs)
    start, first, _ = train_through(SHAPE, points, labels, SEEDS[:1], SCHEDULE, epochs)
    batch = np.random.default_rng([SEEDS[0], 1]).permutation(len(labels[0]))[: SCHEDULE.batch]
    model = SHAPE.single(start, 0)
    loss = torch.nn.functional.cross_entropy(
        model(torch.from_numpy(points[0, batch]).float()), torch.from_numpy(labels[0, batch])
    )
    (slope,) = torch.autograd.grad(loss, [model.readout.weight])
    assert (first[-1][0][0] - start[-1][0][0]).T.numpy() == pytest.approx(-SCHEDULE.rate * slope.numpy(), abs=1e-6)


def test_training_is_descent_with_momentum_on_the_mean_of_a_batch(task):
    """By torch's optimizer on one plain module."""
    points, labels = task
    model, order = SHAPE.single(SHAPE.started(5, SEEDS[:1]), 0), np.random.default_rng([SEEDS[0], 1])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    shown, wanted = torch.from_numpy(points[0]).float(), torch.from_numpy(labels[0])
    for _ in range(3):
        for batch in torch.from_numpy(order.permutation(30)).split(10):
            optimizer.zero_grad()
            functional.cross_entropy(model(shown[batch]), wanted[batch]).backward()
            optimizer.step()
    found = train(SHAPE, points[:1], labels[:1], SEEDS[:1], Schedule(0.05, 3, 10, fitted=0))
    assert found[-1][0][0].numpy() == pytest.approx(model.get_parameter("readout.weight").detach().T.numpy(), abs=1e-5)


def test_labels_that_are_not_fitted_are_told(task):
    points, labels = task
    with pytest.raises(NotFitted, match=r"must fit 100% of their labels, and fit .*after 1 epochs") as told:
        train(SHAPE, points, labels, SEEDS, Schedule(1e-4, 1, fitted=1.0))
    assert told.value.shares.shape == (2,)


def test_weights_that_are_not_finite_are_told(task):
    points, labels = task
    with pytest.raises(NotFitted, match="2 have weights that are not finite"):
        train(SHAPE, 1e3 * points, labels, SEEDS, Schedule(1e20, 3, fitted=0))


@pytest.mark.parametrize(
    "change", [lambda p, y, s: (p[0], y, s), lambda p, y, s: (p, y[:, 1:], s), lambda p, y, s: (p, y, s[1:])]
)
def test_what_does_not_fit_together_is_told(task, change):
    points, labels, seeds = change(*task, SEEDS)
    with pytest.raises(ValueError, match=r"points must be \(networks, n, d\)"):
        train(SHAPE, points, labels, seeds, SCHEDULE)


@pytest.mark.parametrize("activations", [(), ("relu", "tanh")])
def test_unknown_activations_are_told(activations):
    with pytest.raises(ValueError, match="activations must be relu or linear"):
        LabelNetwork(activations, 3, 2)


def test_a_width_of_nothing_is_told():
    with pytest.raises(ValueError, match="width must be a whole number >= 1; received 0"):
        LabelNetwork(("relu",), 0, 2)


def test_counts_of_one_label_train_as_labels_do_and_equal_counts_teach_nothing():
    rng = np.random.default_rng(0)
    points, labels = rng.standard_normal((2, 20, 4)), rng.integers(3, size=(2, 20))
    shape, schedule = LabelNetwork(("relu",), 6, 3), Schedule(0.05, 5, batch=10, fitted=0.0)
    by_label = train(shape, points, labels, (1, 2), schedule)
    by_count = train(shape, points, np.eye(3)[labels], (1, 2), schedule)
    for (weights, biases), (same, also) in zip(by_label, by_count, strict=True):
        np.testing.assert_allclose(weights, same, atol=1e-6)
        np.testing.assert_allclose(biases, also, atol=1e-6)
    level = train(shape, points, np.full((2, 20, 3), 1 / 3), (1, 2), Schedule(0.05, 200, batch=10, fitted=0.0))
    with torch.no_grad():
        logits = shape._held(level, torch.from_numpy(points).float())[-1].numpy()
    assert np.ptp(logits, axis=2).max() < 0.2
