"""The gradient of permuted examples relative to the gradient of unpermuted examples, at any number of examples.

Assumptions. Logits are zero. The Jacobian is the example's features h for the parameters of its own class, and 0 for the
parameters of other classes. This is exact for the readout of fixed features, and holds for any wide network, whose tangent
kernel is k(x, x') times the identity. Examples of a class are independent, with mean m_k; the trace of their covariance is W on
average over classes. The class means have the scatter B = mean_k ||m_k - m||^2. Each group has equally many examples of every
class. The labels of the permuted group are permuted uniformly within the group, coincidences included.

Both squared norms are then exact at every size, and depend on no other property of the features. A group whose true classes are
not balanced adds ||mean h||^2 times the squared imbalance. The argument of the paper (Stephenson et al. 2021, sec. 4.4) is the
limit of many examples: the gradient of unpermuted examples adds up between class means, and the gradient of permuted examples
averages out as one over the root of the number of examples.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.numerics.validation import require, require_finite

Numbers = Any  # a number or an array, of the arguments' broadcast shape


def unpermuted_square(n_per_class: ArrayLike, n_classes: ArrayLike, between: ArrayLike, within: ArrayLike) -> Numbers:
    """E||g_u||^2 for the mean loss of unpermuted examples: (B + (1 - 1/C) W / n_c) / C.

    The gradient for class c is (hbar - hbar_c) / C. The scatter of the observed class means is B plus their sampling noise.

    :param n_per_class: n_c >= 1, examples of every class in the group; it need not be whole. All arguments broadcast.
    :param n_classes: C >= 2. :param between: B >= 0. :param within: W >= 0, in the units of B.
    """
    n, c, between, within = _checked(n_per_class, n_classes, between, within)
    return ((between + (1 - 1 / c) * within / n) / c)[()]


def permuted_square(n_per_class: ArrayLike, n_classes: ArrayLike, between: ArrayLike, within: ArrayLike) -> Numbers:
    """E||g_p||^2 for the mean loss of permuted examples: (1 - 1/C) (B / (n - 1) + W / n), n = C n_c examples.

    For balanced labels the permutation identity of :mod:`theory.learning.permuted_gradient` is (1 - 1/C) tr T / (n - 1), where
    T is the scatter about the observed mean, E tr T = B + W (1 - 1/n). The arguments are those of :func:`unpermuted_square`.
    """
    n_c, c, between, within = _checked(n_per_class, n_classes, between, within)
    n = c * n_c
    return ((1 - 1 / c) * (between / (n - 1) + within / n))[()]


def gradient_ratio(
    n_per_class: ArrayLike, n_classes: ArrayLike, permuted_fraction: ArrayLike, separation: ArrayLike
) -> Numbers:
    """The root mean square of ||g_p|| divided by the root mean square of ||g_u||, for gradients of the groups' mean loss.

    The ratio falls as n^-1/2 once n B / W is large. At separation 0 the labels carry no information, and the ratio is the root
    of the ratio of the group sizes: 1 for groups of equal size.

    :param n_per_class: n, examples of every class in both groups together. All arguments broadcast.
    :param n_classes: C >= 2. :param permuted_fraction: eps within 0..1, both excluded, with eps n >= 1 and (1 - eps) n >= 1.
    :param separation: B / W >= 0.
    :returns: a ratio, without unit.
    """
    unpermuted, permuted, _ = _squares(n_per_class, n_classes, permuted_fraction, separation)
    return np.sqrt(permuted / unpermuted)[()]


def permuted_share(
    n_per_class: ArrayLike, n_classes: ArrayLike, permuted_fraction: ArrayLike, separation: ArrayLike
) -> Numbers:
    """The share of permuted examples in the squared gradient, within 0..1, with groups weighted as the loss weights them.

    It is eps^2 E||g_p||^2 / (eps^2 E||g_p||^2 + (1 - eps)^2 E||g_u||^2). At separation 0, where the labels carry no
    information, the share is eps. The arguments are those of :func:`gradient_ratio`.
    """
    unpermuted, permuted, eps = _squares(n_per_class, n_classes, permuted_fraction, separation)
    part = eps**2 * permuted
    return (part / (part + (1 - eps) ** 2 * unpermuted))[()]


def _squares(n_per_class, n_classes, permuted_fraction, separation):
    eps = np.asarray(permuted_fraction, dtype=float)
    require_mixture(np.asarray(n_classes, dtype=float), eps)
    n = np.asarray(n_per_class, dtype=float)
    # Rounding of eps n must not refuse a group of exactly one example.
    fewest = np.minimum(eps, 1 - eps) * n
    require(fewest >= 1 - 1e-9, "n_per_class", n_per_class, "one or more examples per class in either group")
    require_finite("separation", separation)
    unpermuted = unpermuted_square(np.maximum((1 - eps) * n, 1), n_classes, separation, 1.0)
    return unpermuted, permuted_square(np.maximum(eps * n, 1), n_classes, separation, 1.0), eps


def require_mixture(n_classes: np.ndarray, permuted_fraction: np.ndarray) -> None:
    """Raise ``ValueError`` unless there are two or more classes, and both permuted and unpermuted examples."""
    require(np.isfinite(n_classes) & (n_classes >= 2), "n_classes", n_classes, "finite and >= 2")
    inside = (permuted_fraction > 0) & (permuted_fraction < 1)
    require(inside, "permuted_fraction", permuted_fraction, "within 0..1, both excluded")


def _checked(n_per_class, n_classes, between, within):
    values = {"n_per_class": n_per_class, "n_classes": n_classes, "between": between, "within": within}
    least = {"n_per_class": 1, "n_classes": 2, "between": 0, "within": 0}
    arrays = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    for name, array in arrays.items():
        require(np.isfinite(array) & (array >= least[name]), name, values[name], f"finite and >= {least[name]}")
    return np.broadcast_arrays(*arrays.values())
