"""Image files of every kind as arrays of 8 bits."""

import re

import numpy as np
import pytest

from empirical.data import pictures
from empirical.errors import LabelsError

image = pytest.importorskip("PIL.Image")
GREY = np.array([[0, 100], [200, 255]], dtype=np.uint8)


def cropped(*arguments, **how):
    return pictures.cropped(*arguments, **how)[0]


def saved(path, values, mode=None):
    picture = image.fromarray(values)
    (picture.convert(mode) if mode else picture).save(path)
    return path


@pytest.mark.parametrize("mode", [None, "RGB", "P", "LA"])
def test_grey_values_are_kept_in_every_mode(tmp_path, mode):
    found = cropped([saved(tmp_path / "1.png", GREY, mode)])
    assert found.dtype == np.uint8
    assert (found == GREY).all()
    assert found.shape[1] == (1 if mode is None else 3)


def test_the_values_of_16_bits_are_scaled_and_not_cut_off(tmp_path):
    path = saved(tmp_path / "1.png", GREY.astype(np.uint16) * 257)
    assert cropped([path])[0, 0].tolist() == GREY.tolist()


def test_transparency_is_dropped(tmp_path):
    values = np.zeros((2, 2, 4), dtype=np.uint8)
    values[..., 1], values[..., 3] = GREY, 7
    assert cropped([saved(tmp_path / "1.png", values)])[0].tolist() == [[[0, 0]] * 2, GREY.tolist(), [[0, 0]] * 2]


def test_grey_and_coloured_images_are_coloured_together(tmp_path):
    paths = [saved(tmp_path / "1.png", GREY), saved(tmp_path / "2.png", GREY, "RGB")]
    found = cropped(paths)
    assert found.shape == (2, 3, 2, 2)
    assert (found == GREY).all()
    assert cropped(paths, channels=1).shape == (2, 1, 2, 2)
    assert cropped(paths[:1], channels=3).shape == (1, 3, 2, 2)


def test_what_does_not_fit_is_cropped_at_both_ends(tmp_path):
    wide = np.zeros((4, 8), dtype=np.uint8)
    wide[:, 2:6] = 200
    tall = saved(tmp_path / "tall.png", np.ascontiguousarray(wide.T))
    found = cropped([saved(tmp_path / "wide.png", wide), tall], (4, 4))
    assert (found == 200).all()
    assert cropped([tall], (8, 4)).shape == (1, 1, 8, 4)


def test_images_of_several_sizes_need_a_size(tmp_path):
    paths = [saved(tmp_path / "1.png", GREY), saved(tmp_path / "2.png", GREY[:, :1])]
    with pytest.raises(LabelsError, match=r"1\.png has 2 x 2, and .*2\.png has 1 x 2; give the size .* --size 224"):
        cropped(paths)


@pytest.mark.parametrize("end", ["png", "jpg", "gif", "bmp", "tiff", "webp", "ppm"])
@pytest.mark.parametrize("keep", [0, 10, 0.6])
def test_a_damaged_image_is_named(tmp_path, end, keep):
    noise = np.random.default_rng(0).integers(0, 256, (40, 40), dtype=np.uint8)
    path = saved(tmp_path / f"1.{end}", noise, "L" if end == "gif" else "RGB")
    content = path.read_bytes()
    path.write_bytes(content[: keep if keep != 0.6 else int(keep * len(content))])
    with pytest.raises(LabelsError, match=f"cannot read the image {re.escape(str(path))}"):
        pictures.opened(path)
