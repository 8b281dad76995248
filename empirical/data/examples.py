"""Images and labels of the user: from an .npz archive, or from a folder of images."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from empirical.data.image_folders import LABELS_FILE, listed
from empirical.data.pictures import small
from empirical.errors import LabelsError

IMAGES, LABELS, CLASSES = "images", "labels", "classes"
CHANNELS = (1, 3, 4)


@dataclass(frozen=True)
class Examples:
    """Images, or rows of numbers, with their given labels.

    images: as they are, (n, channels, height, width); rows of d numbers are (n, 1, 1, d).
    labels: given labels, whole numbers from 0, (n,).
    classes: the name of each class; numbers in words where there are no names.
    names: the name of each example, its file; None where there are none.
    are_rows: whether they were given as rows of numbers.
    """

    images: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    names: tuple[str, ...] | None = None
    are_rows: bool = False

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
    labels, are_rows = np.asarray(labels), np.ndim(images) == 2
    images = _four_axes(np.asarray(images))
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
    return Examples(images, labels.astype(np.int64), words, None if names is None else tuple(names), are_rows)


def read(path: Path) -> Examples:
    """The examples of an archive, ``DATA.npz``, or of a folder, for networks of ours: images of a folder become small.

    See :func:`of_archive` and :func:`empirical.data.image_folders.listed`.

    :raises LabelsError: the path is neither, an array, column or image is missing, or the shapes do not fit.
    """
    if path.is_dir():
        found = listed(path)
        return of_arrays(small(found.paths), found.labels, found.classes, found.files)
    return of_archive(path)


def of_archive(path: Path) -> Examples:
    """The examples of an archive, ``DATA.npz``, with arrays ``images``, ``labels`` and perhaps ``classes``, names.

    Labels are numbers, or words where there are no names.

    :raises LabelsError: see :func:`read`.
    """
    if not path.exists():
        raise LabelsError(f"{path} does not exist (in {Path.cwd()}); give a folder of images, or an .npz archive")
    if path.suffix != ".npz":
        raise LabelsError(
            f"{path} is neither an .npz archive nor a folder of images with {LABELS_FILE} or a sub-folder for each class; give "
            "one of them"
        )
    arrays = _archive(path)
    labels, classes = arrays[LABELS], arrays[CLASSES].tolist() if CLASSES in arrays else None
    if classes is None and labels.dtype.kind == "U":
        names, labels = np.unique(labels, return_inverse=True)
        classes = names.tolist()
    return of_arrays(arrays[IMAGES], labels, classes)


def _archive(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise LabelsError(f"cannot read {path}: {error}; write it with numpy.savez(path, images=..., labels=...)") from error
    if not {IMAGES, LABELS} <= set(arrays):
        raise LabelsError(
            f"{path} must have arrays {IMAGES} and {LABELS}; it has {', '.join(arrays) or 'none'}: write it with "
            "numpy.savez(path, images=..., labels=...)"
        )
    return arrays


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
