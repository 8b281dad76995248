"""How the centres and axes of effective geometry lie to each other, in both conventions of its paper."""

import numpy as np

CONVENTIONS = ("overlap", "cosine")


def alignments(center: np.ndarray, axes: np.ndarray, convention: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Alignment of centres, of axes, and of centres with axes, averaged over pairs of different manifolds.

    Source: Chou et al. 2025. "overlap" is its Definition B.6, absolute inner products in squared units of the clouds; "cosine"
    its Algorithm 2, signed and divided by both norms (0 for a vector that is 0).

    :param center: s_0, (P, N), P >= 2. :param axes: s_1 = s - s_0, (n, P, N).
    :returns: by name ("center", "axis", "center_axis") the value in every draw, (n,), the same in all of them for centres;
        and the slope of their mean with respect to s_0, (P, N), from which a standard error follows that knows s_0 is a mean.
    """
    # The sign is how a row changes with s_0.
    centers, offsets = (np.broadcast_to(center, axes.shape), 1.0), (axes, -1.0)
    pairs = {"center": (centers, centers), "axis": (offsets, offsets), "center_axis": (centers, offsets)}
    return {name: _over_pairs(*rows, *columns, convention == "cosine") for name, (rows, columns) in pairs.items()}


def _over_pairs(one, one_sign, other, other_sign, cosine: bool) -> tuple[np.ndarray, np.ndarray]:
    """Mean over pairs mu != nu of one^mu . other^nu, and its slope."""
    n_manifolds = one.shape[1]
    (x, x_length), (y, y_length) = (_units(rows) if cosine else (rows, 1.0) for rows in (one, other))
    inner = x @ y.swapaxes(1, 2)
    pairs = (1 - np.eye(n_manifolds)) / (n_manifolds * (n_manifolds - 1))
    weights = pairs * (1.0 if cosine else np.sign(inner))
    along_x, along_y = weights @ y, weights.swapaxes(-1, -2) @ x
    if cosine:
        along_x, along_y = _across(along_x, x) / x_length, _across(along_y, y) / y_length
    return (weights * inner).sum((1, 2)), (one_sign * along_x + other_sign * along_y).mean(0)


def _units(rows):
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    length = np.where(length > 0, length, 1.0)
    return rows / length, length


def _across(slope, units):
    """The part of a slope that turns a unit vector; its length is held."""
    return slope - (slope * units).sum(-1, keepdims=True) * units
