from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
import torch
from torch import nn

from empirical.data.pixel_range import PixelRange
from empirical.errors import AttackError
from empirical.evidence.names import RADII
from empirical.instruments.critical_samples import critical_readings, held_out, top_class_readings
from empirical.instruments.measure import measure
from empirical.instruments.registry import CERTIFIED
from empirical.training.subject import Subject
from empirical.training.train import train
from tests.empirical.adversarial.small_networks import distances

SEARCH = "empirical.instruments.critical_samples.search"


@pytest.fixture(scope="module")
def real(tiny):
    return Subject.of(tiny, 0)


@pytest.fixture(scope="module")
def noisy(tiny):
    return Subject.of(replace(tiny, noise="inputs", noise_share=1.0, group_images=50), 0)


@pytest.fixture(scope="module")
def straight():
    """A linear map of the digits with two classes, whose nearest boundary is known; half of the images are near it."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 2)).eval()


def rows(images):
    return {row.numpy().tobytes() for row in images}


def by_choice(readings):
    return {(r.group, r.choice): r for r in readings}


def test_images_are_of_the_reported_half_and_none_was_trained_on(real, noisy):
    for subject in (real, noisy):
        held = held_out(subject)["test"]
        assert rows(held) <= rows(subject.tests["report"][0])
        assert not rows(held) & (rows(subject.images) | rows(subject.tests["select"][0]))
    assert not rows(held_out(noisy)["noise"]) & rows(noisy.images)


def test_images_are_drawn_once_and_no_more_than_asked_for(tiny, real, noisy):
    assert rows(held_out(real)["test"]) == rows(held_out(real)["test"])
    assert [len(images) for images in held_out(noisy).values()] == [50, 50]
    few = held_out(Subject.of(replace(tiny, group_images=7), 0))["test"]
    assert len(few) == 7
    assert rows(few) != rows(real.tests["report"][0][:7])
    assert len(held_out(real)["test"]) == 500


def test_noise_is_looked_at_where_it_was_trained_on(real, noisy):
    assert held_out(real).keys() == {"test"}
    assert torch.equal(held_out(noisy)["noise"], noisy.fresh_noise(50))


@pytest.mark.parametrize("how", ["", "softmax", "in range"])
def test_there_is_a_ratio_for_every_group_and_radius(noisy, straight, how):
    found, sound = critical_readings(straight, noisy, 0, how)
    ratios = by_choice(found)
    assert ratios.keys() == {(group, f"{radius}/{how}".rstrip("/")) for group in ("test", "noise") for radius in RADII}
    assert sound
    for group in ("test", "noise"):
        values = [r.value for r in found if r.group == group]
        assert values == sorted(values)
        assert values[0] < values[-1]
    for r in found:
        assert (r.quantity, r.n) == ("critical_sample_ratio", 50)
        assert r.se == pytest.approx(np.sqrt(r.value * (1 - r.value) / 50))


def test_the_ratio_of_a_linear_map_is_the_share_of_images_near_its_boundary(real, straight):
    """The second route: the margin over the 1-norm of the weights, in grey levels; noise may miss what is just inside."""
    apart = distances(straight, held_out(real)["test"], real.pixels).numpy()
    found, sound = critical_readings(straight, real, 0)
    assert sound
    for radius, r in zip(RADII, found, strict=True):
        assert (apart < 0.98 * float(radius)).mean() <= r.value <= (apart <= float(radius)).mean()
    assert 0.1 < found[-1].value < 0.9


def test_true_labels_and_labels_trained_on_play_no_part(real, straight):
    other = {half: (images, (true + 1) % 10) for half, (images, true) in real.tests.items()}
    labels = replace(real.labels, true=real.labels.trained, trained=real.labels.true)
    assert critical_readings(straight, replace(real, tests=other, labels=labels), 0) == critical_readings(straight, real, 0)


def test_the_noise_of_the_search_is_drawn_anew_at_every_epoch(real, straight):
    drawn = []

    def kept(model, images, pixels, by, generator, start):
        drawn.append(generator.initial_seed())
        return images, torch.zeros(len(images), dtype=torch.bool)

    with patch(SEARCH, kept):
        for epoch in (0, 1):
            for how in ("", "softmax"):
                critical_readings(straight, real, epoch, how)
    assert len(set(drawn)) == len(drawn) == 12


@pytest.mark.parametrize(
    "wrong", [lambda images: images, lambda images: images + 100], ids=["of the same class", "out of the box"]
)
def test_a_critical_sample_without_an_adversarial_example_is_noticed(real, straight, wrong):
    def claimed(model, images, *_):
        return wrong(images), torch.ones(len(images), dtype=torch.bool)

    with patch(SEARCH, claimed):
        readings, sound = critical_readings(straight, real, 0)
    assert readings[0].value == 1
    assert not sound


def test_a_network_of_one_class_has_no_critical_samples_and_is_told_by_its_top_class(real, straight):
    dead = nn.Sequential(nn.Flatten(), nn.Linear(64, 10)).eval()
    with torch.no_grad():
        dead[1].weight.zero_()
    assert [r.value for r in critical_readings(dead, real, 0)[0]] == [0, 0, 0]
    (dead_top,), (top,) = top_class_readings(dead, real), top_class_readings(straight, real)
    assert (dead_top.value, dead_top.se, dead_top.n) == (1, 0, 500)
    counts = np.bincount(straight(held_out(real)["test"]).argmax(1).numpy())
    assert (top.quantity, top.group, top.value) == ("top_class_share", "test", counts.max() / 500)


def test_pixels_in_other_units_than_the_images_are_refused(real, straight):
    raw = PixelRange(np.zeros(1, np.float32), np.full(1, 16, np.float32))
    with pytest.raises(AttackError, match="give the range in the units of the images"):
        critical_readings(straight, replace(real, pixels=raw), 0)


@pytest.mark.settled
def test_a_run_measures_them_at_the_sparse_epochs_and_by_the_other_searches_at_the_last(tiny, tmp_path):
    subject = Subject.of(replace(tiny, instruments=("critical_samples",), group_images=20), 0)
    train(subject, tmp_path)
    measured, checks, _ = measure(subject, tmp_path)
    found = [row for row in measured if row.quantity == "critical_sample_ratio"]
    assert {row.epoch for row in found if row.choice == "2"} == set(subject.spec.sparse_epochs())
    assert {row.epoch for row in found if row.choice in ("2/softmax", "2/in range")} == {3}
    assert checks[CERTIFIED]
    assert {row.quantity for row in measured} == subject.spec.quantities()


@pytest.mark.slow
def test_an_epoch_without_a_certificate_is_kept_in_the_checks(tiny, tmp_path):
    subject = Subject.of(replace(tiny, instruments=("critical_samples",), group_images=5, epochs=1), 0)
    train(subject, tmp_path)
    right, calls = critical_readings, []

    def once_unsound(*args):
        calls.append(args)
        readings, sound = right(*args)
        return readings, sound and len(calls) > 1

    with patch("empirical.instruments.registry.critical_readings", once_unsound):
        _, checks, _ = measure(subject, tmp_path)
    assert len(calls) > 1
    assert not checks[CERTIFIED]
