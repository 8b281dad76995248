"""The certificate of a solve: the worst violation of its optimality conditions must be no more than rounding explains."""

from collections.abc import Callable
from typing import Any

# The largest relative violation that rounding explains, by the precision of the solve.
ALLOWED = {"float64": 1e-9, "float32": 1e-4}


class Uncertified(ArithmeticError):
    """The error for a solve whose optimality conditions are violated by more than rounding explains."""


def certify(residual: Any, describe: Callable[[], str]) -> None:
    """Raise :class:`Uncertified` where a residual is larger than rounding explains, or is not a number.

    :param residual: the worst relative violation of the optimality conditions of one solve, a number of the solve's dtype.
    :param describe: returns the name of the solve in words; it is called only where the solve fails.
    """
    precision = str(getattr(residual, "dtype", "float64")).rpartition(".")[2]
    if not float(residual) <= ALLOWED[precision]:
        raise Uncertified(
            f"{describe()}: optimality violated by {float(residual):.1e}, more than the {ALLOWED[precision]:.0e} that rounding "
            "explains. Leave out points that nearly coincide, or solve in float64"
        )
