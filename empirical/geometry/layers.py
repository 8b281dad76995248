"""Geometry of class manifolds, layer by layer, of anyone's network: the only door from this room to the theory.

The networks of our runs are measured through it as well, every group of images: :mod:`empirical.geometry.readings`.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.errors import GeometryError
from empirical.geometry.activation_grams import ClassSums, activation_sums
from empirical.geometry.activations import weighted_layers
from empirical.geometry.class_manifolds import classes_of
from empirical.runs.instruments import GEOMETRY
from theory.geometry.grams import Grams
from theory.geometry.manifolds import ManifoldGeometry, manifold_geometry
from theory.numerics.certificate import Uncertified


@dataclass(frozen=True)
class LayerGeometry:
    """One row: the geometry of a layer's class manifolds, as in :class:`theory.geometry.manifolds.ManifoldGeometry`.

    n_manifolds, n_features: P and N. null_capacity: of as many points without structure, 2 / mean M.
    n_probes: over which the standard errors are, all manifolds together.
    """

    layer: str
    n_features: int
    n_manifolds: int
    capacity: float
    capacity_se: float
    null_capacity: float
    radius: float
    radius_se: float
    dimension: float
    dimension_se: float
    center_correlation: float
    center_rank: int
    n_probes: int
    kkt_residual: float


def layer_geometry(
    model: nn.Module,
    inputs: Tensor,
    labels,
    layers: Sequence[str] | str | None = None,
    *,
    n_points: int | None = 50,
    n_probes: int = 300,
    margin: float = 0.0,
    seed: int = 0,
    center_rank: int | str = "auto",
) -> list[LayerGeometry]:
    """Measure your own network: one row per layer, in the order of ``layers``.

    The model is measured in evaluation mode, where its parameters are, and left as it was. Each layer is read class by class,
    in two passes over the inputs or more: besides the model's own, memory stays below about 1.5 GB however wide the layers, and
    16 P M (M + P) bytes a layer for the inner products.
    ``pandas.DataFrame(table)`` is a table of it. Standard errors are those of averaging over probes.

    :param model: from a batch of inputs to anything. :param inputs: (n, ...). :param labels: (n,), the class of each.
    :param layers: names as in ``model.named_modules()``, and "input"; by default it and every module with weights.
    :param n_points: inputs of each class, drawn by ``seed``; all where None, or where a class has fewer.
    :param n_probes, margin, center_rank: see :func:`theory.geometry.manifolds.manifold_geometry`; the global mean is
        subtracted.
    :raises ActivationError: a layer that is not there, or whose output cannot be measured; the layer named.
    :raises GeometryError: labels that do not fit, fewer than two classes, a layer without geometry; the layer named.
    """
    classes = classes_of(inputs, labels, n_points, seed)
    with _evaluating(model) as device:
        classes = [members.to(device) for members in classes]
        if layers is None:
            layers = weighted_layers(model, classes[0][:1])
        names = [layers] if isinstance(layers, str) else list(layers)
        sums = activation_sums(model, classes, names)
    options = {"n_probes": n_probes, "seed": seed, "margin": margin, "center_rank": center_rank}
    return [_row(name, one, measured(_grams(one), f"layer {name}", **options)) for name, one in sums.items()]


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[torch.device]:
    """The model in evaluation mode, every module back in its own afterwards; yields where its parameters are."""
    before = {module: module.training for module in model.modules()}
    model.eval()
    try:
        yield next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    finally:
        for module, training in before.items():
            module.training = training


def _grams(sums: ClassSums) -> Grams:
    """Stacked where the classes are of one size, so that they are solved together."""
    if len({len(block) for block in sums.offsets}) == 1:
        return Grams(torch.stack(sums.offsets), torch.stack(sums.along), sums.centers, sums.width)
    return Grams(sums.offsets, sums.along, sums.centers, sums.width)


def _row(layer: str, sums: ClassSums, found: ManifoldGeometry) -> LayerGeometry:
    n_manifolds = len(sums.offsets)
    null = 2 * n_manifolds / sum(len(block) for block in sums.offsets)
    capacity, radius, dimension = found.capacity, found.radius, found.dimension
    return LayerGeometry(
        layer,
        sums.width,
        n_manifolds,
        capacity.value,
        capacity.se,
        null,
        radius.value,
        radius.se,
        dimension.value,
        dimension.se,
        found.center_correlation,
        found.center_rank,
        capacity.n,
        found.kkt_residual,
    )


def measured(clouds, where: str, **options) -> ManifoldGeometry:
    """Theory's geometry of class manifolds; what it refuses is said of which they are."""
    with warnings.catch_warnings():
        # The table and the board say how many classes there are.
        warnings.filterwarnings("ignore", message=".*the theory is a limit of many")
        try:
            return manifold_geometry(clouds, **options)
        except (ValueError, Uncertified) as error:
            raise GeometryError(f"{where}: {error}") from error


def quantities_of(found: ManifoldGeometry, center_rank: int | str, n_manifolds: int) -> dict[str, tuple[float, float, int]]:
    """Value, standard error and n by name, the name "corrected_capacity" and so on where directions of centres were removed."""
    own = {quantity: getattr(found, quantity) for quantity in GEOMETRY}
    values = {quantity: (one.value, one.se, one.n) for quantity, one in own.items()}
    if center_rank == 0:
        n_pairs = n_manifolds * (n_manifolds - 1) // 2
        return values | {"center_correlation": (found.center_correlation, 0.0, n_pairs)}
    named = {f"corrected_{quantity}": value for quantity, value in values.items()}
    return named | {"center_rank": (float(found.center_rank), 0.0, n_manifolds)}
