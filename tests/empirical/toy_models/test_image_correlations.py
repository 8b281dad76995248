import numpy as np
import pytest
from scipy.stats import pearsonr

from empirical.toy_models.image_correlations import correlation

RNG = np.random.default_rng(0)


def test_cosine_and_pearson_pixel_by_pixel():
    outputs, images = RNG.random((3, 4, 5, 6)), RNG.random((4, 5, 6))
    cosine, pearson = correlation(outputs, images), correlation(outputs, images, centred=True)
    assert cosine.shape == pearson.shape == (3, 4)
    for network, place in np.ndindex(3, 4):
        one, other = outputs[network, place].ravel(), images[place].ravel()
        assert cosine[network, place] == pytest.approx(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
        assert pearson[network, place] == pytest.approx(pearsonr(one, other)[0])


def test_a_copy_scores_one_and_a_constant_flatters_the_cosine_only():
    image = RNG.random((6, 6))
    assert correlation(3 * image, image) == pytest.approx(1)
    assert correlation(image + 5, image, centred=True) == pytest.approx(1)
    assert correlation(np.ones((6, 6)), image) > 0.8


@pytest.mark.parametrize(
    ("outputs", "images", "centred", "message"),
    [
        (np.zeros((2, 3, 3)), np.ones((3, 3)), False, "outputs must not be 0 everywhere, where a cosine has no value; 2 are"),
        (np.eye(3), np.ones((3, 3)), True, "images must not be constant"),
        (np.eye(3), np.eye(4), False, r"images must have the pixels of the outputs, \(3, 3\)"),
    ],
)
def test_what_has_no_correlation_is_refused(outputs, images, centred, message):
    with pytest.raises(ValueError, match=message):
        correlation(outputs, images, centred)
