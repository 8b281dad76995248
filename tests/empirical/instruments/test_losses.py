import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from empirical.evidence.names import PERMUTED, TEST, UNPERMUTED
from empirical.evidence.quantities import QUANTITIES
from empirical.instruments.accuracies import accuracies, logits_of
from empirical.instruments.losses import loss_readings
from empirical.instruments.measure import measure
from empirical.training.subject import Subject
from empirical.training.train import train


@pytest.fixture(scope="module")
def subject(tiny):
    return Subject.of(tiny, 0)


@pytest.fixture(scope="module")
def outputs(subject):
    """Logits of some size, so that losses of images differ."""
    return 3 * logits_of(subject.build().eval(), subject)


def read(outputs, subject):
    return {(r.group, r.choice): r for r in loss_readings(outputs, subject)}


def own_losses(outputs, labels):
    """-log softmax, image by image, in plain arithmetic."""
    return np.array(
        [math.log(sum(map(math.exp, row))) - row[label] for row, label in zip(outputs.tolist(), labels, strict=True)]
    )


def test_losses_are_those_of_the_groups_of_the_accuracies(subject, outputs):
    found, n_train = read(outputs, subject), len(subject.images)
    assert found.keys() == {(r.group, r.choice) for r in accuracies(outputs.argmax(1).numpy(), subject)}
    labels = subject.labels
    expected = {
        ("unpermuted", ""): own_losses(outputs[labels.unpermuted], labels.true[labels.unpermuted]),
        ("permuted", ""): own_losses(outputs[labels.permuted], labels.trained[labels.permuted]),
        ("restored", ""): own_losses(outputs[labels.permuted], labels.true[labels.permuted]),
    }
    for half, start in (("select", n_train), ("report", n_train + len(subject.tests["select"][0]))):
        true = subject.tests[half][1].tolist()
        expected[TEST, half] = own_losses(outputs[start : start + len(true)], true)
    for pair, losses in expected.items():
        assert found[pair].value == pytest.approx(losses.mean(), rel=1e-6)
        assert found[pair].se == pytest.approx(losses.std(ddof=1) / len(losses) ** 0.5, rel=1e-5)
        assert found[pair].n == len(losses)


def test_the_loss_of_equal_logits_is_that_of_guessing(subject):
    for reading in read(torch.zeros(1797, 10), subject).values():
        assert reading.value == pytest.approx(math.log(10))
        assert reading.se == pytest.approx(0, abs=1e-12)


def test_a_confident_network_has_a_loss_that_does_not_overflow(subject):
    labels = torch.from_numpy(np.concatenate([subject.labels.trained, *(true for _, true in subject.tests.values())]))
    right = 1e4 * torch.nn.functional.one_hot(labels, 10).float()
    found = read(right, subject)
    assert found[UNPERMUTED, ""].value == found[PERMUTED, ""].value == found[TEST, "report"].value == 0
    assert found["restored", ""].value == pytest.approx(1e4)


def test_groups_without_images_have_no_loss(tiny):
    clean = Subject.of(replace(tiny, permuted_fraction=0.0), 0)
    assert {group for group, _ in read(torch.zeros(1797, 10), clean)} == {"unpermuted", "test"}


@pytest.mark.parametrize("instruments", [("losses",), ("losses", "compression"), ()])
def test_losses_are_measured_at_every_checkpoint_where_a_run_asks_for_them(tiny, tmp_path, instruments):
    asked = Subject.of(replace(tiny, instruments=instruments, epochs=2), 0)
    train(asked, tmp_path)
    rows, checks, _ = measure(asked, tmp_path)
    losses = [row for row in rows if row.quantity == "loss"]
    assert {row.epoch for row in losses} == (set(asked.spec.checkpoint_epochs()) if instruments else set())
    assert len(losses) == (15 if instruments else 0)
    assert all(checks.values())
    assert {row.quantity for row in rows} == asked.spec.quantities()
    assert asked.spec.quantities() <= QUANTITIES.keys()
