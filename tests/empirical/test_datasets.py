import numpy as np
import pytest

from empirical import datasets
from empirical.errors import GeomemError, SpecError


def test_digits_are_the_published_ones():
    data = datasets.load("digits")
    assert data.images.shape == (1797, 1, 8, 8)
    assert np.bincount(data.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert data.checksum == datasets.checksum("digits")
    assert data.images.mean() == pytest.approx(0, abs=1e-5)
    assert data.images.std() == pytest.approx(1, abs=1e-5)


def test_other_digits_are_refused(monkeypatch):
    monkeypatch.setattr(datasets, "DIGITS_SHA256", "0" * 64)
    with pytest.raises(GeomemError, match="reinstall scikit-learn"):
        datasets.load("digits")


def test_unknown_data_is_refused_by_name():
    with pytest.raises(SpecError, match="received 'digit'"):
        datasets.load("digit")


def test_a_split_leaves_no_image_twice():
    parts = datasets.split(100, 60, np.random.default_rng(0))
    assert sorted([*parts.train, *parts.select, *parts.report]) == list(range(100))
    assert len(parts.select) == len(parts.report) == 20
    with pytest.raises(SpecError, match="train_images must leave"):
        datasets.split(100, 98, np.random.default_rng(0))
