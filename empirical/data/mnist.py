"""MNIST in the idx files that its authors publish (LeCun, Cortes and Burges 1998, http://yann.lecun.com/exdb/mnist)."""

import numpy as np

from empirical.data.local_copies import LocalCopy

CLASSES = 10
SIDE = 28
# How many images of each digit there are; other data sets come in the same files.
COUNTS = {
    "train": (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
    "t10k": (980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009),
}
IMAGES, LABELS = "images-idx3-ubyte", "labels-idx1-ubyte"


def local_copy() -> LocalCopy:
    """The local copy of MNIST: which files it has, and how they are checked."""
    sizes = {}
    for part, counts in COUNTS.items():
        for kind, each in ((IMAGES, SIDE**2), (LABELS, 1)):
            sizes[f"{part}-{kind}"] = len(_header(part, kind)) + sum(counts) * each
    return LocalCopy("mnist", "MNIST", sizes, _fault)


def read() -> tuple[np.ndarray, np.ndarray]:
    """All images, uint8 (70000, 1, 28, 28), and their labels, int64 (70000,); training images come first.

    :raises GeomemError: MNIST has not been brought in, or its files were altered.
    """
    found = local_copy().contents()
    images, labels = (np.concatenate([_body(found, part, kind) for part in COUNTS]) for kind in (IMAGES, LABELS))
    return images.reshape(-1, 1, SIDE, SIDE), labels.astype(np.int64)


def n_train() -> int:
    """The number of training images."""
    return sum(COUNTS["train"])


def _body(found: dict[str, bytes], part: str, kind: str) -> np.ndarray:
    return np.frombuffer(found[f"{part}-{kind}"], np.uint8, offset=len(_header(part, kind)))


def _header(part: str, kind: str) -> bytes:
    """The first bytes of an idx file: 8 for unsigned bytes, the number of axes, and the length of each axis, big-endian."""
    shape = (sum(COUNTS[part]), SIDE, SIDE)[: 3 if kind == IMAGES else 1]
    return np.array([0x800 + len(shape), *shape], ">i4").tobytes()


def _fault(name: str, content: bytes) -> str:
    """What is wrong with a file: its header must fit its kind, and its counts of labels must be the published ones."""
    part, kind = name.split("-", 1)
    header = _header(part, kind)
    if not content.startswith(header):
        return f"does not begin as an idx file of {sum(COUNTS[part]):,} {kind.split('-')[0]} does"
    counts = np.bincount(np.frombuffer(content, np.uint8, offset=len(header)), minlength=CLASSES)
    if kind == LABELS and counts.tolist() != list(COUNTS[part]):
        return f"does not hold {', '.join(map(str, COUNTS[part]))} labels of 0 to 9"
    return ""
