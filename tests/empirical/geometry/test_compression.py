import subprocess
import sys

import numpy as np
import pytest

from empirical.geometry.compression import compression, discrimination

# Two classes of two points in the plane: means (1, 4) and (1, 0), scatter 1 within either class.
FEATURES = np.array([[[0.0, 4.0], [2.0, 4.0]], [[1.0, -1.0], [1.0, 1.0]]])


def test_scatter_within_over_scatter_between():
    assert compression(FEATURES) == pytest.approx(1 / 4)
    assert compression(np.stack([FEATURES, 3 * FEATURES + 1])) == pytest.approx([1 / 4, 1 / 4])


def test_discrimination_is_the_cosine_of_the_nearest_means():
    assert discrimination(FEATURES) == pytest.approx(1 - 1 / np.sqrt(17))
    third = np.concatenate([FEATURES, -FEATURES[:1]])
    assert discrimination(third) == pytest.approx(1 - 1 / np.sqrt(17))
    assert discrimination(np.stack([FEATURES, 5 * FEATURES])).shape == (2,)


@pytest.mark.parametrize(
    ("features", "words"),
    [
        (np.ones((2, 3)), "K >= 2; received shape"),
        (np.ones((1, 2, 3)), "K >= 2"),
        (np.full((2, 2, 3), np.nan), "finite"),
    ],
)
def test_what_cannot_be_measured_is_refused(features, words):
    for quantity in (compression, discrimination):
        with pytest.raises(ValueError, match=words):
            quantity(features)


def test_means_without_difference_or_direction_are_refused():
    with pytest.raises(ValueError, match="must differ"):
        compression(np.stack([FEATURES[0], FEATURES[0]]))
    with pytest.raises(ValueError, match="no direction"):
        discrimination(np.stack([FEATURES[0], 0 * FEATURES[0]]))


def test_it_is_there_where_torch_is_missing():
    code = "import sys; sys.modules['torch'] = None; import empirical.geometry.compression"
    subprocess.run([sys.executable, "-c", code], check=True)
