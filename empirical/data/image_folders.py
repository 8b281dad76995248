"""Folders of images, with a file of labels or with one sub-folder for each class."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from empirical.data.pictures import is_picture
from empirical.errors import LabelsError

LABELS_FILE = "labels.csv"
FILE, LABEL = "file", "label"


@dataclass(frozen=True)
class ImageFolder:
    """The images of a folder with their labels, none of them read yet.

    files: relative to the folder, (n,). labels: numbers of classes, (n,). classes: the name of each class.
    """

    folder: Path
    files: tuple[str, ...]
    labels: np.ndarray
    classes: tuple[str, ...]

    @property
    def paths(self) -> list[Path]:
        """The path of each image."""
        return [self.folder / file for file in self.files]


def listed(folder: Path) -> ImageFolder:
    """The images of a folder. Classes are in the order of their names, or of their numbers where all names are numbers.

    :param folder: has ``labels.csv`` with the columns ``file`` and ``label``; or one sub-folder of images for each class, with
        the name of the class. Hidden files and folders, and files that are no images, are passed over.
    :raises LabelsError: the folder has neither, or no images; the message says what it has.
    """
    table = folder / LABELS_FILE
    pairs = _of_table(table) if table.is_file() else _of_classes(folder)
    words = [word for _, word in pairs]
    classes = sorted(set(words), key=(lambda word: int(word)) if all(word.isdecimal() for word in words) else None)
    numbers = {word: number for number, word in enumerate(classes)}
    return ImageFolder(folder, tuple(file for file, _ in pairs), np.array([numbers[word] for word in words]), tuple(classes))


def _of_classes(folder: Path) -> list[tuple[str, str]]:
    classes = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not classes:
        found = sum(map(is_picture, folder.iterdir()))
        raise LabelsError(
            f"a folder of images needs {LABELS_FILE} in it, with a header {FILE},{LABEL} and a line for each image, or one "
            f"sub-folder of images for each class; {folder} has neither ({found} images)"
        )
    return [(f"{one.name}/{path.name}", one.name) for one in classes for path in _images(one)]


def _images(folder: Path) -> list[Path]:
    """The images of one class."""
    images = sorted(path for path in folder.iterdir() if is_picture(path))
    if images:
        return images
    if any(path.is_dir() for path in folder.iterdir()):
        raise LabelsError(
            f"{folder} has folders and no images, so it is no class; give the folder whose sub-folders are the classes, "
            f"perhaps {folder}"
        )
    raise LabelsError(f"the class {folder.name} has no images in {folder}; add some, or remove the folder")


def _of_table(path: Path) -> list[tuple[str, str]]:
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise LabelsError(f"cannot read {path}: {error}; write it as text in UTF-8") from error
    if not rows or not {FILE, LABEL} <= set(rows[0]):
        raise LabelsError(
            f"{path} must have lines under a header with {FILE} and {LABEL}; received {list(rows[0]) if rows else 'none'}"
        )
    for line, row in enumerate(rows, start=2):
        if not (row[FILE] or "").strip() or not (row[LABEL] or "").strip():
            raise LabelsError(f"{path}, line {line}: a file or a label is missing; complete it, or remove the line")
    files = [row[FILE].strip() for row in rows]
    if len(set(files)) < len(files):
        twice = next(file for file in files if files.count(file) > 1)
        raise LabelsError(f"{path} has {twice} twice; give every image one label")
    return [(row[FILE].strip(), row[LABEL].strip()) for row in rows]
