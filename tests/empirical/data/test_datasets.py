import numpy as np
import pytest

from empirical.data import datasets
from empirical.data.standardization import Standardization
from empirical.errors import GeomemError, SpecError


@pytest.mark.needs_torch
def test_digits_are_the_published_ones():
    data = datasets.load("digits")
    assert data.images.shape == (1797, 1, 8, 8)
    assert np.bincount(data.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert data.checksum == datasets.checksum("digits")
    assert data.images.mean() == pytest.approx(0, abs=1e-5)
    assert data.images.std() == pytest.approx(1, abs=1e-5)
    pixels = data.standardization.pixels
    assert (data.images.min(), data.images.max()) == (pixels.low, pixels.high)
    assert 255 * pixels.step == pytest.approx(pixels.high - pixels.low)


@pytest.mark.needs_torch
def test_digits_are_those_that_scikit_learn_loads():
    theirs, ours = pytest.importorskip("sklearn.datasets").load_digits(), datasets.load("digits")
    assert np.array_equal(ours.raw[:, 0], theirs.images)
    assert np.array_equal(ours.labels, theirs.target)
    table = (np.arange(17) - theirs.images.mean()) / theirs.images.std()
    assert np.array_equal(ours.standardization.table[0], table.astype(np.float32))


@pytest.fixture
def unread(monkeypatch):
    """No digits were read in this process before."""
    datasets.digits.cache_clear()
    yield monkeypatch
    datasets.digits.cache_clear()


@pytest.mark.needs_torch
def test_other_digits_are_refused(unread):
    unread.setattr(datasets, "DIGITS_SHA256", "0" * 64)
    with pytest.raises(GeomemError, match="reinstall scikit-learn"):
        datasets.load("digits")


def test_digits_that_are_not_there_are_told(unread):
    unread.setattr(datasets, "DIGITS_FILE", "datasets/data/none.csv.gz")
    with pytest.raises(GeomemError, match=r"reinstall scikit-learn|is not installed"):
        datasets.load("digits")
    unread.setattr(datasets, "find_spec", lambda _: None)
    with pytest.raises(GeomemError, match="is not installed: python -m pip install scikit-learn"):
        datasets.load("digits")


def test_unknown_data_is_refused_by_name():
    with pytest.raises(SpecError, match="received 'digit'"):
        datasets.load("digit")


def made(n_classes=4, each=25, tests=5):
    """A data set with a published split, each class's last images its test images."""
    labels = np.repeat(np.arange(n_classes), each)
    test = np.arange(len(labels)) % each >= each - tests
    raw = np.random.default_rng(0).integers(0, 256, (len(labels), 1, 2, 2), dtype=np.uint8)
    return datasets.Dataset("made", raw, labels, n_classes, "", test, Standardization.of(raw))


def test_a_drawn_split_leaves_no_image_twice():
    parts = datasets.split(made(), "drawn", 60, np.random.default_rng(0))
    assert sorted([*parts.train, *parts.select, *parts.report]) == list(range(100))
    assert len(parts.select) == len(parts.report) == 20
    with pytest.raises(SpecError, match="train_images must leave"):
        datasets.split(made(), "drawn", 98, np.random.default_rng(0))


def test_a_published_split_trains_on_as_many_of_each_class_and_never_on_test_images():
    data = made()
    parts = datasets.split(data, "published", 40, np.random.default_rng(0))
    assert np.bincount(data.labels[parts.train]).tolist() == [10] * 4
    assert not data.published_test[parts.train].any()
    assert sorted([*parts.select, *parts.report]) == np.flatnonzero(data.published_test).tolist()
    assert len(parts.select) == len(parts.report) == 10
    few = data.of_classes(np.array([2, 0]))
    assert np.array_equal(few.published_test, np.tile(np.arange(25) >= 20, 2))
    assert np.array_equal(few.images, data.images[(data.labels == 2) | (data.labels == 0)])


@pytest.mark.parametrize("n_train", [41, 84])
def test_a_published_split_says_what_it_has(n_train):
    with pytest.raises(SpecError, match=f"multiple of the 4 classes, at most 20 each.*received {n_train}"):
        datasets.split(made(), "published", n_train, np.random.default_rng(0))


@pytest.mark.needs_torch
def test_the_digits_have_no_published_split():
    with pytest.raises(SpecError, match="digits has none"):
        datasets.split(datasets.load("digits"), "published", 100, np.random.default_rng(0))
