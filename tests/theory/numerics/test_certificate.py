import numpy as np
import pytest

from theory.numerics.certificate import ALLOWED, Uncertified, certify


def never() -> str:
    raise AssertionError("a certified solve was asked for its name")


@pytest.mark.parametrize("precision", ALLOWED)
def test_rounding_is_certified_and_nobody_is_asked(precision):
    assert certify(np.asarray(0.9 * ALLOWED[precision], dtype=precision), never) is None


@pytest.mark.parametrize("precision", ALLOWED)
@pytest.mark.parametrize("residual", [2.0, np.nan, np.inf])
def test_more_than_rounding_is_refused_by_name(precision, residual):
    with pytest.raises(Uncertified, match="draw 7: optimality violated by"):
        certify(np.asarray(residual * ALLOWED[precision], dtype=precision), lambda: "draw 7")


def test_a_python_number_is_of_double_precision():
    certify(0.9e-9, never)
    with pytest.raises(Uncertified, match=r"violated by 1\.1e-09"):
        certify(1.1e-9, lambda: "draw 7")
