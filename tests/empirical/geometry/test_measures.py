import warnings

import numpy as np

from empirical.geometry.measures import inner_products


def test_our_own_narrow_layers_do_not_warn():
    logits = np.random.default_rng(0).standard_normal((10, 40, 10))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        inner_products(logits, "logits")
