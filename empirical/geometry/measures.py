"""The theory as an instrument: the numbers of class manifolds, from their points or inner products.

This file and :mod:`empirical.geometry.layer_rows` are the only ones of the room that import the theory.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from empirical.errors import GeometryError
from empirical.geometry.class_manifolds import Clouds, on_host
from empirical.layer_tables.rows import LayerGeometry
from empirical.runs.instruments import GEOMETRY
from theory.geometry.clouds.blocks import MORE_POINTS
from theory.geometry.errors_over_points import paired_differences
from theory.geometry.glue import EffectiveGeometry, effective_geometry
from theory.geometry.gram_accumulation import grams_of
from theory.geometry.grams import Grams
from theory.geometry.joint_products import JointProducts
from theory.geometry.manifolds import CAVITY, MOST_MARGIN, PUBLISHED, ManifoldGeometry, manifold_geometry
from theory.numerics.certificate import Uncertified
from theory.numerics.estimate import Estimate
from theory.numerics.validation import require, require_count


@dataclass(frozen=True)
class Measuring:
    """How a layer is measured.

    n_probes, margin, seed, correlations, resamples: see :func:`theory.geometry.manifolds.manifold_geometry`.
    joint_draws: number of dichotomies for the joint capacity, which is one at margin 0; 0 leaves it out.
    baseline: measure the points under shuffled labels too.
    """

    n_probes: int = 300
    margin: float = 0.0
    seed: int = 0
    correlations: str | int = "cavity"
    resamples: int = 8
    joint_draws: int = 20
    baseline: bool = True

    def __post_init__(self) -> None:
        """:raises GeometryError: an option is out of range, which is told before a network is run."""
        try:
            require_count("n_probes", self.n_probes, 2)
            require_count("joint_draws", self.joint_draws, 0)
            require_count("resamples", self.resamples, 0)
            require(self.resamples != 1, "resamples", self.resamples, "0, or 2 or more")
            require(abs(self.margin) <= MOST_MARGIN, "margin", self.margin, f"within +-{MOST_MARGIN:g}")
            kinds = f'"{CAVITY}", "{PUBLISHED}", or a whole number >= 0'
            whole = isinstance(self.correlations, int | np.integer) and self.correlations >= 0
            require(whole or self.correlations in (CAVITY, PUBLISHED), "correlations", self.correlations, kinds)
        except (ValueError, TypeError) as error:
            raise GeometryError(f"{error}") from error

    @property
    def needs_all_points(self) -> bool:
        """Whether the inner products between points of different classes are needed."""
        return (
            self.baseline or self.correlations == "cavity" or self.resamples > 0 or (self.joint_draws > 0 and not self.margin)
        )

    def geometry(self, grams: Grams, where: str) -> ManifoldGeometry:
        """The geometry of manifolds; arguments as for :func:`measured`."""
        names = ("n_probes", "margin", "seed", "correlations", "resamples")
        return measured(grams, where, **{name: getattr(self, name) for name in names})


def inner_products(clouds: Clouds, where: str, points: bool = False) -> Grams:
    """The inner products of class manifolds, about the mean of all points.

    :param clouds: (P, M, N). :param where: network, layer and group, for messages of errors.
    :param points: include the inner products of all points, which the cavity method and joint anchors need.
    :raises GeometryError: the theory refuses the manifolds; the message begins with ``where``.
    """
    with warnings.catch_warnings():
        # Points are known to stand in rows, and layers may be narrow.
        warnings.filterwarnings("ignore", message=MORE_POINTS)
        try:
            return grams_of(clouds, points=points)
        except ValueError as error:
            raise GeometryError(f"{where}: {error}") from error


def measured(grams: Grams, where: str, **options: Any) -> ManifoldGeometry:
    """The theory's geometry of class manifolds.

    :param grams: as :func:`inner_products` returns them.
    :param where: network, layer and group, for messages of errors.
    :param options: see :func:`theory.geometry.manifolds.manifold_geometry`.
    :raises GeometryError: the theory refuses the manifolds; the message begins with ``where``.
    """
    with warnings.catch_warnings():
        # The table and the board say how many classes there are.
        warnings.filterwarnings("ignore", message=".*the theory is a limit of many")
        try:
            # The mean is subtracted already; but halves of the points have means of their own.
            return manifold_geometry(grams, center_mean=options.get("resamples", 0) > 0, **options)
        except (ValueError, Uncertified) as error:
            raise GeometryError(f"{where}: {error}") from error


def joint_geometry(grams: Grams, where: str, n_draws: int, seed: int) -> EffectiveGeometry:
    """The geometry of class manifolds from joint anchors.

    :param grams: as :func:`inner_products` returns them. :param where: network, layer and group, for messages of errors.
    :param n_draws: number of dichotomies. :param seed: of the draws.
    :raises GeometryError: the theory refuses the manifolds; the message begins with ``where``.
    """
    points = JointProducts(on_host(grams.points), grams.sizes)
    with warnings.catch_warnings():
        # The share of separable dichotomies is reported.
        warnings.filterwarnings("ignore", message=".*dichotomies are separable")
        try:
            return effective_geometry(points.coordinates(), n_draws, seed, center_mean=True)
        except (ValueError, Uncertified) as error:
            raise GeometryError(f"{where}: {error}") from error


# Names of the quantities by how correlations are treated.
PREFIXES = {0: "", "published": "corrected_", "cavity": "cavity_"}


def quantities_of(found: ManifoldGeometry, correlations: int | str, n_manifolds: int) -> dict[str, tuple[float, float, int]]:
    """The value, standard error and n of each quantity, by its name.

    :param correlations: how correlations were treated: 0, "published" or "cavity"; capacities are named "capacity",
        "corrected_capacity" or "cavity_capacity".
    :param n_manifolds: P.
    """
    own = {quantity: getattr(found, quantity) for quantity in GEOMETRY}
    values = {f"{PREFIXES[correlations]}{quantity}": (one.value, one.se, one.n) for quantity, one in own.items()}
    if correlations == "cavity":
        return values | {"cavity_held": (found.held, 0.0, n_manifolds)}
    if correlations == "published":
        return values | {"center_rank": (float(found.center_rank or 0), 0.0, n_manifolds)}
    n_pairs = n_manifolds * (n_manifolds - 1) // 2
    return values | {"center_correlation": (found.center_correlation, 0.0, n_pairs)}


def joint_quantities_of(found: EffectiveGeometry) -> dict[str, tuple[float, float, int]]:
    """The value, standard error and n of each quantity from joint anchors, by its name.

    Capacity, dimension and radius are left out where some dichotomy is not separable, because they would be bounds.
    """
    share = {"separable_share": (found.separable, 0.0, found.capacity.n)}
    if found.separable < 1:
        return share
    estimates = {quantity: getattr(found, quantity) for quantity in GEOMETRY}
    return share | {f"joint_{quantity}": (one.value, one.se, one.n) for quantity, one in estimates.items()}


@dataclass(frozen=True)
class _Kept:
    """A layer as it is kept, in the form that the theory compares."""

    capacity: Estimate
    radius: Estimate
    dimension: Estimate
    halves: dict[str, np.ndarray]


def differences(*layers: tuple[LayerGeometry, Mapping[str, np.ndarray]]) -> dict[str, float]:
    """The first layer minus the second, measured on the same points: values and standard errors by name, as a row has them.

    :param layers: two rows, each with its values in halves of the points, as :class:`LayerTable` keeps them.
    :raises GeometryError: there are no such values, or not the same number of them.
    """
    kept = []
    for row, halves in layers:
        own = {name: Estimate(getattr(row, name), getattr(row, f"{name}_se"), row.n_probes) for name in GEOMETRY}
        kept.append(_Kept(own["capacity"], own["radius"], own["dimension"], dict(halves)))
    try:
        found = paired_differences(*kept)
    except ValueError as error:
        raise GeometryError(f"layer {layers[0][0].layer}: {error}") from error
    return {f"{name}{end}": getattr(one, part) for name, one in found.items() for end, part in (("", "value"), ("_se", "se"))}
