import numpy as np

from empirical.separability.certificates import AT_ORIGIN, SEPARATED, is_at_origin, is_separating


def test_between_the_two_neither_is_certified():
    assert SEPARATED > AT_ORIGIN
    between = np.sqrt(SEPARATED * AT_ORIGIN)
    assert not is_separating(between)
    assert not is_at_origin(between)


def test_what_is_certified_does_not_depend_on_lengths():
    products = np.array([-1.0, 0.0, SEPARATED, 2 * SEPARATED])
    assert is_separating(products).tolist() == is_separating(1024 * products, 1024.0).tolist() == [False, False, False, True]
    assert is_at_origin(AT_ORIGIN)
    assert is_at_origin(7 * AT_ORIGIN, 7.0)
    assert not is_at_origin(AT_ORIGIN, 0.5)
