import numpy as np
import pytest

from theory.numerics.estimate import mean_of


def test_a_mean_has_the_standard_error_of_a_mean():
    found = mean_of(np.array([1.0, 2.0, 3.0, 6.0]))
    assert (found.value, found.n) == (3.0, 4)
    assert found.se == pytest.approx(np.sqrt(14 / 3 / 4))
