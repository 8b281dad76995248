"""The page: what it shows, and that it is text that a browser and a reader can use."""

import base64
import io

import numpy as np
import pytest

from empirical.data.examples import of_arrays
from empirical.label_errors import page
from empirical.label_errors.early_average import Averages
from empirical.label_errors.table import ranked
from empirical.label_errors.verified import Verified

N = 200


@pytest.fixture
def examples():
    pytest.importorskip("jinja2")
    pytest.importorskip("PIL")
    images = np.random.default_rng(0).integers(0, 256, (N, 6, 5, 3)).astype(np.uint8)
    return of_arrays(images, np.arange(N) % 2, ["<b>cat</b>", "dog"])


def table(examples, sample=None, notes=()):
    rng = np.random.default_rng(0)
    wrong = np.arange(N) < 60
    averages = Averages(rng.random(N), rng.random(N) + 3 * wrong, 1 - examples.labels, 8, 4)
    return ranked(averages, examples.labels, np.arange(N) % 10 == 0, sample, notes)


def test_the_worst_are_shown_with_labels_and_scores(tmp_path, examples):
    made = table(examples, notes=["the columns are in another order"])
    text = page.write_worst(tmp_path, made, examples, 0.1, "Label errors in data.npz").read_text()
    assert text.count('class="where"') == page.WORST
    assert text.count("data:image/png;base64,") == page.WORST
    assert '<span class="given">&lt;b&gt;cat&lt;/b&gt;</span> → <b>dog</b>' in text
    assert "<b>cat" not in text
    assert "which was the 4th" in text
    assert "There are no p- and q-values" in text
    assert "The columns are in another order." in text
    assert (tmp_path / "style.css").is_file()
    assert 'class="reported"' not in text


def test_reported_labels_are_marked_and_verified_ones_left_out(tmp_path, examples):
    index = np.random.default_rng(1).choice(N, 100, replace=False)
    made = table(examples, Verified(index, index >= 60))
    text = page.write_worst(tmp_path, made, examples, 0.1, "Label errors").read_text()
    n_reported = len(made.reported(0.1))
    assert n_reported > 10
    assert f"{n_reported} of 200 labels are reported as wrong" in text
    assert text.count('class="reported"') == min(n_reported, page.WORST)
    assert not any(f'alt="example {number}"' in text for number in index)


def test_a_picture_is_the_image(examples):
    from PIL import Image

    data = base64.b64decode(page.picture(examples, 3).partition(",")[2])
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), np.moveaxis(examples.images[3], 0, 2))


def test_images_of_other_ranges_fill_the_scale():
    pytest.importorskip("PIL")
    from PIL import Image

    dark = of_arrays(np.arange(32).reshape(2, 4, 4) / 100, np.array([0, 1]))
    data = base64.b64decode(page.picture(dark, 1).partition(",")[2])
    shown = np.asarray(Image.open(io.BytesIO(data)))
    assert (shown.min(), shown.max()) == (0, 255)


def test_rows_of_numbers_have_no_picture(tmp_path):
    pytest.importorskip("jinja2")
    rows = of_arrays(np.zeros((N, 7)), np.arange(N) % 2)
    text = page.write_worst(tmp_path, table(rows), rows, 0.1, "Label errors").read_text()
    assert "<img" not in text
    assert text.count('class="where"') == page.WORST


def test_a_sample_is_shown_in_the_order_of_its_file(tmp_path, examples):
    text = page.write_sample(tmp_path, "verify.html", np.array([3, 8]), examples).read_text()
    assert text.index('alt="example 3"') < text.index('alt="example 8"')
    assert "Leave none out" in text
