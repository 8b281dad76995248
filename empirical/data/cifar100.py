"""CIFAR-100 in the binary format that its authors publish (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html)."""

import numpy as np

from empirical.data.local_copies import LocalCopy

CLASSES, COARSE = 100, 20
SIDE = 32
# One byte for the coarse label, one for the fine one, then the red, green and blue plane.
RECORD = 2 + 3 * SIDE**2
FILES = {"train.bin": 50_000, "test.bin": 10_000}


def local_copy() -> LocalCopy:
    """The local copy of CIFAR-100: which files it has, and how they are checked."""
    sizes = {name: n * RECORD for name, n in FILES.items()}
    return LocalCopy("cifar100", "CIFAR-100", sizes, _fault, inner="cifar-100-binary")


def read() -> tuple[np.ndarray, np.ndarray]:
    """All images, uint8 (60000, 3, 32, 32), and their fine labels, int64 (60000,); training images come first.

    :raises GeomemError: CIFAR-100 has not been brought in, or its files were altered.
    """
    records = np.concatenate([_records(content) for content in local_copy().contents().values()])
    return records[:, 2:].reshape(-1, 3, SIDE, SIDE), records[:, 1].astype(np.int64)


def n_train() -> int:
    """The number of training images."""
    return FILES["train.bin"]


def _fault(name: str, content: bytes) -> str:
    """What is wrong with a file: fine classes must have equal numbers of images, and coarse labels must be below 20."""
    coarse, fine = _records(content)[:, :2].T
    each = FILES[name] // CLASSES
    if coarse.max() >= COARSE or not np.array_equal(np.bincount(fine, minlength=256)[:CLASSES], [each] * CLASSES):
        return f"does not hold {each} images of each of {CLASSES} classes"
    return ""


def _records(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8).reshape(-1, RECORD)
