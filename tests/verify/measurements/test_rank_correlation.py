import numpy as np
import pytest

from verify.measurements.rank_correlation import spearman


def test_the_correlation_is_of_ranks():
    """A curve that only rises has rank correlation 1; exchanging two neighbours of five takes 6 * 2 / (5 * 24) from it."""
    values = np.arange(5.0)
    assert spearman(values, np.exp(3 * values)) == pytest.approx(1)
    assert spearman(values, np.exp(3 * values[[0, 1, 2, 4, 3]])) == pytest.approx(0.9)
    assert spearman(values, -(values**3)) == pytest.approx(-1)
