"""The rows of a table: the inner products of a layer's activations, and the theory's numbers of its manifolds."""

import math
import warnings
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import nn

from empirical.activations.inputs import Inputs
from empirical.activations.products.class_sums import activation_sums
from empirical.activations.products.point_products import activation_products
from empirical.activations.recording import Manner
from empirical.errors import GeometryError
from empirical.geometry.class_manifolds import on_host
from empirical.geometry.measures import Measuring, joint_geometry
from empirical.layer_tables.rows import ClassGeometry, LayerGeometry
from theory.geometry.gram_accumulation import grams_of_points
from theory.geometry.grams import Grams
from theory.geometry.manifolds import ManifoldGeometry
from theory.geometry.redrawn_points import shuffled
from theory.geometry.sample_sizes import SizeCurve, against_manifolds, against_points
from theory.numerics.certificate import Uncertified

# The curves by what is varied.
CURVES: dict[str, Callable[..., SizeCurve]] = {"points": against_points, "manifolds": against_manifolds}


def layer_grams(
    network: nn.Module, classes: list[Inputs], names: list[str], manner: Manner, all_points: bool
) -> Iterator[tuple[str, Grams]]:
    """The inner products of each layer: between all points, or within classes alone."""
    if not names:
        return
    if all_points:
        for name, found in activation_products(network, classes, names, manner=manner):
            yield name, grams_of_points(found.points, found.sizes, found.width)
        return
    for name, sums in activation_sums(network, classes, names, manner=manner).items():
        # Classes of equal size are stacked, so that they are solved together.
        equal = len({len(block) for block in sums.offsets}) == 1
        offsets, along = (torch.stack(blocks) if equal else blocks for blocks in (sums.offsets, sums.along))
        yield name, Grams(offsets, along, sums.centers, sums.width)


def row_of(layer: str, grams: Grams, how: Measuring) -> tuple[LayerGeometry, ManifoldGeometry]:
    """The row of a layer, and the geometry of its manifolds, which has those of single classes."""
    found = how.geometry(grams, f"layer {layer}")
    return _row(layer, grams, how, found), found


def class_rows(layer: str, found: ManifoldGeometry, about: Sequence[tuple[str, int]]) -> list[ClassGeometry]:
    """The rows of the classes in a layer.

    :param about: the label and the number of points of each class.
    """
    columns = {name: [float(value) for value in on_host(values)] for name, values in found.per_manifold.items()}
    each = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [ClassGeometry(layer, *one, **values) for one, values in zip(about, each, strict=True)]


def curve_of(layer: str, grams: Grams, vary: str, sizes: Sequence[int] | None, how: Measuring) -> SizeCurve:
    """The numbers of a layer with more and more of its points or manifolds.

    :param vary: a key of :data:`CURVES`. :param sizes: numbers of them, or None for those of the theory.
    :raises GeometryError: there are too few; the message names the layer.
    """
    options = {name: getattr(how, name) for name in ("n_probes", "margin", "correlations", "resamples", "seed")}
    try:
        return CURVES[vary](grams, sizes, **options)
    except (ValueError, Uncertified) as error:
        raise GeometryError(f"layer {layer}: {error}") from error


def _row(layer: str, grams: Grams, how: Measuring, found: ManifoldGeometry) -> LayerGeometry:
    where = f"layer {layer}"
    capacity, radius, dimension = found.capacity, found.radius, found.dimension
    return LayerGeometry(
        layer,
        int(grams.n_features or 0),
        len(grams.sizes),
        sum(grams.sizes) / len(grams.sizes),
        how.correlations,
        capacity.value,
        capacity.se,
        *_baseline(grams, how, where),
        radius.value,
        radius.se,
        dimension.value,
        dimension.se,
        found.center_correlation,
        found.center_rank,
        found.held,
        *_joint(grams, how, where),
        how.n_probes * len(grams.sizes),
        found.kkt_residual,
    )


def _baseline(grams: Grams, how: Measuring, where: str) -> tuple[float, float]:
    """The capacity of the points under shuffled labels, with its standard error."""
    if not how.baseline:
        return math.nan, math.nan
    try:
        found = how.geometry(shuffled(grams, np.random.default_rng(how.seed)), f"{where}, shuffled labels").capacity
    except GeometryError as error:
        warnings.warn(f"{error}; the baseline is left out", stacklevel=5)
        return math.nan, math.nan
    return found.value, found.se


def _joint(grams: Grams, how: Measuring, where: str) -> tuple[float, float, float]:
    """The joint capacity, its standard error, and the share of separable dichotomies; nan where they were not measured."""
    if not how.joint_draws or how.margin:
        return math.nan, math.nan, math.nan
    try:
        found = joint_geometry(grams, where, how.joint_draws, how.seed)
    except GeometryError as error:
        warnings.warn(f"{error}; the joint capacity is left out", stacklevel=4)
        return math.nan, math.nan, math.nan
    return found.capacity.value, found.capacity.se, found.separable
