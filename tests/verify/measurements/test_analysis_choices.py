import numpy as np
import pytest

from verify.measurements.analysis_choices import one_sign


@pytest.mark.parametrize("side", [1, -1])
def test_the_sign_is_that_of_the_mean_over_networks(side):
    """One network goes against the others: under the other choice it counts against them too."""
    standard, other = side * np.array([1.0, 2.0, 3.0, -1.0]), side * np.array([1.0, 1.0, 2.0, -4.0])
    conclusion, again = one_sign(standard, {"other": other}, 0.1, "units").relations
    assert np.array_equal(conclusion.values, standard)
    assert np.array_equal(again.values, side * other)
