"""Images of the user, and what is done to their pixels."""

import re

import numpy as np
import pytest

from empirical.__main__ import main

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("torch")

from tests.empirical.commandline.user_projects import error, shown, write_images  # noqa: E402


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--size=0", "must be pixels, such as 224, or height x width"),
        ("--size=2x3x4", "must be pixels"),
        ("--mean=a,b", "must be numbers with commas between"),
        ("--std=0.2,0", "must be above 0"),
        ("--channels=4", "invalid choice"),
    ],
)
def test_preprocessing_that_cannot_be_is_told_at_once(option, words, capsys):
    with pytest.raises(SystemExit):
        main(["measure", "net.py:build", option])
    assert words in capsys.readouterr().err


def test_images_of_several_kinds_become_one(inside, tmp_path, capsys):
    folder = write_images(tmp_path / "mixed", n=4, size=(12, 20), channels=3)
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 65536, (30, 30), dtype=np.uint16)).save(folder / "pears" / "16 bits.png")
    Image.fromarray(rng.integers(0, 256, (11, 14, 4), dtype=np.uint8)).save(folder / "pears" / "transparent.png")
    asked = ["net.py:Coloured", "--images", folder]
    assert re.search(r"images differ in size: .* --size 224", error(capsys, *asked))
    out = shown(capsys, *asked, "--size", "8x10", "--mean", "0.5,0.4,0.3", "--std", "0.2")
    assert "all 14 in" in out
    assert "each 3x8x10" in out
    assert "0..1 (divided by 255), cropped at the centre and resized to 8 x 10, less 0.5, 0.4, 0.3, divided by 0.2\n" in out
    (folder / "pears" / "zz.jpg").write_bytes(b"\xff\xd8\xff\xe0 no image")
    assert re.search(r"cannot read the image .*zz\.jpg: .*; remove it", error(capsys, *asked, "--size", 8))
    (folder / "empty").mkdir()
    assert "the class empty has no images" in error(capsys, *asked)


def test_one_class_is_too_few(inside, tmp_path, capsys):
    (tmp_path / "a").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "a" / "1.png")
    assert f"{tmp_path} has one class, a; give the images of two" in error(capsys, "net.py:build", "--images", tmp_path)


def test_an_archive_of_floats_is_taken_as_it_is(inside, tmp_path, capsys):
    path = tmp_path / "data.npz"
    values = np.random.default_rng(0).standard_normal((12, 8, 9, 1))
    np.savez(path, images=values, labels=np.array(["cat", "dog", "cow"] * 4))
    out = shown(capsys, "net.py:build", "--images", path, "--size", "6")
    assert f"as they are, {values.min():.3g} to {values.max():.3g}, cropped at the centre and resized to 6 x 6; not" in out
    assert "are for pixels within 0..1; leave them out" in error(capsys, "net.py:build", "--images", path, "--mean", 0.5)


def test_rows_of_numbers_are_inputs_too(inside, tmp_path, capsys):
    path = tmp_path / "rows.npz"
    (inside / "rows.py").write_text("from torch import nn\nmodel = nn.Sequential(nn.Linear(7, 3))\n")
    np.savez(path, images=np.random.default_rng(0).standard_normal((9, 7)), labels=np.arange(9) % 3)
    assert "all 9 in" in shown(capsys, "rows.py:model", "--images", path)
    assert "--size does not go with rows of numbers" in error(capsys, "rows.py:model", "--images", path, "--size", 3)
