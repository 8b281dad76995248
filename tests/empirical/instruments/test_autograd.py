import numpy as np
import pytest
import torch

from empirical.instruments import autograd


def test_the_variance_over_permutations_is_unbiased():
    vectors = torch.from_numpy(np.random.default_rng(0).standard_normal((4, 3)))
    found = autograd._moments(vectors)
    assert found.variance[0] == pytest.approx(vectors.numpy().var(0, ddof=1).sum())
    squares = (vectors.numpy() ** 2).sum(1)
    assert found.second_moment == pytest.approx((squares.mean(), squares.std(ddof=1) / 2))
