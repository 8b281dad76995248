from collections import OrderedDict
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from empirical.data.permuted_labels import TrainingLabels
from empirical.data.pixel_range import PixelRange
from empirical.instruments.linear_probes import FEATURES, _pooled, probe_readings
from empirical.training.subject import Subject


def subject_of(tiny, n=400, n_classes=4, seed=0):
    """Images whose first pixels say their true label, and whose next ones say the label trained on; half of them permuted."""
    rng = np.random.default_rng(seed)
    true = np.arange(n) % n_classes
    drawn = np.arange(n) < n // 2
    trained = np.where(drawn, rng.permutation(true), true)
    images = 0.1 * rng.standard_normal((n, 1, 4, 4))
    images[np.arange(n), 0, 0, true] += 1
    images[np.arange(n), 0, 1, trained] += 1
    half = (torch.from_numpy(images[n // 2 :]).float(), torch.from_numpy(true[n // 2 :]))
    tests = {"select": half, "report": half}
    labels = TrainingLabels(true, trained, drawn)
    spec, pixels = replace(tiny, group_images=n), PixelRange(np.zeros(1), np.ones(1))
    return Subject(
        spec, 0, torch.from_numpy(images).float(), labels, tests, n_classes, np.zeros(n, dtype=bool), noise=None, pixels=pixels
    )


def readings(subject, *blocks):
    named = OrderedDict((f"layer{i}", block) for i, block in enumerate(blocks))
    return {(r.layer, r.group): r for r in probe_readings(nn.Sequential(named).eval(), subject, ["input", *named])}


class Keep(nn.Module):
    """One row of pixels kept, the others set to 0."""

    def __init__(self, row):
        super().__init__()
        self.row = row

    def forward(self, images):
        mask = torch.zeros_like(images)
        mask[:, :, self.row] = 1
        return images * mask


@pytest.mark.slow
def test_a_probe_reads_what_a_layer_has_and_not_what_it_lost(tiny):
    subject = subject_of(tiny)
    both = readings(subject, nn.Identity())
    assert both["input", "restored"].value > 0.95
    assert both["input", "permuted"].value > 0.95
    true_only, trained_only = (readings(subject, Keep(row)) for row in (0, 1))
    assert true_only["layer0", "restored"].value > 0.95
    assert true_only["layer0", "permuted"].value < 0.45
    assert trained_only["layer0", "permuted"].value > 0.95
    assert trained_only["layer0", "restored"].value < 0.45
    assert true_only["layer0", "test"].value > 0.95


def test_probes_for_test_images_learn_the_labels_trained_on(tiny):
    """Every label is moved on by one: a probe that has learned this is wrong about every test image."""
    subject = subject_of(tiny)
    true = subject.labels.true
    labels = TrainingLabels(true, (true + 1) % 4, np.ones(len(true), dtype=bool))
    assert readings(replace(subject, labels=labels), Keep(0))["layer0", "test"].value < 0.05


def test_errors_are_binomial_over_the_images_decoded(tiny):
    subject = subject_of(tiny)
    one = readings(subject, Keep(0))["layer0", "permuted"]
    assert one.n == len(subject.labels.permuted)
    assert one.se == pytest.approx(np.sqrt(one.value * (1 - one.value) / one.n))


def test_random_labels_cannot_be_decoded_from_pixels(tiny):
    """Cross-validated: a probe of hundreds of features fits its own images' random labels, not those of others."""
    real = Subject.of(replace(tiny, train_images=600), 0)
    found = {r.group: r for r in probe_readings(nn.Sequential(nn.Identity()), real, ["input"])}
    assert found["restored"].value > 0.7
    assert abs(found["permuted"].value - 0.1) < 5 * found["permuted"].se


def test_features_are_averaged_over_patches_until_they_are_few():
    images = torch.randn(5, 64, 16, 16)
    pooled = _pooled(nn.Sequential(), images, ["input"])["input"]
    assert pooled.shape == (5, 64 * 4)
    assert pooled.shape[1] <= FEATURES < 64 * 16
    assert pooled[0, 0] == pytest.approx(float(images[0, 0, :8, :8].mean()), abs=1e-6)


def test_without_permuted_labels_only_test_images_are_decoded(tiny):
    subject = subject_of(tiny)
    labels = TrainingLabels(subject.labels.true, subject.labels.true, np.zeros(len(subject.labels.true), dtype=bool))
    assert {r.group for r in probe_readings(nn.Sequential(), replace(subject, labels=labels), ["input"])} == {"test"}
