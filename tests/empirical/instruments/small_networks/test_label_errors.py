"""How well wrong labels are found: each number against a simple way to find it, on small networks."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from empirical.errors import SpecError  # noqa: E402
from empirical.evidence.names import CLASS_DEPENDENT, LAST_EPOCH, LOSS, UNIFORM, packed  # noqa: E402
from empirical.instruments.small_networks import label_errors  # noqa: E402
from empirical.label_errors.early_average import Averages  # noqa: E402
from empirical.runs import runspec  # noqa: E402
from empirical.training.subject import Subject  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def subject():
    return Subject.of(runspec.load("digits-label-errors", width=32, epochs=4, train_images=500), 0)


@pytest.fixture(scope="module")
def found(subject):
    given, wrong = label_errors.wrong_labels(subject, CLASS_DEPENDENT)
    return label_errors.watched(subject, given, CLASS_DEPENDENT), wrong


def test_labels_are_wrong_where_they_differ_from_the_true_ones(subject):
    """A tenth of the labels that are permuted uniformly is right by coincidence, and counted as right."""
    given, wrong = label_errors.wrong_labels(subject, UNIFORM)
    np.testing.assert_array_equal(wrong, given != subject.labels.true)
    assert 0.2 < wrong.mean() < 0.3
    assert label_errors.wrong_labels(subject, CLASS_DEPENDENT)[1].mean() == pytest.approx(0.3)


@pytest.mark.settled
def test_the_jackknife_has_the_spread_over_draws_of_examples():
    rng, values, errors = np.random.default_rng(1), [], []
    for _ in range(200):
        wrong = rng.random(600) < 0.3
        value, se = label_errors.jackknifed(rng.standard_normal(600) + 2 * wrong, wrong)
        values.append(value)
        errors.append(se)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.2)


def test_alignment_is_the_product_of_gradients(subject):
    model, n = subject.build(), 12
    images, targets, trained = subject.images[:n], torch.arange(n) % 10, torch.arange(8)
    gradients = []
    for index in range(n):
        loss = torch.nn.functional.cross_entropy(model(images[index : index + 1]), targets[index : index + 1])
        gradients.append(torch.cat([part.flatten() for part in torch.autograd.grad(loss, list(model.parameters()))]))
    rows = torch.stack(gradients)
    found = label_errors.alignments(model, images, targets, trained)
    np.testing.assert_allclose(found, rows @ rows[:8].mean(0), rtol=1e-4, atol=1e-5)


def test_initial_margins_leave_the_example_out():
    rng = np.random.default_rng(2)
    features, given = rng.standard_normal((30, 5)), np.arange(30) % 3
    wanted = []
    for i, label in enumerate(given):
        rest = np.arange(30) != i
        own = ((features[i] - features[rest & (given == label)].mean(0)) ** 2).sum()
        wanted.append(own - min(((features[i] - features[given == c].mean(0)) ** 2).sum() for c in {0, 1, 2} - {label}))
    np.testing.assert_allclose(label_errors.initial_margins(features, given), wanted)


def test_the_last_epoch_is_the_difference_of_averages():
    rng = np.random.default_rng(3)
    losses, margins = rng.random((2, 5, 7))
    to_each = [Averages(losses[:t].mean(0), margins[1:t].mean(0) if t > 1 else None, np.zeros(7), t, 1) for t in range(1, 6)]
    last = label_errors.last_epoch(to_each)
    np.testing.assert_allclose(last.loss, losses[4])
    np.testing.assert_allclose(last.margin, margins[4])


def test_what_is_kept_is_that_of_every_epoch(found, subject):
    watched, _ = found
    assert [one.epochs for one in watched.to_each] == [1, 2, 3, 4]
    assert len(watched.logits) == 4
    assert len(watched.alignments) == 5
    assert watched.watch.held_out.sum() == 50
    again = label_errors.watched(subject, watched.watch.labels, CLASS_DEPENDENT)
    np.testing.assert_array_equal(again.to_each[3].loss, watched.to_each[3].loss)


def test_readings_have_every_choice_once(found):
    watched, wrong = found
    rng = np.random.default_rng(0)
    readings = list(label_errors.precision_readings(watched, wrong, CLASS_DEPENDENT, rng))
    choices = [reading.choice for reading in readings]
    assert len(set(choices)) == len(choices) == 13
    assert packed(CLASS_DEPENDENT, LOSS, LAST_EPOCH) in choices
    precision = {reading.choice: reading.value for reading in readings}
    assert precision[packed(CLASS_DEPENDENT, LOSS, "best epoch")] >= precision[packed(CLASS_DEPENDENT, LOSS)]
    discoveries = list(label_errors.discovery_readings(watched, wrong, CLASS_DEPENDENT, rng))
    assert [(one.quantity, one.n) for one in discoveries] == [("false_discovery_share", 40), ("label_errors_found", 40)] * 2


def test_verified_examples_are_neither_found_nor_false():
    """Without them 25 wrong labels are left, and one right label that is as suspicious as no verified right one is."""
    ranks = np.arange(100, dtype=float)
    wrong = ranks >= 50
    false, share = label_errors.discoveries(ranks, wrong, np.arange(0, 100, 2))
    assert (false, share) == (1 / 26, 1.0)


@pytest.mark.parametrize("changes", [{"permuted_fraction": 0.5}, {"train_images": 200}, {"epochs": 2}])
def test_runs_in_which_labels_cannot_be_made_wrong(changes):
    spec = replace(runspec.load("digits-label-errors"), **changes)
    with pytest.raises(SpecError, match="label errors are made on real images with true labels, 300 or more"):
        next(label_errors.label_error_readings(Subject.of(spec, 0)))
