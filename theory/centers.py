"""What the centres of several manifolds have in common: the few directions whose removal leaves them least correlated."""

import warnings
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from array_api_compat import array_namespace

from theory.grassmann import Minimum, minimise, orthonormal
from theory.remaining_cosines import remaining_cosines

Array = Any
FEW_CENTERS = 5
# The published rule: K up to the spectrum's 95 % and ten more; stop after three rises in a row, not before K = 5.
SPECTRUM, EXTRA, RISES, FIRST_STOP = 0.95, 10, 3, 5
# (Relative gradient, iterations): rough for every K, closer for fresh starts at the two best K, exact for the two best there.
ROUGH, CLOSER, EXACT = (1e-2, 48), (1e-3, 96), (1e-8, 240)


@dataclass(frozen=True)
class CenterStructure:
    """The low-rank structure of P centres.

    correlation: mean absolute cosine over pairs of centres, before anything is removed.
    rank: K, how many directions are removed.
    directions: (P, K), coefficients a: direction k is sum_mu a[mu, k] centre_mu; a.T @ gram @ a is the identity.
    residual: mean absolute cosine over pairs after removal; equal to ``correlation`` at K = 0.
    """

    correlation: float
    rank: int
    directions: Array
    residual: float


def center_structure(gram: Array, rank: int | str = "auto", seed: int = 0) -> CenterStructure:
    """Find K directions whose removal minimizes half the sum of squared cosines of the centres' remainders.

    Source: Cohen, Chung, Lee & Sompolinsky 2020, Methods. "auto" follows the authors' Python code: K = 1, 2, ... up to ten more
    than the components below 95 % of the variance; it stops at K >= 5 after three rises in a row of the mean absolute residual
    cosine, and takes the K where that is least. So it gives at least K = 1, and leaves unstructured centres slightly *more*
    correlated than they came. Minima are local and many: kept is that with the least mean absolute cosine, of those that leave
    every centre 5 % of the root mean squared remaining norm (the authors keep the most stable of ten). Of near-equal ones the
    seed decides: residuals differ by up to about 1 %. A rough sweep chooses K; its two best are refined.

    Known bias: where the manifolds' axes are correlated too, removal under-estimates capacity, by 15 % at the strongest
    correlations of Wakhloo, Sussman & Chung 2023 (simulation 0.863, removal 0.734). Memory: about 20 P K + 12 P^2 numbers
    for each of nine (P >= 100) to 25 (P <= 20) starts at a time. A float32 gram resolves remainders above 3 % of a centre.

    :param gram: (P, P), inner products of the centres relative to the chosen origin; any array-API library, real floating. It
        may be singular. Units cancel from all but ``directions``, in units of 1 / centre norm.
    :param rank: "auto", or K >= 0, at most P - 3 and the gram's numerical rank - 2. :param seed: of the random starts.
    :raises ValueError: a gram not square, not finite, or no Gram matrix; a centre at the origin; an impossible rank.
    Warns where "auto" gives K = 0: fewer than five centres, in two dimensions or fewer, or nothing left of some centre.
    """
    xp = array_namespace(gram)
    gram, norms = _checked(xp, gram)
    objective, coefficients = remaining_cosines(gram / (norms[:, None] * norms[None, :]))
    last = _last_rank(xp, gram, rank, max(0, min(norms.shape[0] - 3, objective.x.shape[1] - 2)))
    empty = objective.x[:0, :].mT
    correlation = objective.residuals(empty[None, ...])[0]
    best = _search(objective, last, rank, np.random.default_rng(seed)) or Minimum(empty, 0.0, correlation, True)
    directions = coefficients @ best.basis / norms[:, None]
    return CenterStructure(correlation, best.basis.shape[1], orthonormal(xp, directions, gram), best.residual)


def _checked(xp, gram):
    """The gram, symmetric to the last digit, and the centres' norms, (P,)."""
    if gram.ndim != 2 or gram.shape[0] != gram.shape[1] or gram.shape[0] < 2:
        raise ValueError(f"gram must be (P, P), of two or more centres; received shape {tuple(gram.shape)}")
    if not xp.isdtype(gram.dtype, "real floating"):
        raise ValueError(f"gram must be of a real floating dtype; received {gram.dtype}")
    if not bool(xp.all(xp.isfinite(gram))):
        raise ValueError("gram must be finite; it has NaN or infinite entries, most likely from NaN or overflow in the centres")
    largest = float(xp.max(xp.abs(gram)))
    if float(xp.max(xp.abs(gram - gram.mT))) > 1e-4 * largest:
        raise ValueError("gram must be symmetric; was it computed from two different sets of centres?")
    squared = xp.linalg.diagonal(gram)
    if float(xp.min(squared)) <= (4 * xp.finfo(gram.dtype).eps) ** 2 * largest:
        raise ValueError(f"centre {int(xp.argmin(squared))} lies at the origin: it has no direction; choose another origin")
    return (gram + gram.mT) / 2, xp.sqrt(squared)


def _last_rank(xp, gram, rank, limit) -> int:
    """The last K to look at."""
    if isinstance(rank, str) and rank == "auto":
        if gram.shape[0] < FEW_CENTERS or limit == 0:
            cause = f"{gram.shape[0]} centres spanning {limit + 2} dimensions or fewer"
            warnings.warn(f"{cause}: too few to tell structure from chance, so none is removed (rank 0)", stacklevel=3)
            return 0
        shares = xp.cumulative_sum(xp.flip(xp.linalg.eigvalsh(gram))) / xp.linalg.trace(gram)
        return min(limit, max(1, int(xp.count_nonzero(shares < SPECTRUM))) + EXTRA)
    if isinstance(rank, bool) or not isinstance(rank, int | np.integer) or rank < 0:
        raise ValueError(f'rank must be "auto" or a whole number >= 0; received {rank!r}')
    if rank > limit:
        raise ValueError(f"rank must be at most {limit} for these {gram.shape[0]} centres; received {rank}")
    return int(rank)


def _search(objective, last, rank, rng) -> Minimum | None:
    """Every K roughly, warm from the one before; then the two best K, or the one asked for, exactly."""
    trail: list[list[Minimum]] = []
    while len(trail) < last and not (rank == "auto" and _keeps_rising([found[0].residual for found in trail])):
        found = minimise(objective, objective.starts(trail[-1] if trail else [], len(trail) + 1, 1, rng), *ROUGH)
        if not found:
            break
        trail.append(found)
    if rank != "auto" and len(trail) < last:
        raise ValueError(f"rank must be at most {len(trail)} for these centres; {last} leave some centre next to nothing")
    wanted = sorted(range(len(trail)), key=lambda k: trail[k][0].residual)[:2] if rank == "auto" else range(len(trail))[-1:]
    if last and not trail:
        warnings.warn("without one direction some centre would be next to nothing, so none is removed (rank 0)", stacklevel=3)
    close = [_closer(objective, trail[k], trail[k - 1] if k else [], rng) for k in wanted]
    if not close:
        return None
    best = min(close, key=lambda found: found[0].residual)
    return minimise(objective, objective.xp.stack([one.basis for one in best[:2]]), *EXACT)[0]


def _keeps_rising(residuals) -> bool:
    recent = residuals[-RISES - 1 :]
    return len(residuals) >= FIRST_STOP and all(one < after for one, after in pairwise(recent))


def _closer(objective, found, before, rng) -> list[Minimum]:
    fresh = objective.starts(before, found[0].basis.shape[1], max(2, min(10, 200 // objective.unit.shape[0])), rng)
    starts = [objective.xp.stack([one.basis for one in found[:3]]), fresh]
    return minimise(objective, objective.xp.concat(starts), *CLOSER)
