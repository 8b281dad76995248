import numpy as np
import pytest
import torch

from empirical.evidence.names import KINDS, RAND_X, REAL
from empirical.evidence.quantities import QUANTITIES
from empirical.instruments.small_networks import loss_sensitivity
from empirical.instruments.small_networks.data_kinds import drawn_as, real_examples
from empirical.instruments.small_networks.loss_sensitivity import (
    class_readings,
    gini,
    gini_readings,
    off_diagonal,
    sensitivity_readings,
    trained,
)
from empirical.runs.instruments import INSTRUMENTS
from empirical.training.subject import Subject
from empirical.training.unrolled import image_gradients


@pytest.fixture(scope="module")
def subject(tiny):
    return Subject.of(tiny, 0)


@pytest.fixture(autouse=True)
def brief(monkeypatch):
    """Three epochs are averaged, and classes are told apart after the first and the third."""
    monkeypatch.setattr(loss_sensitivity, "AVERAGED", 3)
    monkeypatch.setattr(loss_sensitivity, "BY_CLASS", (1, 3))
    monkeypatch.setattr(loss_sensitivity, "KEPT", 3)


@pytest.fixture
def path(subject):
    return trained(real_examples(subject), subject, 3)


def norms(path, time, weights):
    return image_gradients(path, {time: weights})[time][:, 0].abs().sum(-1).numpy()


def test_the_gini_coefficient_is_half_the_relative_mean_difference():
    values = np.random.default_rng(0).exponential(size=40)
    differences = np.abs(values[:, None] - values).mean()
    assert gini(values) == pytest.approx(differences / (2 * values.mean()))
    assert gini(np.ones(7)) == pytest.approx(0)
    assert gini(np.array([0, 0, 5.0, 0])) == pytest.approx(3 / 4)


def test_nothing_is_read_before_an_epoch_has_ended(path):
    """The first number is of the end of the first epoch, when every example has been used; earlier ones are unequal anyway."""
    n = path.images.shape[1]
    steps, mean = -(-n // 20), torch.full((1, 1, n), 1 / n)
    found = {reading.epoch: reading.value for reading in gini_readings(path, REAL)}
    at_end = norms(path, steps, mean)[0]
    assert at_end.min() > 0
    assert found[1] == pytest.approx(gini(at_end), rel=1e-5)
    assert norms(path, steps // 2, mean)[0].min() == 0


def test_later_numbers_are_of_sensitivities_averaged_from_there(path):
    n = path.images.shape[1]
    steps, mean = -(-n // 20), torch.full((1, 1, n), 1 / n)
    found = {reading.epoch: reading for reading in gini_readings(path, REAL)}
    averaged = np.mean([norms(path, time, mean)[0] for time in range(steps, 3 * steps + 1, 10)], axis=0)
    assert found[3].value == pytest.approx(gini(averaged), rel=1e-5)
    assert found[3].n == n


@pytest.mark.slow
def test_the_error_of_the_gini_coefficient_is_that_over_examples(path, monkeypatch):
    """Sensitivities drawn from one law: fresh sets scatter as the jackknife of one set says."""
    n = path.images.shape[1]

    def drawn(seed):
        return np.random.default_rng(seed).exponential(size=n)

    errors = []
    for seed in range(20):
        monkeypatch.setattr(loss_sensitivity, "sensitivities", lambda gradients, seed=seed: drawn(seed)[None])
        errors += [reading.se for reading in gini_readings(path, REAL)]
    assert np.mean(errors) == pytest.approx(np.std([gini(drawn(seed)) for seed in range(300)]), rel=0.25)


def test_losses_of_classes_are_told_apart_and_add_up_to_the_whole(path):
    found = list(class_readings(path, REAL))
    labels, n = path.labels[0].numpy(), path.images.shape[1]
    time, one = 3 * -(-n // 20), torch.zeros(1, 1, n)
    one[0, 0, labels == 2] = 1 / (labels == 2).sum()
    own = norms(path, time, one)[0]
    matrix = {reading.choice: reading.value for reading in found if reading.quantity == "class_sensitivity"}
    assert len(matrix) == 100
    for j in (2, 7):
        assert matrix[f"real/2-{j}"] == pytest.approx(own[labels == j].mean(), rel=1e-5)
    (ratio,) = (reading.value for reading in found if reading.quantity == "sensitivity_ratio" and reading.epoch == 3)
    square = np.array([[matrix[f"real/{i}-{j}"] for j in range(10)] for i in range(10)])
    beside = square[~np.eye(10, dtype=bool)].mean()
    assert ratio == pytest.approx(beside / np.diag(square).mean(), rel=1e-5)
    assert off_diagonal(np.array([[2.0, 1.0], [3.0, 4.0]])) == pytest.approx(2 / 3)


def test_accuracies_are_of_the_network_at_that_epoch(path):
    found = {r.epoch: r.value for r in class_readings(path, REAL) if r.quantity == "sensitivity_accuracy"}
    steps = -(-path.images.shape[1] // 20)
    for epoch in (1, 3):
        right = path.stacks[epoch * steps].predicted(path.images) == path.labels
        assert found[epoch] == pytest.approx(float(right.float().mean()))
    assert found[3] > found[1]


def test_networks_of_all_kinds_start_alike_and_see_one_order(subject):
    real = real_examples(subject)
    paths = [trained(drawn_as(kind, real, subject), subject, 1) for kind in (REAL, RAND_X)]
    assert torch.equal(paths[0].stacks[0].parameters[0], paths[1].stacks[0].parameters[0])
    assert all(torch.equal(*pair) for pair in zip(*(path.batches for path in paths), strict=True))
    assert not torch.equal(paths[0].stacks[-1].parameters[0], paths[1].stacks[-1].parameters[0])


def test_all_kinds_of_data_are_read(subject):
    found = list(sensitivity_readings(subject))
    assert {reading.quantity for reading in found} == set(INSTRUMENTS["loss_sensitivity"]) <= set(QUANTITIES)
    ginis = {(r.choice, r.epoch) for r in found if r.quantity == "sensitivity_gini"}
    assert ginis == {(kind, epoch) for kind in (*KINDS, "real/own classes", "randX/own classes") for epoch in (1, 2, 3)}
    assert all(reading.se > 0 for reading in found)
