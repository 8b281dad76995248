"""CIFAR-100 in the binary layout its authors publish, from any local copy; checked by structure, known by its SHA-256."""

import hashlib
from pathlib import Path

import numpy as np

from empirical.errors import GeomemError
from empirical.storage import cache_root, make_folder, write_atomic

CLASSES, COARSE = 100, 20
SIDE = 32
# One byte for the coarse label, one for the fine one, then the red, green and blue plane.
RECORD = 2 + 3 * SIDE**2
FILES = {"train.bin": 50_000, "test.bin": 10_000}
CHECKSUM = "sha256.txt"


def folder() -> Path:
    """Where the data set is kept once it was brought in."""
    return cache_root() / "data" / "cifar100"


def bring(source: Path) -> str:
    """Copy train.bin and test.bin from a folder, or from cifar-100-binary inside it, after checking their structure.

    :returns: the SHA-256 of both, in this order.
    :raises GeomemError: a file is missing or is not what it should be.
    """
    inner = source / "cifar-100-binary"
    there = inner if inner.is_dir() else source
    contents = {name: _checked(there / name, n) for name, n in FILES.items()}
    target = make_folder(folder())
    # The checksum is emptied first and written last: without it there is no data set.
    write_atomic(target / CHECKSUM, b"")
    for name, content in contents.items():
        write_atomic(target / name, content)
    found = _sha256(contents.values())
    write_atomic(target / CHECKSUM, found.encode())
    return found


def checksum() -> str:
    """The SHA-256 under which it was brought in.

    :raises GeomemError: it was not; the message says how.
    """
    try:
        found = (folder() / CHECKSUM).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found:
        raise GeomemError(
            "CIFAR-100 is not here: download cifar-100-binary.tar.gz (https://www.cs.toronto.edu/~kriz/cifar.html), unpack it "
            "and run python -m empirical data cifar100 --from FOLDER"
        )
    return found


def read() -> tuple[np.ndarray, np.ndarray]:
    """All images, uint8 (60000, 3, 32, 32), training images first, and their fine labels, int64 (60000,).

    :raises GeomemError: it is not there, or was altered.
    """
    known = checksum()
    contents = [_checked(folder() / name, n) for name, n in FILES.items()]
    if _sha256(contents) != known:
        raise GeomemError(f"{folder()} was altered since it was brought in: python -m empirical data cifar100 --from FOLDER")
    records = np.concatenate([_records(content) for content in contents])
    return records[:, 2:].reshape(-1, 3, SIDE, SIDE), records[:, 1].astype(np.int64)


def _checked(path: Path, n: int) -> bytes:
    """The file's bytes.

    :raises GeomemError: it is missing, too short or too long, or its labels are not as many of each as they should be.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GeomemError(f"cannot read {path}: {error.strerror}; it should be CIFAR-100's binary version") from error
    if len(content) != n * RECORD:
        raise GeomemError(
            f"{path} has {len(content):,} bytes where CIFAR-100's {n:,} images have {n * RECORD:,}: download again"
        )
    coarse, fine = _records(content)[:, :2].T
    if coarse.max() >= COARSE or not np.array_equal(np.bincount(fine, minlength=256)[:CLASSES], [n // CLASSES] * CLASSES):
        raise GeomemError(
            f"{path} does not hold {n // CLASSES} images of each of {CLASSES} classes: not CIFAR-100's {path.name}"
        )
    return content


def _records(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8).reshape(-1, RECORD)


def _sha256(contents) -> str:
    found = hashlib.sha256()
    for content in contents:
        found.update(content)
    return found.hexdigest()
