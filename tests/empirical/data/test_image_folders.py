"""Folders of images: with a file of labels, or with a sub-folder for each class; and what is wrong with them."""

import re

import numpy as np
import pytest

from empirical.data import examples
from empirical.data.image_folders import listed
from empirical.errors import LabelsError

image = pytest.importorskip("PIL.Image")


def write(path, value=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    image.fromarray(np.full((8, 6), value, dtype=np.uint8)).save(path)


@pytest.fixture
def classes(tmp_path):
    """Two classes whose names and files are not plain, beside what other programs leave in folders."""
    for value, name in enumerate(("Äpfel/ein Bild.png", "Äpfel/2.JPG", "犬/1.png")):
        write(tmp_path / name, value)
    (tmp_path / "Äpfel" / "notes.txt").write_text("these are apples")
    for name in (".DS_Store", "Äpfel/.DS_Store", "犬/._1.png", "README.md"):
        (tmp_path / name).write_bytes(b"\0\0\0\1Bud1")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    return tmp_path


def test_sub_folders_are_classes(classes):
    found = listed(classes)
    assert found.classes == ("Äpfel", "犬")
    assert found.files == ("Äpfel/2.JPG", "Äpfel/ein Bild.png", "犬/1.png")
    assert found.labels.tolist() == [0, 0, 1]
    assert found.paths[1] == classes / "Äpfel" / "ein Bild.png"


def test_sub_folders_whose_names_are_numbers_are_in_their_order(tmp_path):
    for name in ("10", "9", "2"):
        write(tmp_path / name / "1.png", int(name))
    assert listed(tmp_path).classes == ("2", "9", "10")
    found = examples.read(tmp_path)
    assert found.images[:, 0, 0, 0].tolist() == [10, 2, 9]
    assert found.words(np.arange(3)) == ["10", "2", "9"]


def test_a_file_of_labels_goes_before_sub_folders(classes):
    (classes / "labels.csv").write_text("\ufefffile,label\nÄpfel/2.JPG,pear\n犬/1.png,dog\n", encoding="utf-8")
    found = listed(classes)
    assert found.classes == ("dog", "pear")
    assert found.files == ("Äpfel/2.JPG", "犬/1.png")


def test_a_file_of_labels_in_another_encoding_is_told(classes):
    (classes / "labels.csv").write_bytes("file,label\nÄpfel/2.JPG,Birne\n".encode("latin-1"))
    with pytest.raises(LabelsError, match=r"cannot read .*labels\.csv: .*write it as text in UTF-8"):
        listed(classes)


@pytest.mark.parametrize(
    ("files", "folders", "words"),
    [
        ([], [], "one sub-folder of images for each class; {} has neither (0 images)"),
        (["1.png", "2.png"], [], "{} has neither (2 images)"),
        (["a/1.png"], ["b"], "the class b has no images in {}/b; add some, or remove the folder"),
        (["train/a/1.png", "train/b/1.png", "val/a/1.png"], [], "{}/train has folders and no images, so it is no class"),
    ],
)
def test_folders_that_cannot_be(tmp_path, files, folders, words):
    for name in files:
        write(tmp_path / name)
    for name in folders:
        (tmp_path / name).mkdir()
    with pytest.raises(LabelsError, match=re.escape(words.format(tmp_path))):
        listed(tmp_path)
