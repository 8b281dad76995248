"""The certificate of a solve: the worst violation of its optimality conditions, and how much of it is rounding."""

from collections.abc import Callable

# Relative violations that rounding explains, by the precision of the solve.
ALLOWED = {"float64": 1e-9, "float32": 1e-4}


class Uncertified(ArithmeticError):
    """A solve whose optimality conditions could not be certified."""


def certify(residual, describe: Callable[[], str]) -> None:
    """Raise :class:`Uncertified` where a residual is more than rounding, or not a number.

    :param residual: the worst relative violation of one solve's optimality conditions, in the precision of the solve.
    :param describe: which solve it is, in words; asked only where it fails.
    """
    precision = str(getattr(residual, "dtype", "float64")).rpartition(".")[2]
    if not float(residual) <= ALLOWED[precision]:
        raise Uncertified(f"{describe()}: optimality violated by {float(residual):.1e}")
