from dataclasses import replace

import numpy as np
import pytest

from empirical.data.permuted_labels import TrainingLabels
from empirical.errors import SpecError
from empirical.evidence.names import KINDS, RAND_X, RAND_X_PIXELS, RAND_Y, REAL
from empirical.instruments.small_networks.data_kinds import Examples, drawn_as, real_examples
from empirical.pipeline import make_bundle
from empirical.training.subject import Subject
from tests.empirical.pipeline.executors import Here


@pytest.fixture(scope="module")
def subject(tiny):
    """The labels of half of its images are permuted."""
    return Subject.of(tiny, 0)


@pytest.fixture(scope="module")
def real(subject):
    return real_examples(subject)


def test_real_examples_are_training_images_from_zero_to_one_under_their_true_labels(subject, real):
    low, high = subject.pixels.low, subject.pixels.high
    pixels = (subject.images.numpy() - low) / (high - low)
    apart = np.abs(real.images[:, None] - pixels).max(axis=(2, 3, 4))
    found = apart.argmin(axis=1)
    assert apart.min(axis=1).max() < 1e-5
    assert len(set(found)) == len(real.images)
    assert np.array_equal(real.labels, subject.labels.true[found])
    assert not np.array_equal(real.labels, subject.labels.trained[found])
    assert (real.images.min(), real.images.max()) == (0, 1)


def test_every_class_has_as_many_images_as_the_smallest(subject, real):
    smallest = np.bincount(subject.labels.true).min()
    assert np.array_equal(np.bincount(real.labels), np.full(10, smallest))


def test_there_are_at_most_a_thousand(tiny):
    large = real_examples(Subject.of(replace(tiny, train_images=1600), 0))
    assert np.array_equal(np.bincount(large.labels), np.full(10, 100))


@pytest.mark.parametrize(("kind", "axes"), [(RAND_X, None), (RAND_X_PIXELS, 0)])
def test_noise_has_the_mean_and_deviation_of_the_real_examples(subject, real, kind, axes):
    noise = drawn_as(kind, real, subject)
    n = real.images.size if axes is None else len(real.images)
    deviation = real.images.std(axis=axes)
    assert np.array_equal(noise.labels, real.labels)
    assert np.all(abs(noise.images.mean(axis=axes) - real.images.mean(axis=axes)) <= 5 * deviation / np.sqrt(n))
    assert np.all(abs(noise.images.std(axis=axes) - deviation) <= 5 * deviation / np.sqrt(n))


def test_random_labels_are_exactly_balanced_and_know_nothing_of_the_true_ones(subject, real):
    random = drawn_as(RAND_Y, real, subject)
    assert np.array_equal(random.images, real.images)
    assert np.array_equal(np.bincount(random.labels), np.bincount(real.labels))
    assert np.mean(random.labels == real.labels) == pytest.approx(0.1, abs=5 * np.sqrt(0.09 / len(real.labels)))


def test_unbalanced_labels_are_refused(real):
    labels = np.where(np.arange(len(real.labels)) == np.flatnonzero(real.labels == 3)[0], 4, real.labels)
    each = len(labels) // 10
    with pytest.raises(SpecError, match=f"received {each - 1} of class 3 and {each + 1} of class 4: draw as many of each"):
        Examples(real.images, labels)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_drawn_once_for_each_network(tiny, subject, real, kind):
    once, again = (drawn_as(kind, real, subject) for _ in range(2))
    assert np.array_equal(once.images, again.images)
    assert np.array_equal(once.labels, again.labels)
    if kind != REAL:
        other = drawn_as(kind, real, Subject.of(tiny, 1))
        assert not (np.array_equal(once.images, other.images) and np.array_equal(once.labels, other.labels))


def test_large_images_are_averaged_over_two_by_two_pixels():
    rng = np.random.default_rng(0)
    large = Examples(rng.random((3, 1, 28, 28), dtype=np.float32), np.arange(3))
    assert large.shrunk().images.shape == (3, 1, 14, 14)
    assert large.shrunk().images[1, 0, 2, 5] == pytest.approx(large.images[1, 0, 4:6, 10:12].mean())
    small = Examples(large.images[..., :8, :8], large.labels)
    assert np.array_equal(small.shrunk().images, small.images)


def test_noise_in_place_of_real_images_is_refused(tiny):
    noisy = Subject.of(replace(tiny, noise="inputs", noise_share=0.5), 0)
    with pytest.raises(SpecError, match="need real images, and 150 training images of tiny are noise; leave first_epochs"):
        real_examples(noisy)


def test_a_class_with_too_few_images_is_named(subject):
    true = np.where(subject.labels.true == 3, 4, subject.labels.true)
    true[:1] = 3
    labels = TrainingLabels(true, true, np.zeros(len(true), dtype=bool))
    with pytest.raises(SpecError, match=r"need 2 training images of every class.* 1 of class 3: raise train_images"):
        real_examples(replace(subject, labels=labels))


def test_too_few_images_are_refused_before_anything_is_trained(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("empirical.instruments.small_networks.data_kinds.MOST_IMAGES", 10)
    with pytest.raises(SpecError, match="10 classes, each large enough: raise train_images, or lower n_classes"):
        make_bundle.make_bundle(replace(tiny, instruments=("first_epochs",)), tmp_path, executor=Here())
    assert not list(tmp_path.rglob("*.safetensors"))
