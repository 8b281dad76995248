"""The sample to verify: drawn, written, filled in, read; and what cannot be read."""

import re

import numpy as np
import pytest

from empirical.errors import LabelsError
from empirical.label_errors import verified
from empirical.label_errors.verified import Verified


def filled(path, *words):
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *(line + word for line, word in zip(lines[1:], words, strict=True))]) + "\n")


def test_a_sample_comes_back_as_it_was_filled_in(tmp_path):
    index = verified.drawn(100, 4, seed=3)
    path = tmp_path / "new" / "verify.csv"
    verified.write(path, index, ["cat", "dog", "cat", "a, b"], [f"{i}.png" for i in index])
    filled(path, "yes", "No", "1", "wrong")
    found = verified.read(path, 100)
    assert found.index.tolist() == index.tolist()
    assert found.right.tolist() == [True, False, True, False]


def test_samples_are_random_without_replacement():
    samples = [verified.drawn(50, 10, seed) for seed in range(200)]
    assert all(len(set(sample.tolist())) == 10 for sample in samples)
    counts = np.bincount(np.concatenate(samples), minlength=50)
    assert abs(counts - 40).max() < 5 * np.sqrt(40)
    with pytest.raises(LabelsError, match="1 to 50 examples, as many as there are; received 51"):
        verified.drawn(50, 51)


def test_a_row_left_open_is_told_with_its_line(tmp_path):
    path = tmp_path / "verify.csv"
    verified.write(path, np.array([3, 5]), ["a", "b"])
    filled(path, "yes", "")
    with pytest.raises(LabelsError, match=re.escape("line 3: index '5', right ''; write yes or no")):
        verified.read(path, 100)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot read"),
        ("index,given\n1,2\n", "under a header with index and right"),
        ("", "under a header with index and right"),
        ("index,right\n99,yes\n", "outside 0..9: 99..99; is it of these data?"),
        ("index,right\n1,yes\n1,yes\n", "an index twice"),
        ("index,right\n1,no\n", "no right label"),
    ],
)
def test_files_that_cannot_be(tmp_path, text, words):
    path = tmp_path / "v.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(LabelsError, match=re.escape(words)):
        verified.read(path, 10)


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (([1, 2], [True]), "(m,) each"),
        (([1.5], [True]), "whole numbers as indices"),
        (([1, 2], [1, 2]), "true or false of each label; received [1, 2]"),
    ],
)
def test_arrays_that_cannot_be(sample, words):
    with pytest.raises(LabelsError, match=re.escape(words)):
        Verified.of(sample, 10)
