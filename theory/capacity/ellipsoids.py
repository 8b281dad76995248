"""The inner problem and the capacity of L2 ellipsoids, sum (s_i / R_i)^2 <= 1 around the centre.

Let c = kappa - t0 be the difference between the margin and the probe's component along the centre. Let h(v) =
sqrt(sum R_i^2 v_i^2) be the support function of the ellipsoid. The displacement is F = min_v ||v - t||^2 + [c + h(v)]_+^2.
Where the ellipsoid touches, v_i = t_i / (1 + rho R_i^2), and rho solves

    (rho - 1) h(v(rho)) = c,  rho >= 0.

The left side rises from -h(t), where the ellipsoid begins to touch, to sqrt(sum t_i^2 / R_i^2), where it is fully supporting.
Axes without extent do not move. Radii are in units of the centre norm, and margins are standardized.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special
from scipy.optimize import elementwise

from theory.capacity.balls import ball_capacity
from theory.capacity.point_mixtures import averaged
from theory.capacity.points import mean_displacement
from theory.geometry.anchors import Projections
from theory.numerics.estimate import Estimate
from theory.numerics.sobol_probes import inverse_of_mean, squared_lengths
from theory.numerics.validation import require, require_finite

Radii = ArrayLike  # (D,)
Probes = ArrayLike  # T, (D + 1, n), the component along the centre last
DEFAULT_PROBES = 2**13
# A thinner axis adds less than 1e-8 to any displacement, and needs more nodes.
THINNEST, WIDEST = 1e-8, 1e4
# Trapezoids in variables in which the integrands are analytic and vanish at both ends, so that the error falls exponentially.
AXIS_STEP, AXIS_NODES, LENGTH_NODES, RHO_STEP, END = 0.25, 112, 144, 0.12, 3.1
NEGLIGIBLE = 1e-14


def project(radii: Radii, probes: Probes, margin: float = 0.0) -> Projections:
    """Displacements and anchors of probes on one ellipsoid, and the residual of stationarity.

    Source: Chung et al. 2018, ellipsoids. The equation at the top of this file is solved for all probes at once by bracketing.

    :param radii: R_i, 0 or within 1e-8..1e4, (D,). :param margin: kappa, standardized units.
    :param probes: T, (D + 1, n), the component along the centre last.
    :returns: the record that :func:`theory.geometry.anchors.project` returns for points.
    """
    radii, probes = _radii(radii), np.asarray(probes, dtype=float)
    require_finite("margin", margin)
    require(
        probes.ndim == 2 and len(probes) == len(radii) + 1,
        "probes",
        probes.shape,
        f"of shape (D + 1, n), here ({len(radii) + 1}, n)",
    )
    require_finite("probes", probes)
    t, c = probes[:-1].T, margin - probes[-1]
    moved, residual = _moved_to(radii, t, c)
    support = _support(radii, moved)
    multiplier = np.maximum(c + support, 0.0)
    # For a probe that does not move, the anchor is the touching point of the probe, which is the limit of a first touch.
    direction = np.divide(-(radii**2) * moved, support[:, None], out=np.zeros_like(t), where=support[:, None] > 0)
    held = (multiplier > 0) & (support == 0)
    inside = np.divide(-t * (radii > 0), c[:, None], out=np.zeros_like(t), where=held[:, None])
    anchors = np.column_stack([np.where(held[:, None], inside, direction), np.ones(len(c))])
    return Projections(((t - moved) ** 2).sum(1) + multiplier**2, anchors.T, residual)


def ellipsoid_capacity(margin: ArrayLike, radii: Radii, n_probes: int = DEFAULT_PROBES, seed: int = 0) -> Estimate:
    """Capacity of L2 ellipsoids at any margin.

    Source: Chung et al. 2018. The multiplier lambda = dF/dc / 2 has the slope w(rho) = 1 / (1 + X), where X is the mean of
    R_i^2 with weights R_i^2 t_i^2 / (1 + rho R_i^2)^3. The slope rises from 1 / (1 + X(0)) at first touch to 1 / (1 + X(inf)),
    and is 1 for larger c. Integration by parts, twice over the Gaussian t0, with A the displacement of points, gives

        1/alpha = E_t[w(0) A(kappa + h(t)) + int A(kappa - c(rho)) dw(rho) + (1 - w(inf)) A(kappa - c(inf))].

    This is an average over points at the margins at which the ellipsoid touches. It depends on t through the squared lengths
    of the parts of t with equal radius:

        one radius     :func:`theory.capacity.balls.ball_capacity` (se 0)
        two radii      a quadrature over ||t|| and the angle between the two parts, to a relative 1e-8 (se 0)
        more radii     an average over quasi-random t, with a standard error from replicates

    Time: a curve of 1,000 margins takes about a second, and about three where one radius is 1e5 times the other.

    :param margin: kappa within -5..1e3, any shape, standardized units.
    :param radii: R_i, 0 (no extent) or within 1e-8..1e4, (D,); where radii differ, sum R_i^2 <= 1e11.
    :param n_probes: number of draws of t, where t is sampled. :param seed: of these draws.
    :returns: manifolds per feature; value and se have the margin's shape.
    """
    margin, radii = np.asarray(margin, dtype=float), _radii(radii)
    require_finite("margin", margin)
    require((margin >= -5) & (margin <= 1e3), "margin", margin, "within -5..1e3 for ellipsoids")
    distinct, counts = np.unique(radii[radii > 0], return_counts=True)
    if len(distinct) == 0:
        return _exact(1 / mean_displacement(margin))
    if len(distinct) == 1:
        return _exact(ball_capacity(margin, distinct[0], counts[0]))
    require(radii @ radii <= 1e11, "radii", radii, "of sum R_i^2 <= 1e11 where radii differ")
    if len(distinct) == 2:
        return _exact(1 / _two_radii(margin, distinct, counts))
    squares = squared_lengths(counts, n_probes, seed)
    rules = (margins_of(distinct, lengths, counts.sum() ** 0.5) for lengths in squares)
    return inverse_of_mean([averaged(margin, [_in_mean(rule)]) for rule in rules], n_probes)


def _exact(capacity):
    return Estimate(capacity[()], (0.0 * capacity)[()], 0)


def margins_of(radii: np.ndarray, squares: np.ndarray, length: Any) -> tuple[np.ndarray, np.ndarray]:
    """Weights w and offsets for which the mean of F over t0 is the sum of w A(kappa + offset).

    kappa + offset are the margins at which the ellipsoid touches.

    :param radii: distinct, positive, (G,). :param squares: squared length of t in each part, (n, G).
    :param length: approximate length of t, a number; a larger length needs more nodes.
    :returns: weights that sum to 1, and offsets; both (n, K).
    """
    squared = radii**2
    rho, step = _stiffness(radii, length)
    shrink = 1 / (1 + rho[:, None] * squared)
    first, cubed = squares @ (squared * shrink**2).T, squared * shrink**3
    mass, mean, eased, joint = (squares @ (cubed * f).T for f in (1.0, squared, squared * shrink, squared**2 * shrink))
    spread = joint / mass - mean * eased / mass**2
    density = step * 3 * np.maximum(spread, 0.0) / (1 + mean / mass) ** 2
    start = squares @ squared**2 / (squares @ squared)
    end = squares @ (1 / squared) / (squares @ (1 / squared**2))
    weights = np.column_stack([1 / (1 + start), density, end / (1 + end)])
    ends = np.sqrt(squares @ squared), -np.sqrt(squares @ (1 / squared))
    return weights, np.column_stack([ends[0], (1 - rho) * np.sqrt(first), ends[1]])


def _stiffness(radii, length):
    """Nodes and weights for rho within 0..inf, even in log rho from 1 / R_max^2 to 1 / R_min^2 and ever wider outside.

    Where A(kappa - c) bends, c changes by at most |kappa| + ||t|| / 2 while rho grows by a factor e, for any radii.
    """
    ratio = radii.max() / radii.min()
    reach = np.log(ratio) + END
    s = np.linspace(-reach, reach, 2 * int(np.ceil(reach / RHO_STEP * max(1.0, length / 20))) + 1)
    rho = np.exp(s + 2 * np.sinh(s) / ratio) / (radii.max() * radii.min())
    return rho, (s[1] - s[0]) * (1 + 2 * np.cosh(s) / ratio) * rho


def _two_radii(margin, radii, counts):
    """1/alpha, of the margin's shape, by trapezoids in log ||t|| and in log tan of the angle between the parts."""
    one, two, dim = *counts / 2, counts.sum()
    ends = special.betaincinv(two, one, NEGLIGIBLE), special.betaincinv(one, two, NEGLIGIBLE)
    lowest, highest = (sign * special.logit(end) / 2 for sign, end in zip((1, -1), ends, strict=True))
    tangent = np.linspace(lowest, highest, max(AXIS_NODES, int((highest - lowest) * (1 + dim**0.5 / 8) / AXIS_STEP)))
    sine2 = special.expit(2 * tangent)
    share = _normalized(two * np.log(sine2) + one * special.log_expit(-2 * tangent))
    weights, offsets = margins_of(radii, np.column_stack([special.expit(-2 * tangent), sine2]), dim**0.5)
    longest = np.sqrt(2 * special.gammainccinv(dim / 2, 1e-30))
    length = np.exp(np.linspace(np.log(2 * special.gammaincinv(dim / 2, NEGLIGIBLE)) / 2, np.log(longest), LENGTH_NODES))
    chance = _normalized(dim * np.log(length) - length**2 / 2)
    flat = (weights * share[:, None]).ravel()
    return averaged(margin, ((p * flat, r * offsets.ravel()) for r, p in zip(length, chance, strict=True)))


def _normalized(logarithms):
    weights = np.exp(logarithms - logarithms.max())
    return weights / weights.sum()


def _in_mean(rule):
    weights, offsets = rule
    return weights.ravel() / len(weights), offsets.ravel()


def _radii(radii):
    radii = np.asarray(radii, dtype=float)
    require_finite("radii", radii)
    require(radii.ndim == 1 and len(radii) > 0, "radii", radii, "one per axis, of shape (D,)")
    inside = (radii == 0) | ((radii >= THINNEST) & (radii <= WIDEST))
    require(inside, "radii", radii, f"0, or within {THINNEST:g}..{WIDEST:g}")
    return radii


def _support(radii, v):
    return np.sqrt(v**2 @ radii**2)


def _moved_to(radii, t, c):
    """v, (n, D), and the worst relative residual of (rho - 1) h(v) = c over the probes that touch."""
    axes = radii > 0
    if not axes.any():
        return t, 0.0
    highest = np.sqrt(t[:, axes] ** 2 @ (1 / radii[axes] ** 2))
    touching = np.flatnonzero((c + _support(radii, t) > 0) & (c < highest))
    moved = np.where((c >= highest)[:, None] & axes, 0.0, t)
    if not len(touching):
        return moved, 0.0
    t, c = t[touching], c[touching]
    rho = _touching_stiffness(radii[axes], t[:, axes], c)
    moved[touching] = t / (1 + rho[:, None] * radii**2)
    lack = np.abs((rho - 1) * _support(radii, moved[touching]) - c)
    return moved, float(np.max(lack / (1 + np.abs(c) + _support(radii, t))))


def _touching_stiffness(radii, t, c):
    """rho, (n,), for probes that the ellipsoid touches at one point; all radii are positive."""
    squared, squares = radii**2, t**2
    # rho = x / (1 - x) in units of its scale on the narrowest axis, so that no digits are lost near x = 1.
    scale = 1 / squared.min()

    def excess(x, probe):
        shrunk = squares[probe] * squared / ((1 - x)[:, None] + scale * x[:, None] * squared) ** 2
        return ((scale + 1) * x - 1) * np.sqrt(shrunk.sum(1)) - c[probe]

    found = elementwise.find_root(
        excess,
        (np.zeros(len(c)), np.ones(len(c))),
        args=(np.arange(len(c)),),
        tolerances={"xatol": 0, "xrtol": 1e-15, "fatol": 0, "frtol": 0},
    )
    return scale * found.x / (1 - found.x)
