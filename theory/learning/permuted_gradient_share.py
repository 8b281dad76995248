"""How large the gradient of permuted examples is beside that of unpermuted ones, at any number of examples.

Assumed: zero logits, and a Jacobian that is the example's features h for the parameters of its own class and 0 for those of
the others (the readout of fixed features exactly; any wide network, whose tangent kernel is k(x, x') times the identity).
Examples of a class are independent, with mean m_k and covariance of trace W on average over classes; the means' scatter is
B = mean_k ||m_k - m||^2. Both groups have as many examples of every class; the labels of the permuted one are permuted
uniformly within it, coincidences included. Both squared norms are then exact at every size. No other property of the features
enters; a group whose true classes are not balanced adds ||mean h||^2 times the squared imbalance.

The paper's argument (Stephenson et al. 2021, sec. 4.4) is their limit: between class means one gradient adds up, the other
averages out as one over the root of the number of examples.
"""

import numpy as np

from theory.numerics.validation import require, require_finite


def unpermuted_square(n_per_class, n_classes, between, within):
    """E||g_u||^2 of the mean loss of unpermuted examples: (B + (1 - 1/C) W / n_c) / C.

    The gradient for class c is (hbar - hbar_c) / C, and the class means observed scatter by B plus their own noise.

    :param n_per_class: n_c >= 1, examples of every class in the group, need not be whole; all arguments broadcast.
    :param n_classes: C >= 2. :param between: B >= 0. :param within: W >= 0, in the same units.
    """
    n, c, between, within = _checked(n_per_class, n_classes, between, within)
    return ((between + (1 - 1 / c) * within / n) / c)[()]


def permuted_square(n_per_class, n_classes, between, within):
    """E||g_p||^2 of the mean loss of permuted examples: (1 - 1/C) (B / (n - 1) + W / n), n = C n_c examples.

    The permutation identity of :mod:`theory.learning.permuted_gradient` with balanced labels, (1 - 1/C) tr T / (n - 1), T the
    scatter about the mean observed, E tr T = B + W (1 - 1/n). Arguments as :func:`unpermuted_square`.
    """
    n_c, c, between, within = _checked(n_per_class, n_classes, between, within)
    n = c * n_c
    return ((1 - 1 / c) * (between / (n - 1) + within / n))[()]


def gradient_ratio(n_per_class, n_classes, permuted_fraction, separation):
    """Root mean square ||g_p|| over that of ||g_u||, gradients of the groups' mean loss; no unit.

    Falls as n^-1/2 once n B / W is large; at separation 0, where labels carry nothing, it is the root of the ratio of group
    sizes, 1 for equal ones.

    :param n_per_class: n, examples of every class in both groups together; all arguments broadcast.
    :param n_classes: C >= 2. :param permuted_fraction: eps within 0..1, both excluded, with eps n >= 1 and (1 - eps) n >= 1.
    :param separation: B / W >= 0.
    """
    unpermuted, permuted, _ = _squares(n_per_class, n_classes, permuted_fraction, separation)
    return np.sqrt(permuted / unpermuted)[()]


def permuted_share(n_per_class, n_classes, permuted_fraction, separation):
    """eps^2 E||g_p||^2 / (eps^2 E||g_p||^2 + (1 - eps)^2 E||g_u||^2), within 0..1: groups weighted as the loss weights them.

    eps at separation 0, where labels carry nothing. Arguments as :func:`gradient_ratio`.
    """
    unpermuted, permuted, eps = _squares(n_per_class, n_classes, permuted_fraction, separation)
    part = eps**2 * permuted
    return (part / (part + (1 - eps) ** 2 * unpermuted))[()]


def _squares(n_per_class, n_classes, permuted_fraction, separation):
    eps = np.asarray(permuted_fraction, dtype=float)
    require_mixture(np.asarray(n_classes, dtype=float), eps)
    n = np.asarray(n_per_class, dtype=float)
    # Half an ulp of eps n must not throw out a group of exactly one.
    fewest = np.minimum(eps, 1 - eps) * n
    require(fewest >= 1 - 1e-9, "n_per_class", n_per_class, "one example per class or more in either group")
    require_finite("separation", separation)
    unpermuted = unpermuted_square(np.maximum((1 - eps) * n, 1), n_classes, separation, 1.0)
    return unpermuted, permuted_square(np.maximum(eps * n, 1), n_classes, separation, 1.0), eps


def require_mixture(n_classes, permuted_fraction) -> None:
    """Raise ``ValueError`` unless there are two classes or more, and permuted and unpermuted examples; arrays."""
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
