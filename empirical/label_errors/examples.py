"""Images and labels of the user: from an .npz archive, or from a folder of images with a file of labels."""

import csv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from empirical.errors import LabelsError

IMAGES, LABELS, CLASSES = "images", "labels", "classes"
LABELS_FILE = "labels.csv"
FILE, LABEL = "file", "label"
# Images of a folder that differ in size, or are larger, are brought to this side: our networks are made for such images.
SIDE, LARGEST_SIDE = 32, 64
CHANNELS = (1, 3, 4)


@dataclass(frozen=True)
class Examples:
    """Images, or rows of numbers, with their given labels.

    images: as they are, (n, channels, height, width); rows of d numbers are (n, 1, 1, d).
    labels: given labels, whole numbers from 0, (n,).
    classes: the name of each class; numbers in words where there are no names.
    names: the name of each example, its file; None where there are none.
    """

    images: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    names: tuple[str, ...] | None = None

    @property
    def have_pictures(self) -> bool:
        """Whether the examples can be shown."""
        return self.images.shape[2] > 1

    def standardized(self) -> np.ndarray:
        """The images with mean 0 and standard deviation 1 in each channel, float32."""
        axes = (0, 2, 3)
        mean = self.images.mean(axis=axes, keepdims=True, dtype=np.float64)
        deviation = self.images.std(axis=axes, keepdims=True, dtype=np.float64)
        return ((self.images - mean) / np.where(deviation > 0, deviation, 1)).astype(np.float32)

    def words(self, index: np.ndarray) -> list[str]:
        """The given labels of some examples in words."""
        return [self.classes[label] for label in self.labels[index]]


def of_arrays(
    images: np.ndarray, labels: np.ndarray, classes: Sequence[str] | None = None, names: Sequence[str] | None = None
) -> Examples:
    """Examples from arrays.

    :param images: (n, height, width), (n, channels, height, width), (n, height, width, channels), or rows of numbers, (n, d).
    :param labels: whole numbers from 0, (n,).
    :raises LabelsError: the shapes do not fit, a pixel is not finite, or there are more labels than names of classes.
    """
    labels, images = np.asarray(labels), _four_axes(np.asarray(images))
    if len(images) != len(labels):
        raise LabelsError(f"there are {len(images):,} images and {len(labels):,} labels; give one label for each image")
    if not np.issubdtype(labels.dtype, np.integer) or labels.ndim != 1 or not len(labels) or labels.min() < 0:
        raise LabelsError(
            f"labels must be whole numbers from 0, (n,); received shape {labels.shape}, type {labels.dtype}"
            + (f", smallest {labels.min()}" if labels.size and np.issubdtype(labels.dtype, np.number) else "")
            + ": number the classes from 0"
        )
    if not np.isfinite(images).all():
        bad = int(np.flatnonzero(~np.isfinite(images).reshape(len(images), -1).all(axis=1))[0])
        raise LabelsError(f"images must be finite; image {bad} is not: leave it out, or replace what is missing")
    n_classes = int(labels.max()) + 1
    if classes is not None and len(classes) < n_classes:
        raise LabelsError(
            f"labels must be within 0..{len(classes) - 1}, as classes have {len(classes)} names; received {n_classes - 1}"
        )
    words = tuple(map(str, range(n_classes) if classes is None else classes))
    return Examples(images, labels.astype(np.int64), words, None if names is None else tuple(names))


def read(path: Path) -> Examples:
    """The examples of an archive, ``DATA.npz``, or of a folder.

    An archive has arrays ``images`` and ``labels``, and may have ``classes``, names. A folder has images and ``labels.csv``,
    with the columns ``file`` and ``label``; labels are words or numbers.

    :raises LabelsError: the path is neither, an array, column or image is missing, or the shapes do not fit.
    """
    if path.is_dir():
        return _of_folder(path)
    if path.suffix != ".npz" or not path.is_file():
        raise LabelsError(f"{path} is neither an .npz archive nor a folder of images with {LABELS_FILE}; give one of them")
    try:
        with np.load(path) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise LabelsError(f"cannot read {path}: {error}; write it with numpy.savez(path, images=..., labels=...)") from error
    if not {IMAGES, LABELS} <= set(arrays):
        raise LabelsError(
            f"{path} must have arrays {IMAGES} and {LABELS}; it has {', '.join(arrays) or 'none'}: write it with "
            "numpy.savez(path, images=..., labels=...)"
        )
    return of_arrays(arrays[IMAGES], arrays[LABELS], arrays[CLASSES].tolist() if CLASSES in arrays else None)


def _of_folder(folder: Path) -> Examples:
    rows = _rows(folder / LABELS_FILE)
    words = [row[LABEL].strip() for row in rows]
    classes = sorted(set(words), key=(lambda word: int(word)) if all(word.isdigit() for word in words) else None)
    numbers = {word: number for number, word in enumerate(classes)}
    files = [row[FILE].strip() for row in rows]
    images = _pictures([folder / file for file in files])
    return of_arrays(images, np.array([numbers[word] for word in words]), classes, files)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise LabelsError(
            f"a folder of images needs {path.name} in it, with a header {FILE},{LABEL} and a line for each image; {error}"
        ) from error
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
    return rows


def _pictures(paths: list[Path]) -> np.ndarray:
    """The images, uint8, (n, channels, height, width): grey where all are grey; of one size."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise LabelsError("images are read by pillow, which is not installed: python -m pip install pillow") from error
    opened = []
    for path in paths:
        try:
            with Image.open(path) as picture:
                opened.append(picture.convert("L" if picture.mode in ("1", "L", "I;16") else "RGB"))
        except (OSError, UnidentifiedImageError) as error:
            raise LabelsError(f"cannot read the image {path}: {error}; remove its line, or replace the file") from error
    mode = "L" if all(picture.mode == "L" for picture in opened) else "RGB"
    sizes = {picture.size for picture in opened}
    if len(sizes) > 1 or max(max(size) for size in sizes) > LARGEST_SIDE:
        opened = [picture.resize((SIDE, SIDE), Image.Resampling.BOX) for picture in opened]
    arrays = np.stack([np.asarray(picture.convert(mode)) for picture in opened])
    return _four_axes(arrays)


def _four_axes(images: np.ndarray) -> np.ndarray:
    if images.ndim == 2:
        return images[:, None, None, :]
    if images.ndim == 3:
        return images[:, None]
    if images.ndim != 4:
        raise LabelsError(
            f"images must be (n, height, width), with channels before or after, or rows (n, d); received shape {images.shape}"
        )
    channels_last = images.shape[3] in CHANNELS and images.shape[1] not in CHANNELS
    return np.moveaxis(images, 3, 1) if channels_last else images
