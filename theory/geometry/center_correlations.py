"""The low-rank structure of centres: the few directions whose removal leaves the centres least correlated."""

import warnings
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from array_api_compat import array_namespace, device

from theory.geometry.remaining_cosines import RemainingCosines, remaining_cosines
from theory.numerics.grassmann import Minimum, minimise, orthonormal

Array = Any
Gram = Array  # (P, P), inner products of the centres
FEW_CENTERS = 5
# The published rule: K up to the 95 % point of the spectrum plus ten; stop after three rises in a row, not before K = 5.
SPECTRUM, EXTRA, RISES, FIRST_STOP = 0.95, 10, 3, 5
# Later decimals of a cosine depend on the order in which a library adds.
DECIMALS = 9
# (Relative gradient, iterations): rough for every K, closer for new starts at the two best K, exact for the two best minima.
ROUGH, CLOSER, EXACT = (1e-2, 48), (1e-3, 96), (1e-8, 240)


class _Request(NamedTuple):
    """A minimization that a search asks for: starts, (b, r, K), and relative gradient and iterations."""

    objective: RemainingCosines
    starts: np.ndarray
    closeness: tuple[float, int]


Search = Generator[_Request, Any, Any]


@dataclass(frozen=True)
class CenterStructure:
    """The low-rank structure of P centres.

    correlation: mean absolute cosine over pairs of centres, before any direction is removed.
    rank: K, the number of directions to remove.
    directions: (P, K), coefficients a: direction k is sum_mu a[mu, k] centre_mu; a.T @ gram @ a is the identity.
    residual: mean absolute cosine over pairs after removal; equal to ``correlation`` at K = 0.
    """

    correlation: float
    rank: int
    directions: Array
    residual: float


def center_structure(gram: Gram, rank: int | str = "auto", seed: int = 0) -> CenterStructure:
    """The K directions whose removal leaves the centres least correlated, and the correlations before and after.

    Removal minimizes half the sum of squared cosines between the centres' remainders.

    Source: Cohen, Chung, Lee & Sompolinsky 2020, Methods. "auto" follows the authors' Python code: it tries K = 1, 2, ... up to
    ten more than the number of components below 95 % of the variance. It stops at K >= 5 after three rises in a row of the mean
    absolute residual cosine, and takes the K with the least mean absolute residual cosine. Therefore "auto" gives at least
    K = 1, and leaves unstructured centres slightly *more* correlated than before. A rough sweep chooses the two best K, which
    are then refined. Cosines are rounded to nine decimals.

    Local minima: there are many. The authors keep the most stable of ten; this function keeps the minimum with the least mean
    absolute cosine, among those that leave every centre 5 % of the root mean squared remaining norm. The seed decides between
    minima that are nearly equal: their residuals differ by up to about 1 %, and the capacity of the manifolds after removal by
    up to a third.

    Known bias: where the manifolds' axes are correlated too, removal under-estimates capacity. At the strongest correlations
    of Wakhloo, Sussman & Chung 2023 it does so by 15 % (simulation 0.863, removal 0.734). Memory: about 20 P K + 12 P^2
    numbers for each of nine (P >= 100) to 25 (P <= 20) starts at a time.

    :param gram: (P, P), inner products of the centres relative to the chosen origin; any array-API library, real floating. It
        may be singular. The units of the centres affect ``directions`` only, which has the unit 1 / centre norm.
    :param rank: "auto", or K >= 0, at most P - 3 and at most the numerical rank of the gram - 2.
    :param seed: of the random starts.
    :raises ValueError: a gram that is not square, not finite or not a Gram matrix; a centre at the origin; an impossible rank.
    Warns where "auto" gives K = 0: for fewer than five centres, for centres that span two dimensions or fewer, and where
    removal would leave nearly nothing of some centre.
    """
    return _side_by_side([_structure(gram, rank, seed)])[0]


def center_structures(grams: Sequence[Gram], rank: int | str = "auto", seed: int = 0) -> list[CenterStructure]:
    """The directions of several sets of centres, each as :func:`center_structure` finds them.

    For a few dozen centres this is several times faster than one set after the other: minima are searched side by side.
    Parameters, errors and warnings are those of :func:`center_structure`.
    """
    return _side_by_side([_structure(gram, rank, seed) for gram in grams])


def _structure(given: Gram, rank: int | str, seed: int) -> Search:
    """The search for the directions of one set of centres, which returns its :class:`CenterStructure`."""
    # Computed on the host and in one precision, so that every library and device finds equal directions.
    gram, norms = _checked(np.from_dlpack(given, device="cpu", copy=True))
    if len(gram) == 1 and rank in (0, "auto"):
        return CenterStructure(0.0, 0, given[:, :0], 0.0)
    unit = np.round(gram / (norms[:, None] * norms[None, :]), DECIMALS)
    objective, coefficients = remaining_cosines(unit, 10.0**-DECIMALS)
    last = _last_rank(gram, rank, max(0, min(len(norms) - 3, objective.x.shape[1] - 2)))
    empty = objective.x[:0, :].T
    best = (yield from _search(objective, last, rank, np.random.default_rng(seed))) or Minimum(empty, 0.0, 0.0, True)
    directions = orthonormal(coefficients @ best.basis / norms[:, None], gram)
    correlation, removed = _mean_cosine(gram), gram @ directions
    residual = _mean_cosine(gram - removed @ removed.T) if directions.shape[1] else correlation
    xp = array_namespace(given)
    directions = xp.asarray(directions, dtype=given.dtype, device=device(given))
    return CenterStructure(correlation, best.basis.shape[1], directions, residual)


def _side_by_side(searches: Sequence[Search]) -> list[CenterStructure]:
    """What the searches return; minimizations of equal size that they ask for are done together."""
    found: dict[int, CenterStructure] = {}
    answers: dict[int, list[Minimum] | None] = dict.fromkeys(range(len(searches)))
    while answers:
        asked = {}
        for index, answer in answers.items():
            try:
                asked[index] = searches[index].send(answer)
            except StopIteration as ended:
                found[index] = ended.value
        answers = {}
        for alike in _alike(asked):
            objectives = RemainingCosines.stacked([asked[index].objective for index in alike])
            minima = minimise(objectives, [asked[index].starts for index in alike], *asked[alike[0]].closeness)
            answers |= dict(zip(alike, minima, strict=True))
    return [found[index] for index in range(len(searches))]


def _alike(asked: dict[int, _Request]) -> list[list[int]]:
    """The numbers of the requests, those of equal size together."""
    groups: dict[tuple, list[int]] = {}
    for index, one in asked.items():
        groups.setdefault((one.objective.x.shape, one.starts.shape[1:], one.closeness), []).append(index)
    return list(groups.values())


def _mean_cosine(gram: np.ndarray) -> float:
    """Mean absolute cosine over pairs."""
    norms = np.sqrt(np.diag(gram))
    pairs = np.triu_indices(len(gram), 1)
    return float(np.abs(gram / np.outer(norms, norms))[pairs].mean())


def _checked(gram: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The gram in float64, made exactly symmetric, and the centres' norms, (P,)."""
    if gram.ndim != 2 or gram.shape[0] != gram.shape[1]:
        raise ValueError(f"gram must be (P, P); received shape {gram.shape}: pass centers @ centers.T")
    if gram.dtype.kind != "f":
        raise ValueError(f"gram must be of a real floating dtype; received {gram.dtype}: convert it to float64")
    if not np.all(np.isfinite(gram)):
        raise ValueError("gram must be finite; received NaN or infinite entries: look for NaN or overflow in the centres")
    if np.abs(gram - gram.T).max() > 1e-4 * np.abs(gram).max():
        raise ValueError("gram must be symmetric; received a gram that is not: compute it from a single set of centres")
    squared = np.diag(gram)
    if squared.min() <= (4 * np.finfo(gram.dtype).eps) ** 2 * squared.max():
        raise ValueError(f"centre {int(squared.argmin())} lies at the origin, so it has no direction: choose another origin")
    return (gram + gram.T).astype(float) / 2, np.sqrt(squared.astype(float))


def _last_rank(gram, rank, limit) -> int:
    """The largest K to try."""
    if isinstance(rank, str) and rank == "auto":
        if gram.shape[0] < FEW_CENTERS or limit == 0:
            cause = f"{gram.shape[0]} centres that span {limit + 2} dimensions or fewer are too few"
            warnings.warn(f"{cause} to separate structure from chance: no direction is removed (rank 0)", stacklevel=5)
            return 0
        shares = np.cumsum(np.linalg.eigvalsh(gram)[::-1]) / np.trace(gram)
        return min(limit, max(1, int(np.count_nonzero(shares < SPECTRUM))) + EXTRA)
    if isinstance(rank, bool) or not isinstance(rank, int | np.integer) or rank < 0:
        raise ValueError(f'rank must be "auto" or a whole number >= 0; received {rank!r}')
    if rank > limit:
        raise ValueError(f"rank must be at most {limit} for these {gram.shape[0]} centres; received {rank}: lower it")
    return int(rank)


def _search(objective, last, rank, rng) -> Search:
    """The search for the best minimum, which returns it, or None.

    Every K is tried roughly, from the minima at K - 1; the two best K, or the given K, are refined.
    """
    trail: list[list[Minimum]] = []
    while len(trail) < last and not (rank == "auto" and _keeps_rising([found[0].residual for found in trail])):
        found = yield _Request(objective, objective.starts(trail[-1] if trail else [], len(trail) + 1, 1, rng), ROUGH)
        if not found:
            break
        trail.append(found)
    if rank != "auto" and len(trail) < last:
        raise ValueError(
            f"rank must be at most {len(trail)} for these centres; received {last}, whose removal leaves nearly nothing of "
            "some centre: lower it"
        )
    wanted = range(len(trail))[-1:]
    if rank == "auto":
        wanted = sorted(range(len(trail)), key=lambda k: trail[k][0].residual)[:2]
    if last and not trail:
        warnings.warn("removing one direction leaves nearly nothing of some centre; none is removed (rank 0)", stacklevel=5)
    close = []
    for k in wanted:
        close.append((yield _Request(objective, _more_starts(objective, trail[k], trail[k - 1] if k else [], rng), CLOSER)))
    if not close:
        return None
    best = min(close, key=lambda found: found[0].residual)
    return (yield _Request(objective, np.stack([one.basis for one in best[:2]]), EXACT))[0]


def _keeps_rising(residuals) -> bool:
    recent = residuals[-RISES - 1 :]
    return len(residuals) >= FIRST_STOP and all(one < after for one, after in pairwise(recent))


def _more_starts(objective, found, before, rng) -> np.ndarray:
    """The best minima of one K, and new starts, (b, r, K)."""
    fresh = objective.starts(before, found[0].basis.shape[1], max(4, min(20, 400 // objective.unit.shape[0])), rng)
    return np.concatenate([np.stack([one.basis for one in found[:3]]), fresh])
