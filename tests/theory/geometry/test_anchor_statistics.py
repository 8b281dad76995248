import numpy as np
import pytest

from theory.geometry import anchor_statistics


def test_means_over_probes_have_the_error_of_a_mean():
    mean, se = anchor_statistics._mean(np, np.array([[1.0, 2.0, 3.0, 6.0], [5.0, 5.0, 5.0, 5.0]]))
    np.testing.assert_allclose(mean, [3.0, 5.0])
    np.testing.assert_allclose(se, [np.sqrt(14 / 3 / 4), 0.0])


def test_the_radius_is_corrected_for_both_biases():
    """A squared distance of 4 +- 1 about the mean of five anchors is 5 +- 5/4 about the true mean; and the root of that."""
    root, se = anchor_statistics._unbiased_root(np, 5, np.array([4.0, 0.0]), np.array([1.0, 0.0]))
    error = 1.25 / (2 * np.sqrt(5))
    np.testing.assert_allclose(se, [error, 0.0])
    # E sqrt(x) is sqrt(E x) (1 - var x / (8 (E x)^2)) to leading order.
    np.testing.assert_allclose(root, [np.sqrt(5) * (1 + 1.25**2 / (8 * 5**2)), 0.0])


def test_the_published_dimension_has_its_error_by_the_delta_method():
    """D (E cos)^2 has the slope 2 D E cos."""

    class Frames:
        axes = np.array([3, 7])

    value, se = anchor_statistics._published_dimension(np, Frames, np.array([0.5, -0.2]), np.array([0.1, 0.01]))
    assert value == pytest.approx([0.75, 0.28])
    assert se == pytest.approx([0.3, 0.028])
