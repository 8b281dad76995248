"""What was changed in image files, and values whose range is not known."""

import numpy as np
import pytest

from empirical.data import pictures
from empirical.errors import LabelsError

image = pytest.importorskip("PIL.Image")
GREY = np.array([[0, 100], [200, 255]], dtype=np.uint8)


def saved(path, values, mode=None):
    picture = image.fromarray(values)
    (picture.convert(mode) if mode else picture).save(path)
    return path


def changes(*paths, **how):
    return pictures.cropped(paths, **how)[1]


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (None, ""),
        ("RGB", ""),
        ("1", ""),
        ("P", "palette made RGB"),
        ("LA", "transparency dropped"),
        ("RGBA", "transparency dropped"),
    ],
)
def test_what_a_file_loses_is_told(mode, words, tmp_path):
    assert changes(saved(tmp_path / "1.png", GREY, mode)) == words


def test_other_colours_are_told(tmp_path):
    assert changes(saved(tmp_path / "1.tiff", GREY, "CMYK")) == "CMYK made RGB"


def test_what_grey_and_colours_become_is_told_with_numbers(tmp_path):
    grey, coloured = saved(tmp_path / "1.png", GREY), saved(tmp_path / "2.png", GREY, "RGB")
    assert changes(grey, coloured, coloured) == "grey copied to 3 channels (1 of 3)"
    assert changes(grey, coloured, coloured, channels=1) == "colours made grey (2 of 3)"
    assert changes(grey, grey, channels=3) == "grey copied to 3 channels"
    assert changes(coloured, channels=1) == "colours made grey"


@pytest.mark.parametrize("kind", [("1.png", np.uint16), ("1.tiff", np.uint16), ("1.tiff", np.int32)])
def test_values_of_16_bits_are_told(kind, tmp_path):
    name, dtype = kind
    deep = saved(tmp_path / name, GREY.astype(dtype) * 257)
    values, words = pictures.cropped([deep, saved(tmp_path / "8.png", GREY)])
    assert (values == GREY).all()
    assert words == "16 bits scaled to 8 (1 of 2)"


def test_12_bits_stored_in_16_are_refused_and_not_made_black(tmp_path):
    for number in range(2):
        saved(tmp_path / f"{number}.png", GREY.astype(np.uint16) * 16)
    paths = sorted(tmp_path.iterdir())
    for read in (pictures.cropped, pictures.small):
        with pytest.raises(LabelsError, match=r"no value above 4080, of 65535, .* nearly black; multiply their values"):
            read(paths)
    bright = saved(tmp_path / "bright.png", GREY.astype(np.uint16) * 257)
    assert changes(*paths, bright) == "16 bits scaled to 8"


def test_whole_numbers_that_may_have_8_bits_are_refused(tmp_path):
    with pytest.raises(LabelsError, match="no value above 255, of 65535"):
        pictures.cropped([saved(tmp_path / "1.tiff", GREY.astype(np.int32))])
    with pytest.raises(LabelsError, match=r"0 to 255000, are not of 16 bits"):
        pictures.cropped([saved(tmp_path / "1.tiff", GREY.astype(np.int32) * 1000)])


def test_floating_point_values_are_refused_and_not_cut_off(tmp_path):
    path = saved(tmp_path / "1.tiff", GREY / np.float32(255))
    with pytest.raises(LabelsError, match=r"1\.tiff: its values are floating-point numbers, whose range is not known"):
        pictures.cropped([path])
