"""The random sample whose labels a person verifies: drawn, written as a file to fill in, and read back."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from empirical.errors import LabelsError
from empirical.storage import make_folder, write_atomic

INDEX, RIGHT = "index", "right"
WORDS = {**dict.fromkeys(("1", "yes", "y", "true", "right"), True), **dict.fromkeys(("0", "no", "n", "false", "wrong"), False)}


@dataclass(frozen=True)
class Verified:
    """A random sample of all examples, whose labels a person has verified.

    index: positions in the labels, (m,).
    right: whether the given label is right, bool, (m,).
    """

    index: np.ndarray
    right: np.ndarray

    @classmethod
    def of(cls, sample: "tuple[Any, Any] | Verified", n: int) -> "Verified":
        """The sample, checked.

        :param sample: indices, and for each whether its label is right. :param n: the number of all examples.
        :raises LabelsError: an index is out of range or given twice, the lengths differ, or no label is right.
        """
        index, right = (np.asarray(part) for part in ((sample.index, sample.right) if isinstance(sample, Verified) else sample))
        if index.shape != right.shape or index.ndim != 1:
            raise LabelsError(
                f"verified must be indices and whether each label is right, (m,) each; received {index.shape} and {right.shape}"
            )
        if len(index) and not np.issubdtype(index.dtype, np.integer):
            raise LabelsError(f"verified must have whole numbers as indices; received type {index.dtype}")
        if not set(np.unique(right).tolist()) <= {0, 1}:
            raise LabelsError(f"verified must say true or false of each label; received {np.unique(right)[:5].tolist()}")
        if len(index) and not (index.min() >= 0 and index.max() < n):
            raise LabelsError(f"verified has an index outside 0..{n - 1}: {index.min()}..{index.max()}; is it of these data?")
        if len(np.unique(index)) < len(index):
            raise LabelsError("verified has an index twice; a random sample has every example once")
        if not right.any():
            raise LabelsError(
                "verified has no right label, and suspicion is compared with that of right ones; verify a larger random sample"
            )
        return cls(index.astype(np.int64), right.astype(bool))


def drawn(n: int, size: int, seed: int = 0) -> np.ndarray:
    """The indices of a random sample without replacement, ascending, (size,).

    :raises LabelsError: the sample is larger than the data, or has fewer than one example.
    """
    if not 1 <= size <= n:
        raise LabelsError(f"a sample must have 1 to {n:,} examples, as many as there are; received {size}")
    return np.sort(np.random.default_rng(seed).choice(n, size, replace=False))


def write(path: Path, index: np.ndarray, given: Sequence[str], names: Sequence[str] | None = None) -> None:
    """Write a file to fill in: the column ``right`` is empty.

    :param given: the given labels of the sample, in words. :param names: names of the examples, of their files for example.
    :raises StorageError: the file cannot be written.
    """
    make_folder(path.parent)
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([INDEX, *(["file"] if names else []), "given", RIGHT])
    for place, number in enumerate(index):
        rows.writerow([number, *([names[place]] if names else []), given[place], ""])
    write_atomic(path, text.getvalue().encode())


def read(path: Path, n: int) -> Verified:
    """The sample in a file that was filled in: its columns ``index`` and ``right``; the others are not read.

    :raises LabelsError: there is no such file, a column is missing, or a row is not filled in; and as :meth:`Verified.of`.
    """
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise LabelsError(f"cannot read {path}: {error}; draw a sample to verify with --draw 150 --into {path}") from error
    if not rows or not {INDEX, RIGHT} <= set(rows[0]):
        raise LabelsError(f"{path} must have rows under a header with {INDEX} and {RIGHT}; --draw writes such a file")
    index, right = [], []
    for line, row in enumerate(rows, start=2):
        word = (row[RIGHT] or "").strip().lower()
        if word not in WORDS or not (row[INDEX] or "").strip().isdigit():
            raise LabelsError(
                f"{path}, line {line}: index {row[INDEX]!r}, right {row[RIGHT]!r}; write yes or no into the column {RIGHT} of "
                "every row: a sample from which the hard ones are left out is not random"
            )
        index.append(int(row[INDEX]))
        right.append(WORDS[word])
    return Verified.of((np.array(index), np.array(right)), n)
