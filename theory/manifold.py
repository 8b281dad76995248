"""Capacity, radius and dimension of point clouds, with standard errors: the replica theory of Chung, Lee & Sompolinsky 2018."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory.anchors import Uncertified, project
from theory.domain import require_count, require_finite
from theory.frames import Frame, frames_of

# Below this many manifolds the authors do not trust their theory, a large-P limit.
FEW_MANIFOLDS = 30


@dataclass(frozen=True)
class Estimate:
    """value, its standard error over probes, and how many probes it averages."""

    value: float
    se: float
    n: int


@dataclass(frozen=True)
class ManifoldGeometry:
    """What the anchors say of several manifolds.

    capacity: manifolds per feature, 1 / mean displacement (harmonic over manifolds).
    radius: R_M, RMS distance of the anchors from their mean, in units of the centre norm (mean over manifolds).
    dimension: D_M, E[(t . s^)^2] (PRX), or D (E cos)^2 with "published" frames (mean over manifolds).
    per_manifold: the same three for each manifold, arrays of shape (P,), by name; capacity is inf where no probe moved.
    kkt_residual: the worst certificate, relative.
    """

    capacity: Estimate
    radius: Estimate
    dimension: Estimate
    per_manifold: dict[str, np.ndarray]
    kkt_residual: float


def manifold_geometry(
    clouds: Sequence,
    margin: float = 0.0,
    n_probes: int = 300,
    seed: int = 0,
    *,
    center_mean: bool = True,
    centers=None,
    frames: str = "reduced",
) -> ManifoldGeometry:
    """Measure the geometry of clouds; no correction for correlated centres.

    Source: Chung et al. 2018, eqs. 16, 17 (capacity), 28 (radius), 29 (dimension). The standard errors are those of averaging
    over probes, for these clouds; they do not cover the choice of points. Memory is one manifold's M x n_probes.

    :param clouds: (P, M, N), or a list of (M_i, N) arrays.
    :param margin: kappa, standardized units. :param n_probes: Gaussian probes per manifold, at least 2.
    :param seed: of the probes, which differ from manifold to manifold.
    :param center_mean, centers, frames: see :func:`theory.frames.frames_of`.
    :raises ValueError: see there; or no probe was moved.
    :raises theory.anchors.Uncertified: a solve without certificate, its manifold named.
    """
    require_count("n_probes", n_probes, 2)
    require_finite("margin", margin)
    found = frames_of(clouds, center_mean=center_mean, centers=centers, kind=frames)
    _warn_of_few(found)
    streams = np.random.SeedSequence(seed).spawn(len(found))
    measured = []
    for index, (frame, stream) in enumerate(zip(found, streams, strict=True)):
        try:
            measured.append(_measure(frame, stream, margin, n_probes, frames))
        except Uncertified as error:
            raise Uncertified(f"manifold {index}: {error}") from error
    return _combine(measured, n_probes)


def _warn_of_few(frames: list[Frame]) -> None:
    if len(frames) < FEW_MANIFOLDS:
        warnings.warn(f"{len(frames)} manifolds; the theory is a limit of many, {FEW_MANIFOLDS} or more", stacklevel=3)
    if points := [index for index, frame in enumerate(frames) if frame.shape_dim == 0]:
        warnings.warn(
            f"{len(points)} manifolds are single points (the first is {points[0]}: one point, or all its points equal); their "
            "radius and dimension are 0",
            stacklevel=3,
        )


def _measure(frame: Frame, stream, margin, n_probes, kind) -> dict[str, float]:
    probes = np.random.default_rng(stream).standard_normal((frame.shape_dim + 1, n_probes))
    projections = project(frame.coordinates, probes, margin)
    displacement = _mean(projections.displacement)
    radius = _radius(projections.anchors[:-1])
    dimension = (_published_dimension if kind == "published" else _dimension)(projections.anchors[:-1], probes[:-1])
    names = ("displacement", "radius", "dimension")
    values = {}
    for name, (value, se) in zip(names, (displacement, radius, dimension), strict=True):
        values |= {name: value, f"{name}_se": se}
    return values | {"kkt_residual": projections.kkt_residual}


def _mean(samples) -> tuple[float, float]:
    return float(samples.mean()), float(samples.std(ddof=1) / np.sqrt(len(samples)))


def _radius(anchors) -> tuple[float, float]:
    """Root of the mean squared distance from the mean anchor; the error by the delta method."""
    squared, se = _mean(((anchors - anchors.mean(1, keepdims=True)) ** 2).sum(0))
    radius = np.sqrt(squared)
    return float(radius), se / (2 * radius) if radius > 0 else 0.0


def _along(anchors, probes):
    """t . s^, the probe's component along the anchor's direction; 0 for an anchor at the centre."""
    length = np.linalg.norm(anchors, axis=0)
    return (anchors * probes).sum(0) / np.where(length > 0, length, 1.0)


def _dimension(anchors, probes) -> tuple[float, float]:
    return _mean(_along(anchors, probes) ** 2)


def _published_dimension(anchors, probes) -> tuple[float, float]:
    """D times the squared mean cosine between probe and anchor."""
    cosine, se = _mean(_along(anchors, probes) / np.linalg.norm(probes, axis=0))
    return len(probes) * cosine**2, 2 * len(probes) * abs(cosine) * se


def _combine(measured: list[dict[str, float]], n_probes: int) -> ManifoldGeometry:
    columns = {name: np.array([one[name] for one in measured]) for name in measured[0]}
    n = n_probes * len(measured)

    def average(name):
        return float(columns[name].mean()), float(np.sqrt((columns[f"{name}_se"] ** 2).sum()) / len(measured))

    displacement, se = average("displacement")
    if displacement == 0:
        raise ValueError(f"none of {n} probes was moved, so that capacity has no estimate; raise n_probes, or the margin")
    with np.errstate(divide="ignore"):
        capacities = 1 / columns["displacement"]
    return ManifoldGeometry(
        Estimate(1 / displacement, se / displacement**2, n),
        Estimate(*average("radius"), n),
        Estimate(*average("dimension"), n),
        {"capacity": capacities, "radius": columns["radius"], "dimension": columns["dimension"]},
        float(columns["kkt_residual"].max()),
    )
