"""Capacity, radius and dimension of point clouds, with standard errors: the replica theory of Chung, Lee & Sompolinsky 2018."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import array_api_compat as api
import numpy as np

from theory.geometry.anchor_statistics import AnchorStatistics, measure_anchors
from theory.geometry.cavity import cavity_draws, estimates
from theory.geometry.center_correlations import CenterStructure, center_structure
from theory.geometry.clouds.blocks import listed
from theory.geometry.clouds.host import given_back, grams_on_host
from theory.geometry.errors_over_points import (
    FEWEST_RESAMPLES,
    Measured,
    errors_of_each,
    errors_over_points,
    halved,
    in_halves,
)
from theory.geometry.frames import KINDS, Frames, frames_of, require_centers
from theory.geometry.gram_accumulation import grams_of, precision_of
from theory.geometry.grams import Grams
from theory.geometry.joint_products import JointProducts
from theory.numerics.estimate import Estimate
from theory.numerics.validation import require, require_count

Array = Any
# With fewer manifolds the authors do not trust their theory, which is a large-P limit.
FEW_MANIFOLDS = 30
# At larger margins rounding hides the offsets.
MOST_MARGIN = 1e3
# At smaller squared radii float32 cannot separate the points from their centre.
SINGLE = 1e-4
CAVITY, PUBLISHED, AUTO = "cavity", "published", "auto"


@dataclass(frozen=True)
class ManifoldGeometry:
    """Capacity, radius and dimension of P manifolds, with standard errors over probes or, from the cavity method, over draws.

    capacity: manifolds per feature, 1 / mean displacement (harmonic mean over manifolds).
    radius: R_M, RMS distance of the anchors from their mean, in units of the centre norm (mean over manifolds).
    dimension: D_M, E[(t . s^)^2] (PRX), or D (E cos)^2 with "published" frames (mean over manifolds).
    center_correlation: mean absolute cosine between centres, before anything is removed.
    center_rank: K, the number of directions shared by the centres that were removed; None with the cavity method.
    held: mean share of the manifolds whose active points the cavity method projected out, 0..1. Below 1, random dichotomies of
        all P manifolds are hardly separable in these features, and the capacity is that of a random part of the manifolds.
    per_manifold: arrays (P,) of the clouds' library, by name: "capacity", "radius" and "dimension" of each manifold, and
        their standard errors ("capacity_se", ...), which cover points too where there are resamples. A manifold's capacity is
        inf where no probe moved.
    kkt_residual: the worst relative violation of the optimality conditions over all solves.
    halves: with resamples, the values of each manifold in each half of the points, numpy arrays (resamples, P), by name; in
        place of the capacity its inverse; from the cavity method also what each draw contributes, (B,), as "capacity_draws" and
        so on. :func:`theory.geometry.errors_over_points.paired_differences` compares two measurements.
    """

    capacity: Estimate
    radius: Estimate
    dimension: Estimate
    center_correlation: float
    center_rank: int | None
    held: float
    per_manifold: dict[str, Array]
    kkt_residual: float
    halves: dict[str, np.ndarray] = field(default_factory=dict)


def manifold_geometry(
    clouds: Array | Sequence[Array] | Grams,
    margin: float = 0.0,
    n_probes: int = 300,
    seed: int = 0,
    *,
    center_mean: bool = True,
    centers: Array | None = None,
    correlations: str | int | CenterStructure | None = None,
    frames: str = "reduced",
    resamples: int = 0,
    center_seed: int = 0,
) -> ManifoldGeometry:
    """Capacity, radius and dimension of point clouds, with standard errors.

    Source: Chung et al. 2018, eqs. 16 and 17 (capacity), 28 (radius), 29 (dimension). These formulas are for manifolds that are
    independent of each other. ``correlations`` says what is done where they are not:

    * "cavity": each manifold is measured in what the active points of the others leave of it
      (:mod:`theory.geometry.cavity`). From P = 10 on it agreed to within 3 % with the capacity at which random dichotomies
      separate, in every population and layer tried in which all of them do. In narrow layers, where they do not, it was up to
      18 % too low or 8 % too high. It is a continuous function of the clouds. ``python -m benchmarks.capacity`` prints the
      comparison, with errors.
    * "published": directions that the centres share are removed first, as in Cohen et al. 2020; their number K is the published
      rule's (:func:`theory.geometry.center_correlations.center_structure`). It was up to 25 % too high or 22 % too low, and
      where several choices of directions are nearly as good, the smallest change of the clouds changed the choice, and the
      capacity by up to 38 %.
    * a number K: so many directions; 0 treats the manifolds as independent, which was up to 2.2 times too high.
    * a :class:`~theory.geometry.center_correlations.CenterStructure`: its directions, for whoever searches those of many
      populations together, with :func:`theory.geometry.center_correlations.center_structures`.

    Errors: over draws (cavity) or over probes, for the given points and the removed directions. Draws of sixty manifolds or
    more are steps of one run; successive ones had correlations within 0.08 of 0, and errors were at most 6 % too small. With
    ``resamples`` they cover the choice of points from the class and, with "published" correlations, the choice of directions
    too: everything is measured again on so many random halves of each manifold's points
    (:mod:`theory.geometry.errors_over_points`). With "published" frames the radius keeps the bias of the published radius,
    -1/(2 n_probes), and the standard error does not include this bias. Equal seeds give equal numbers in every array library,
    to the accuracy of the solves.

    Precision: the cavity method solves in float64, on the processor. Otherwise clouds in float32 are solved in float32, unless
    some manifold's extent is a hundredth of its centre's norm or less. Clouds of jax, which compiles every operation for every
    shape, are measured by numpy, in float64 also where jax has none; the columns per manifold are jax arrays again, in float32
    unless ``jax_enable_x64`` is set. Memory: that of
    :func:`theory.geometry.gram_accumulation.grams_of`, and about sixty bytes for every product of a probe with a point, over
    the manifolds that are measured together (one or more); for the cavity also three times the inner products of all points.

    :param clouds: (P, M, N), or a list of (M_i, N) arrays, of any array-API library, on any device; or their inner products,
        with ``points`` for the cavity method. Points stand in rows; the published package has them in columns.
    :param margin: kappa, in units of the centre norm that is left. :param n_probes: Gaussian probes per manifold, at least 2.
    :param seed: of the probes. Every manifold has probes of its own.
    :param center_mean, centers: see :func:`theory.geometry.gram_accumulation.grams_of`. The cavity method takes the mean of a
        manifold's points for its centre.
    :param correlations: "cavity", "published", K, or directions. By default "cavity", and "published" with published frames.
    :param frames: see :func:`theory.geometry.frames.frames_of`.
    :param resamples: random halves of the points, 0 or 2 and more; 0 gives errors for the given points.
    :param center_seed: of the starts from which directions shared by the centres are searched, as in
        :func:`theory.geometry.center_correlations.center_structure`.
    :raises ValueError: an argument that the functions named above refuse, complex clouds among them; or no probe was moved.
    :raises theory.numerics.certificate.Uncertified: a residual above 1e-9 (1e-4 for float32); the error names the manifold.
    """
    require_count("n_probes", n_probes, 2)
    n_probes = int(n_probes)
    clouds = clouds if isinstance(clouds, Grams) else listed(clouds)
    require(abs(margin) <= MOST_MARGIN, "margin", margin, f"within +-{MOST_MARGIN:g}")
    require(frames in KINDS, "frames", frames, f"one of {', '.join(KINDS)}")
    whole = isinstance(resamples, int | np.integer)
    require(whole and (resamples == 0 or resamples >= FEWEST_RESAMPLES), "resamples", resamples, "0, or 2 or more")
    method = _method(correlations, frames, resamples)
    parts = {"points": method == CAVITY or resamples > 0, "along": _removes_directions(method)}
    grams, dtype = _inner_products(clouds, center_mean, centers, parts)
    _require_parts(grams, parts)
    _warn_of_few(len(grams.sizes))

    def measured(part: Grams, seed: int | list[int]) -> ManifoldGeometry:
        require_centers(part)
        if method == CAVITY:
            return _cavity_geometry(part, margin, n_probes, seed)
        common = method
        if not isinstance(common, CenterStructure):
            common = center_structure(part.centers, AUTO if common == PUBLISHED else common, center_seed)
        return _mean_field_geometry(part, dtype, common, frames, margin, n_probes, seed)

    found = measured(grams, seed)
    if resamples:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = _over_points(found, list(halved(grams, measured, resamples, seed, center_mean)))
    like = clouds.centers if isinstance(clouds, Grams) else clouds
    return replace(found, per_manifold=given_back(found.per_manifold, like))


def _over_points(found: ManifoldGeometry, again: Sequence[Measured]) -> ManifoldGeometry:
    """The geometry with errors that the halves show, for the averages and for each manifold."""
    halves, columns = in_halves(again), dict(found.per_manifold)
    for name, values in halves.items():
        own = columns[name]
        relative = api.array_namespace(own).asarray(errors_of_each(values), dtype=own.dtype, device=api.device(own))
        columns[f"{name}_se"] = own * relative
    return replace(found, **errors_over_points(found, again), per_manifold=columns, halves=halves | found.halves)


def _mean_field_geometry(
    grams: Grams, dtype, common: CenterStructure, frames: str, margin: float, n_probes: int, seed
) -> ManifoldGeometry:
    groups = list(frames_of(grams, common.directions if common.rank else None, frames, dtype))
    _warn_of_points([i for group in groups for i, rank in zip(group.index, group.rank, strict=True) if int(rank) == 0])
    streams = np.random.SeedSequence(seed).spawn(grams.centers.shape[0])
    measured = [
        measure_anchors(part, [streams[i] for i in part.index], margin, n_probes, frames)
        for group in groups
        for part in group.in_parts(n_probes)
    ]
    return _combine(measured, groups, n_probes, common)


def _method(correlations: str | int | CenterStructure | None, frames: str, resamples: int) -> str | int | CenterStructure:
    """The method by which correlations are treated; the default depends on the frames.

    :raises ValueError: there is no such method, or it has no published frames, or no resamples.
    """
    if isinstance(correlations, CenterStructure) and resamples:
        raise ValueError("the directions of all points are not those of their halves: pass their number K, or no resamples")
    if correlations is None:
        return PUBLISHED if frames == "published" else CAVITY
    if isinstance(correlations, str) and correlations not in (CAVITY, PUBLISHED):
        raise ValueError(f'correlations must be "{CAVITY}", "{PUBLISHED}", or a whole number >= 0; received {correlations!r}')
    if correlations == CAVITY and frames == "published":
        raise ValueError('the cavity method has no published frames: pass frames="reduced", or correlations="published"')
    return correlations


def _removes_directions(method: str | int | CenterStructure) -> bool:
    return (method.rank if isinstance(method, CenterStructure) else method) not in (CAVITY, 0)


def _require_parts(grams: Grams, parts: dict[str, bool]) -> None:
    if parts["along"] and grams.along is None:
        raise ValueError(
            "the removal of directions needs the inner products of offsets with centres: compute them with grams_of(clouds), "
            "or pass correlations=0"
        )
    if parts["points"] and grams.points is None:
        raise ValueError(
            "the cavity method and resamples need the inner products of all points: pass the clouds, or compute them with "
            "grams_of(clouds, points=True), or pass correlations=0 and no resamples"
        )


def _cavity_geometry(grams: Grams, margin: float, n_probes: int, seed) -> ManifoldGeometry:
    draws = cavity_draws(JointProducts(_on_host(grams.points), grams.sizes), margin, n_probes, seed)
    _warn_of_points(np.flatnonzero(draws.dimension.max(axis=0) == 0).tolist())
    found, xp = estimates(draws), api.array_namespace(grams.centers)
    columns = {name: xp.asarray(values, device=api.device(grams.centers)) for name, values in found.per_manifold.items()}
    return ManifoldGeometry(
        capacity=found.capacity,
        radius=found.radius,
        dimension=found.dimension,
        center_correlation=center_structure(_on_host(grams.centers), 0).correlation,
        center_rank=None,
        held=float(draws.held.mean()),
        per_manifold=columns,
        kkt_residual=float(draws.kkt_residual.max()),
        halves={f"{name}_draws": values for name, values in found.of_draws.items()},
    )


def _on_host(values: Array) -> np.ndarray:
    """The values as a numpy array in float64."""
    return np.asarray(np.from_dlpack(values, device="cpu"), dtype=float)


def _inner_products(clouds, center_mean, centers, parts: dict[str, bool]) -> tuple[Grams, Any]:
    """Inner products of the clouds, those of ``parts`` too, and the dtype to solve in: float32 or float64."""
    if isinstance(clouds, Grams):
        if centers is not None:
            raise ValueError(
                f"centers must be None where clouds are inner products, which hold centres already; received "
                f"{type(centers).__name__}. Pass the clouds themselves to choose their centres"
            )
        grams = grams_on_host(clouds.checked())
        return (grams.about_mean() if center_mean else grams), grams.centers.dtype
    grams = grams_of(clouds, center_mean=center_mean, centers=centers, **parts)
    single = precision_of(clouds) == "float32" and not _finer_than_single(grams)
    return grams, getattr(api.array_namespace(grams.centers), "float32" if single else "float64")


def _finer_than_single(grams: Grams) -> bool:
    """Whether float32 loses the extent of some manifold relative to its centre's norm."""
    xp = api.array_namespace(grams.centers)
    centers = SINGLE * xp.linalg.diagonal(grams.centers)
    for index, offsets, _ in grams.groups():
        extent = xp.max(xp.linalg.diagonal(offsets), axis=1)
        own = xp.take(centers, xp.asarray(index, device=api.device(offsets)))
        if bool(xp.any((extent > 0) & (extent < own))):
            return True
    return False


def _warn_of_few(n_manifolds: int) -> None:
    if n_manifolds < FEW_MANIFOLDS:
        warnings.warn(f"{n_manifolds} manifolds; the theory is a limit of many: use {FEW_MANIFOLDS} or more", stacklevel=3)


def _warn_of_points(single: list[int]) -> None:
    if single:
        warnings.warn(
            f"{len(single)} manifolds are single points (the first is manifold {min(single)}): each has one point, or all its "
            "points are equal. Their radius and dimension are 0",
            stacklevel=3,
        )


def _combine(
    measured: list[AnchorStatistics], groups: list[Frames], n_probes: int, common: CenterStructure
) -> ManifoldGeometry:
    """The averages over manifolds of each quantity, and the values of each manifold."""
    each = _in_clouds_order(measured, [i for group in groups for i in group.index])
    n = n_probes * each.radius.shape[0]
    displacement, se = _average(each.displacement, each.displacement_se)
    if displacement == 0:
        raise ValueError(f"none of {n} probes was moved, so the capacity cannot be estimated: raise n_probes or the margin")
    return ManifoldGeometry(
        capacity=Estimate(1 / displacement, se / displacement**2, n),
        radius=Estimate(*_average(each.radius, each.radius_se), n),
        dimension=Estimate(*_average(each.dimension, each.dimension_se), n),
        center_correlation=common.correlation,
        center_rank=common.rank,
        held=1.0,
        per_manifold=_per_manifold(each),
        kkt_residual=float(api.array_namespace(each.kkt_residual).max(each.kkt_residual)),
    )


def _in_clouds_order(measured: list[AnchorStatistics], index: list[int]) -> AnchorStatistics:
    xp = api.array_namespace(measured[0].radius)
    order = xp.asarray(np.argsort(index), device=api.device(measured[0].radius))
    return AnchorStatistics(*[xp.take(xp.concat(parts), order) for parts in zip(*measured, strict=True)])


def _average(values: Array, errors: Array) -> tuple[float, float]:
    """The mean over manifolds, and its standard error over probes."""
    xp = api.array_namespace(values)
    return float(xp.mean(values)), float(xp.sqrt(xp.sum(errors**2))) / values.shape[0]


def _per_manifold(each: AnchorStatistics) -> dict[str, Array]:
    """The columns of :class:`ManifoldGeometry`: capacity from displacement, its error by the delta method."""
    xp, moved = api.array_namespace(each.displacement), each.displacement > 0
    safe = xp.where(moved, each.displacement, 1.0)
    return {
        "capacity": xp.where(moved, 1 / safe, float("inf")),
        "capacity_se": xp.where(moved, each.displacement_se / safe**2, float("inf")),
        "radius": each.radius,
        "radius_se": each.radius_se,
        "dimension": each.dimension,
        "dimension_se": each.dimension_se,
    }
