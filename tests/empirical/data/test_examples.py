"""Data of a user: archives and folders, and what is wrong with them."""

import re

import numpy as np
import pytest

from empirical.data import examples
from empirical.errors import LabelsError


@pytest.fixture
def folder(tmp_path):
    image = pytest.importorskip("PIL.Image")
    rng = np.random.default_rng(0)
    for number in range(4):
        image.fromarray(rng.integers(0, 255, (9, 8), dtype=np.uint8)).save(tmp_path / f"{number}.png")
    (tmp_path / "labels.csv").write_text("file,label\n0.png,dog\n1.png,cat\n2.png,dog\n3.png,cat\n")
    return tmp_path


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [((6, 5, 4), (6, 1, 5, 4)), ((6, 3, 5, 4), (6, 3, 5, 4)), ((6, 5, 4, 3), (6, 3, 5, 4)), ((6, 7), (6, 1, 1, 7))],
)
def test_shapes(shape, wanted):
    found = examples.of_arrays(np.zeros(shape), np.array([0, 1, 2, 0, 1, 2]))
    assert found.images.shape == wanted
    assert found.have_pictures == (wanted[2] > 1)


def test_standardized_images_have_mean_0_and_deviation_1_in_each_channel():
    raw = np.random.default_rng(0).integers(0, 256, (50, 3, 4, 4)).astype(np.uint8)
    raw[:, 2] = 7
    made = examples.of_arrays(raw, np.arange(50) % 2).standardized()
    assert made.dtype == np.float32
    np.testing.assert_allclose(made.mean((0, 2, 3)), 0, atol=1e-6)
    np.testing.assert_allclose(made.std((0, 2, 3)), [1, 1, 0], atol=1e-5)


def test_an_archive(tmp_path):
    path = tmp_path / "data.npz"
    np.savez(path, images=np.zeros((4, 8, 8)), labels=np.array([0, 1, 1, 0]), classes=np.array(["cat", "dog"]))
    found = examples.read(path)
    assert found.classes == ("cat", "dog")
    assert found.words(np.array([1, 3])) == ["dog", "cat"]
    assert found.names is None


def test_a_folder(folder):
    found = examples.read(folder)
    assert found.images.shape == (4, 1, 9, 8)
    assert found.classes == ("cat", "dog")
    assert found.labels.tolist() == [1, 0, 1, 0]
    assert found.names == ("0.png", "1.png", "2.png", "3.png")


def test_images_of_several_sizes_and_colours_are_brought_together(folder):
    from PIL import Image

    Image.fromarray(np.zeros((100, 90, 3), dtype=np.uint8)).save(folder / "1.png")
    assert examples.read(folder).images.shape == (4, 3, 32, 32)


def test_labels_that_are_numbers_stay_in_order(folder):
    (folder / "labels.csv").write_text("file,label\n0.png,10\n1.png,9\n2.png,2\n3.png,10\n")
    assert examples.read(folder).classes == ("2", "9", "10")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "a folder of images needs labels.csv in it"),
        ("name,label\n0.png,1\n", "under a header with file and label"),
        ("file,label\n0.png,\n", "line 2: a file or a label is missing"),
        ("file,label\n0.png,a\n0.png,b\n", "has 0.png twice"),
        ("file,label\n9.png,a\n0.png,b\n", "cannot read the image"),
    ],
)
def test_folders_that_cannot_be(folder, text, words):
    (folder / "labels.csv").unlink()
    if text is not None:
        (folder / "labels.csv").write_text(text)
    with pytest.raises(LabelsError, match=re.escape(words)):
        examples.read(folder)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": np.zeros(3)}, "must have arrays images and labels; it has x"),
        ({"images": np.zeros((3, 2, 2)), "labels": np.zeros(2, dtype=int)}, "there are 3 images and 2 labels"),
        ({"images": np.zeros((2, 2, 2)), "labels": np.array([0.5, 1])}, "labels must be whole numbers from 0"),
        ({"images": np.zeros((2, 2, 2)), "labels": np.array([-1, 1])}, "smallest -1"),
        ({"images": np.full((2, 2, 2), np.nan), "labels": np.array([0, 1])}, "images must be finite; image 0 is not"),
        ({"images": np.zeros(2), "labels": np.array([0, 1])}, "received shape (2,)"),
        ({"images": np.zeros((2, 2, 2)), "labels": np.array([0, 2]), "classes": np.array(["a", "b"])}, "within 0..1"),
    ],
)
def test_archives_that_cannot_be(tmp_path, arrays, words):
    np.savez(tmp_path / "data.npz", **arrays)
    with pytest.raises(LabelsError, match=re.escape(words)):
        examples.read(tmp_path / "data.npz")


def test_paths_that_are_neither(tmp_path):
    (tmp_path / "data.npz").write_text("no archive")
    with pytest.raises(LabelsError, match="cannot read"):
        examples.read(tmp_path / "data.npz")
    with pytest.raises(LabelsError, match=r"data\.csv does not exist"):
        examples.read(tmp_path / "data.csv")
    (tmp_path / "data.csv").write_text("no archive")
    with pytest.raises(LabelsError, match=r"neither an .npz archive nor a folder"):
        examples.read(tmp_path / "data.csv")


def test_the_labels_of_an_archive_may_be_words(tmp_path):
    np.savez(tmp_path / "data.npz", images=np.zeros((3, 2, 2)), labels=np.array(["dog", "cat", "dog"]))
    found = examples.read(tmp_path / "data.npz")
    assert found.classes == ("cat", "dog")
    assert found.labels.tolist() == [1, 0, 1]
