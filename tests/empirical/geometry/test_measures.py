import warnings

import numpy as np

from empirical.geometry.measures import Measuring, inner_products
from tests.empirical.geometry.paths import PATHS


def test_our_own_narrow_layers_do_not_warn():
    logits = np.random.default_rng(0).standard_normal((10, 40, 10))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        inner_products(logits, "logits")


def test_inner_products_of_all_points_are_the_default_and_tests_take_both_paths():
    assert Measuring().needs_all_points
    taken = {path: {name: value for name, value in options.items() if name != "n_points"} for path, options in PATHS.items()}
    assert {path: Measuring(**options).needs_all_points for path, options in taken.items()} == {
        "class_sums": False,
        "point_products": True,
    }
