"""Non-negative least squares for many vectors on shared Gram matrices, every solution with its certificate.

    mu = argmin_{mu >= 0} mu . A mu / 2 + b . mu

for every b of every A: a few matrix products find nearly the right active sets for all of them at once, and
:mod:`theory.numerics.active_sets` solves on these exactly.
"""

import array_api_compat as api

from theory.numerics.active_sets import Problems, finish

# Splitting: steps, penalty in units of the diagonal, over-relaxation. On Gaussian clouds they leave hardly an active
# set wrong, on layers of trained networks one in a hundred to one in three, on their logits four in ten.
STEPS = 20
PENALTY = 0.3
RELAXATION = 1.7
# The ridge, and what it may do to a certificate before it is taken back, as powers of eps. Float64: 8e-15 and 4e-10.
RIDGE, SHOWS = 0.9, 0.6


def nonnegative_least_squares(gram, products):
    """Multipliers and certificates.

    The Gram matrices may be singular: duplicate points, dead directions. Points are measured in units of their own length,
    and a ridge of eps^0.9 of these makes the multipliers unique. It costs the certificate eps^0.9 (mu / c)^2, far below what
    that allows but where points are nearly collinear and multipliers hundreds of c: there a proximal step takes it back.

    :param gram: A = S^T S, (P, M, M). :param products: b = S^T t, (P, n, M); in the range of A.
    :returns: mu, (P, n, M), and for every Gram matrix the worst violation of the optimality conditions, (P,), see
        :func:`kkt_residual`. Larger problems are best given in parts, see :mod:`theory.numerics.batches`.
    """
    xp = api.array_namespace(gram, products)
    length = xp.sqrt(xp.linalg.diagonal(gram))[:, None, :]
    unit, along = gram / (length * xp.matrix_transpose(length)), products / length
    eps = float(xp.finfo(gram.dtype).eps)
    identity = xp.eye(gram.shape[1], dtype=gram.dtype, device=api.device(gram))
    ridged, tolerance = unit + eps**RIDGE * identity, eps**0.75 * _scale(xp, along)
    multipliers = _solved(xp, ridged, along, tolerance, _guess(xp, unit + PENALTY * identity, along) > 0)
    residual = kkt_residual(unit, along, multipliers)
    if bool(xp.any(residual > eps**SHOWS)):
        nearer = _solved(xp, ridged, along - eps**RIDGE * multipliers, tolerance, multipliers > 0)
        again = kkt_residual(unit, along, nearer)
        better = (residual > eps**SHOWS) & (again < residual)
        multipliers = xp.where(better[:, None, None], nearer, multipliers)
        residual = xp.where(better, again, residual)
    return multipliers / length, residual


def _solved(xp, gram, products, tolerance, support):
    """The multipliers, (P, n, M), from guessed supports."""
    flat = (-1, gram.shape[1])
    problems = Problems(gram, None, xp.reshape(products, flat), xp.reshape(tolerance, (-1, 1)))
    found, _ = finish(problems, xp.reshape(support, flat))
    return xp.clip(xp.reshape(found, products.shape), 0.0)


def kkt_residual(gram, products, multipliers):
    """The worst of -slack / c and |mu slack| / c^2 over points and probes, slack = b + A mu, c = max |b|, (P,).

    c is at most the probe's length where points have length 1, so that this is no milder than relative to that.
    """
    xp = api.array_namespace(gram)
    slack, scale = products + multipliers @ gram, _scale(xp, products)
    worst = xp.maximum(-slack / scale, xp.abs(multipliers * slack) / scale**2)
    return xp.clip(xp.max(worst, axis=(1, 2)), 0.0)


def _scale(xp, products):
    largest = xp.max(xp.abs(products), axis=2, keepdims=True)
    return xp.where(largest > 0, largest, 1.0)


def _guess(xp, shifted, products):
    """Douglas-Rachford splitting (ADMM, over-relaxed): positive where a point is active, once converged, (P, n, M)."""
    inverse = xp.linalg.inv(shifted)
    offset, inverse = products @ inverse, PENALTY * inverse
    w = -products
    for _ in range(STEPS):
        w = w + RELAXATION * (xp.abs(w) @ inverse - offset - xp.clip(w, 0.0))
    return w
