"""Data sets of images as arrays: the digits that come with scikit-learn, and local copies of CIFAR-100 and MNIST."""

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from empirical.data import cifar100, mnist
from empirical.data.local_copies import LocalCopy
from empirical.data.standardization import Standardization
from empirical.errors import GeomemError, SpecError

# SHA-256 of images and labels as shipped with scikit-learn, float64 and int64, C order.
DIGITS_SHA256 = "f6d9e39f37dc45d327f6db33428ee58970ccceabb2535a5c179de35886b70443"
DIGITS_BRIGHTEST = 16
DIGITS_FILE = "datasets/data/digits.csv.gz"
# The data sets that are not shipped: where their files are, how they are read.
BROUGHT_IN = {"cifar100": cifar100, "mnist": mnist}
CLASSES = {"digits": 10, **{name: module.CLASSES for name, module in BROUGHT_IN.items()}}


@dataclass(frozen=True)
class Dataset:
    """The images of a data set and their true labels.

    raw: the pixel values as published, uint8, (n, channels, height, width).
    labels: int64, (n,), 0..n_classes-1.
    checksum: SHA-256 of the data that were read.
    published_test: bool, (n,), true where the authors published the image as a test image; empty where they made no split.
    standardization: that of the images over the whole set, chosen or not.
    """

    name: str
    raw: np.ndarray
    labels: np.ndarray
    n_classes: int
    checksum: str
    published_test: np.ndarray
    standardization: Standardization

    @property
    def images(self) -> np.ndarray:
        """All images, standardized, float32, (n, channels, height, width); for CIFAR-100 they take 0.7 GB."""
        return self.standardized(np.arange(len(self.raw)))

    def standardized(self, index: np.ndarray) -> np.ndarray:
        """Some of the images, standardized, float32, (k, channels, height, width).

        :param index: indices of images, (k,).
        """
        return self.standardization.applied(self.raw[index])

    def of_classes(self, chosen: np.ndarray) -> "Dataset":
        """The images of the chosen classes, labelled 0, 1, ... in the order of ``chosen``.

        :param chosen: numbers of classes, shape (k,).
        """
        numbers = np.full(self.n_classes, -1)
        numbers[chosen] = np.arange(len(chosen))
        kept = numbers[self.labels] >= 0
        test = self.published_test[kept] if len(self.published_test) else self.published_test
        labels = numbers[self.labels[kept]]
        return replace(self, raw=self.raw[kept], labels=labels, n_classes=len(chosen), published_test=test)


@dataclass(frozen=True)
class Split:
    """The indices of the training images of a data set, and of two halves of its test images.

    train: training images, (n_train,).
    select: the half of the test images on which the turning point is chosen.
    report: the half of the test images on which test numbers are reported.
    """

    train: np.ndarray
    select: np.ndarray
    report: np.ndarray


def load(name: str) -> Dataset:
    """The data set with this name.

    :raises SpecError: no data set has this name.
    :raises GeomemError: the data set has not been brought in, or its files are not the published ones.
    """
    _classes(name)
    return digits() if name == "digits" else _brought_in(name)


def checksum(name: str) -> str:
    """The SHA-256 that the data set must have; the images are not read.

    :raises SpecError: no data set has this name.
    :raises GeomemError: the data set has not been brought in.
    """
    _classes(name)
    return DIGITS_SHA256 if name == "digits" else local_copy(name).checksum()


def local_copy(name: str) -> LocalCopy:
    """The local copy of a data set that a user has to bring in.

    :raises SpecError: no data set has this name, or the data set needs no files.
    """
    _classes(name)
    if name not in BROUGHT_IN:
        raise SpecError(f"{name} needs no files; use --from and --download only for {', '.join(BROUGHT_IN)}")
    return BROUGHT_IN[name].local_copy()


def n_classes(name: str) -> int:
    """The number of classes of the data set; the images are not read.

    :raises SpecError: no data set has this name.
    """
    return _classes(name)


@lru_cache(maxsize=1)
def digits() -> Dataset:
    """The 1,797 digits of 8 x 8 pixels that come with scikit-learn (UCI optical recognition, test part).

    :raises GeomemError: scikit-learn is not installed, or its digits are not there or have another SHA-256.
    """
    rows = np.loadtxt(_digits_file(), delimiter=",")
    images, labels = rows[:, :-1].reshape(-1, 8, 8), rows[:, -1].astype(np.int64)
    found = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
    if found != DIGITS_SHA256:
        raise GeomemError(f"scikit-learn's digits have SHA-256 {found} and must have {DIGITS_SHA256}; reinstall scikit-learn")
    table = (np.arange(DIGITS_BRIGHTEST + 1) - images.mean()) / images.std()
    standardization, none_published = Standardization(table[None].astype(np.float32)), np.empty(0, dtype=bool)
    raw = images[:, None].astype(np.uint8)
    return Dataset("digits", raw, labels, CLASSES["digits"], found, none_published, standardization)


def _digits_file() -> Path:
    """The file of scikit-learn, whose import takes half a second of every process.

    :raises GeomemError: scikit-learn, or its file, is not there.
    """
    found = find_spec("sklearn")
    if found is None:
        raise GeomemError("the digits come with scikit-learn, which is not installed: python -m pip install scikit-learn")
    places = [Path(place) / DIGITS_FILE for place in found.submodule_search_locations or ()]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise GeomemError(f"scikit-learn lacks its {DIGITS_FILE}: reinstall scikit-learn")
    return file


def split(data: Dataset, kind: str, n_train: int, rng: np.random.Generator) -> Split:
    """A random split of the data set into training images and two equal halves of the test images.

    :param kind: "drawn" or "published", as in :class:`empirical.runs.training_spec.TrainingSpec`.
    :param n_train: number of training images.
    :raises SpecError: the data set has no published split, or has too few images for ``n_train``.
    """
    if kind == "drawn":
        return _drawn(len(data.raw), n_train, rng)
    return _published(data, n_train, rng)


def _published(data: Dataset, n_train: int, rng: np.random.Generator) -> Split:
    if not len(data.published_test):
        raise SpecError(f'split "published" needs a published split, and {data.name} has none; set split = "drawn"')
    each, rest = divmod(n_train, data.n_classes)
    members = [np.flatnonzero((data.labels == label) & ~data.published_test) for label in range(data.n_classes)]
    fewest = min(map(len, members))
    if rest or each > fewest:
        raise SpecError(
            f'train_images must be a multiple of the {data.n_classes} classes, at most {fewest} each, with split "published"; '
            f"received {n_train}: change train_images"
        )
    train = np.concatenate([rng.choice(one, each, replace=False) for one in members])
    test = rng.permutation(np.flatnonzero(data.published_test))
    middle = len(test) // 2
    return Split(np.sort(train), np.sort(test[:middle]), np.sort(test[middle:]))


def _drawn(n_images: int, n_train: int, rng: np.random.Generator) -> Split:
    """Training images are drawn from all images; the other images form two equal halves.

    :raises SpecError: fewer than two images would be left for each half.
    """
    if n_train > n_images - 4:
        raise SpecError(f"train_images must leave 4 test images or more of {n_images}; received {n_train}: lower train_images")
    order = rng.permutation(n_images)
    middle = n_train + (n_images - n_train) // 2
    return Split(np.sort(order[:n_train]), np.sort(order[n_train:middle]), np.sort(order[middle:]))


def _brought_in(name: str) -> Dataset:
    """All images of the data set; training images come first."""
    return _read(name, local_copy(name).stamp())


@lru_cache(maxsize=1)
def _read(name: str, stamp: tuple) -> Dataset:
    """The data set; a process that trains many networks reads it once, and again when its files change."""
    module = BROUGHT_IN[name]
    raw, labels = module.read()
    test = np.arange(len(labels)) >= module.n_train()
    return Dataset(name, raw, labels, module.CLASSES, checksum(name), test, Standardization.of(raw))


def _classes(name: str) -> int:
    if name not in CLASSES:
        raise SpecError(f"dataset must be one of {', '.join(CLASSES)}; received {name!r}: choose one")
    return CLASSES[name]
