from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from empirical.evidence.bundle import read_bundle
from empirical.evidence.names import KINDS, RAND_X
from empirical.evidence.quantities import QUANTITIES
from empirical.instruments.small_networks import first_epochs
from empirical.instruments.small_networks.data_kinds import drawn_as, real_examples
from empirical.instruments.small_networks.first_epochs import count_readings, first_epoch_readings, misclassified, statistics
from empirical.pipeline import make_bundle
from empirical.runs.instruments import INSTRUMENTS
from empirical.training.subject import Subject
from tests.empirical.pipeline.executors import Here
from theory.learning import misclassification_counts

N_CLASSES, N_PER_CLASS, N_RUNS = 5, 20, 60
LABELS = np.tile(np.arange(N_CLASSES), N_PER_CLASS)


@pytest.fixture(scope="module")
def subject(tiny):
    return Subject.of(tiny, 0)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(first_epochs, "RUNS", 6)
    monkeypatch.setattr(first_epochs, "STACKED", 3)


def arranged(rng, rates):
    """Right and wrong of runs whose error rates, (runs, classes), say how many examples of a class are wrong, never which."""
    wrong = np.zeros((len(rates), len(LABELS)), dtype=bool)
    for label in range(N_CLASSES):
        count = np.round(np.clip(rates[:, label], 0, 1) * N_PER_CLASS)[:, None]
        wrong[:, label == LABELS] = rng.permuted(np.tile(np.arange(N_PER_CLASS), (len(rates), 1)), axis=1) < count
    return wrong


def swinging(rng):
    """Classes of unlike error rates, which swing from run to run."""
    return rng.normal(np.linspace(0.3, 0.9, N_CLASSES), 0.2, (N_RUNS, N_CLASSES))


def test_errors_are_those_of_networks_trained_one_at_a_time(tiny, few):
    """Second route, in torch, for the last training, which is in the second stack."""
    subject = Subject.of(replace(tiny, train_images=200), 0)
    examples, run, spec = drawn_as(RAND_X, real_examples(subject), subject), 5, subject.spec
    images, labels = examples.rows(), torch.from_numpy(examples.labels)
    rng, model = spec.rng(0, "first epochs, weights", run), nn.Sequential()
    for size in ((64, 64), (64, 64), (64, 10)):
        layer = nn.Linear(*size)
        layer.weight.data = torch.from_numpy(rng.standard_normal(size) * np.sqrt(2 / size[0])).float().T
        nn.init.zeros_(layer.bias)
        model.extend([layer, nn.ReLU()])
    model, optimizer = model[:-1], torch.optim.SGD(model.parameters(), lr=0.1)
    for batch in torch.from_numpy(spec.rng(0, "first epochs, order", run).permutation(len(labels))).split(16):
        optimizer.zero_grad()
        functional.cross_entropy(model(images[batch]), labels[batch]).backward()
        optimizer.step()
    wrong = (model(images).argmax(1) != labels).numpy()
    found = misclassified(examples, subject, 0.1)
    assert found.shape == (6, len(labels))
    assert 0.2 < wrong.mean() < 0.95
    assert np.mean(found[run] != wrong) < 0.01
    assert np.mean(found[run - 1] != wrong) > 0.05


def test_examples_of_a_class_that_are_all_alike_have_dispersion_one():
    """Neither classes that differ nor rates that swing move it; its spread is that of the exact null."""
    rng, found = np.random.default_rng(0), []
    rates = swinging(rng)
    for _ in range(100):
        wrong = arranged(rng, rates)
        found.append(statistics(wrong, LABELS)["misclassification_dispersion", ""])
    errors = np.stack([wrong[:, label == LABELS].sum(axis=1) for label in range(N_CLASSES)])
    null = misclassification_counts.dispersion_error(errors, N_PER_CLASS)
    assert np.mean(found) == pytest.approx(1, abs=5 * null / 10)
    assert np.std(found) == pytest.approx(null, rel=5 / np.sqrt(200))


def test_the_dispersion_is_relative_to_the_mean_over_permutations():
    wrong = arranged(np.random.default_rng(1), swinging(np.random.default_rng(1)))
    counts = wrong.sum(axis=0)
    errors = np.stack([wrong[:, label == LABELS].sum(axis=1) for label in range(N_CLASSES)])
    squares = sum(((own - own.mean()) ** 2).sum() for own in (counts[label == LABELS] for label in range(N_CLASSES)))
    mean, _ = misclassification_counts.squares_moments(errors, N_PER_CLASS)
    assert statistics(wrong, LABELS)["misclassification_dispersion", ""] == pytest.approx(squares / mean.sum(), rel=1e-12)


def test_examples_that_are_easier_than_others_of_their_class_are_seen():
    """Half of each class is wrong in every run: the variance of the counts is R^2 / 4, against R / 4 of coin tosses."""
    easy = np.arange(len(LABELS)) < len(LABELS) // 2
    found = statistics(np.tile(easy, (N_RUNS, 1)), LABELS)
    assert found["misclassification_dispersion", ""] == pytest.approx(N_RUNS)
    assert found["misclassification_index", ""] == pytest.approx(N_RUNS, rel=0.02)
    assert (found["misclassification_quantile", "0.25"], found["misclassification_quantile", "0.75"]) == (0, 1)


def test_the_index_of_all_counts_has_the_mean_that_rates_of_classes_and_their_swings_give():
    rng, found = np.random.default_rng(2), []
    rates = swinging(rng)
    for _ in range(200):
        one = statistics(arranged(rng, rates), LABELS)
        found.append(one["misclassification_index", ""])
    means, swings = ([one[f"misclassification_class_{what}", str(c)] for c in range(N_CLASSES)] for what in ("rate", "swing"))
    expected = misclassification_counts.binomial_index(means, swings, N_PER_CLASS, N_RUNS)
    assert np.mean(found) == pytest.approx(expected, abs=5 * np.std(found) / np.sqrt(200))


def test_the_error_of_the_dispersion_is_that_over_trainings():
    """Runs that agree on half of the examples: fresh sets of runs scatter as the jackknife of one set says."""

    def drawn(seed):
        rng = np.random.default_rng(seed)
        return rng.random((N_RUNS, len(LABELS))) < np.where(np.arange(len(LABELS)) % 2, 0.9, 0.5)

    def dispersion(wrong):
        (found,) = (r for r in count_readings(wrong, LABELS, "real") if r.quantity == "misclassification_dispersion")
        return found

    fresh = [statistics(drawn(seed), LABELS)["misclassification_dispersion", ""] for seed in range(200)]
    errors = [dispersion(drawn(seed)).se for seed in range(20)]
    assert np.mean(errors) == pytest.approx(np.std(fresh), rel=0.3)


def test_all_kinds_of_data_are_read_with_their_errors(subject, few):
    found = list(first_epoch_readings(subject))
    assert {reading.quantity for reading in found} == set(INSTRUMENTS["first_epochs"]) <= set(QUANTITIES)
    assert {reading.group for reading in found} == {"unpermuted"}
    assert {reading.epoch for reading in found} == {1}
    assert {reading.choice for reading in found if reading.quantity == "misclassification_dispersion"} == {
        *KINDS,
        "randX/rate 0.03",
    }
    per_class = np.bincount(subject.labels.true).min()
    assert {r.value for r in found if r.quantity == "images_per_class"} == {per_class}
    assert {r.value for r in found if r.quantity == "trainings"} == {6}


def test_trainings_of_one_number_start_alike_whatever_the_kind(subject, few, monkeypatch):
    """Without training, so that only the initial network and the images matter."""
    monkeypatch.setattr("empirical.training.stacks.one_epoch", lambda *training: None)
    real = real_examples(subject)
    predicted = [misclassified(drawn_as(kind, real, subject), subject, 0.01) for kind in ("real", "randY")]
    shuffled = drawn_as("randY", real, subject).labels == real.labels
    assert np.array_equal(predicted[0][:, shuffled], predicted[1][:, shuffled])


@pytest.mark.settled
def test_a_run_has_the_rows_once_at_the_epoch_of_the_small_networks(tiny, few, tmp_path):
    run = replace(tiny, name="counted", n_networks=1, epochs=2, instruments=("first_epochs",))
    rows = read_bundle(make_bundle.make_bundle(run, tmp_path, executor=Here())).rows
    found = [row for row in rows if row.quantity == "misclassification_dispersion"]
    assert len(found) == len(first_epochs.SETTINGS)
    assert {(row.epoch, row.layer, row.group) for row in found} == {(1, "network", "unpermuted")}
