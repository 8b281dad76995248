"""CIFAR-100 in the binary layout its authors publish (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html)."""

import numpy as np

from empirical.data.local_copies import LocalCopy

CLASSES, COARSE = 100, 20
SIDE = 32
# One byte for the coarse label, one for the fine one, then the red, green and blue plane.
RECORD = 2 + 3 * SIDE**2
FILES = {"train.bin": 50_000, "test.bin": 10_000}


def local_copy() -> LocalCopy:
    """Its files here."""
    sizes = {name: n * RECORD for name, n in FILES.items()}
    return LocalCopy("cifar100", "CIFAR-100", sizes, _fault, inner="cifar-100-binary")


def read() -> tuple[np.ndarray, np.ndarray]:
    """All images, uint8 (60000, 3, 32, 32), training images first, and their fine labels, int64 (60000,).

    :raises GeomemError: it is not there, or was altered.
    """
    records = np.concatenate([_records(content) for content in local_copy().contents().values()])
    return records[:, 2:].reshape(-1, 3, SIDE, SIDE), records[:, 1].astype(np.int64)


def n_train() -> int:
    """How many of the images are training images."""
    return FILES["train.bin"]


def _fault(name: str, content: bytes) -> str:
    """A file must have as many images of each fine class, and no coarse class beyond the twentieth."""
    coarse, fine = _records(content)[:, :2].T
    each = FILES[name] // CLASSES
    if coarse.max() >= COARSE or not np.array_equal(np.bincount(fine, minlength=256)[:CLASSES], [each] * CLASSES):
        return f"does not hold {each} images of each of {CLASSES} classes"
    return ""


def _records(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8).reshape(-1, RECORD)
