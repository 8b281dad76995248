"""The geometry of class manifolds in the layers of any network; the only file of this room that imports the theory.

The networks of our runs are measured through this file too, group by group: :mod:`empirical.geometry.readings`.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from empirical.errors import GeometryError
from empirical.geometry.activation_grams import ClassSums, activation_sums
from empirical.geometry.activations import weighted_layers
from empirical.geometry.class_manifolds import Clouds, Labels, classes_of
from empirical.runs.instruments import GEOMETRY
from theory.geometry.grams import Grams
from theory.geometry.manifolds import ManifoldGeometry, manifold_geometry
from theory.numerics.certificate import Uncertified


@dataclass(frozen=True)
class LayerGeometry:
    """The geometry of the class manifolds in one layer, as in :class:`theory.geometry.manifolds.ManifoldGeometry`.

    n_manifolds, n_features: P and N.
    null_capacity: capacity of as many points without structure, 2 / mean M.
    n_probes: number of probes on all manifolds together, over which standard errors are taken.
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
    labels: Labels,
    layers: Sequence[str] | str | None = None,
    *,
    n_points: int | None = 50,
    n_probes: int = 300,
    margin: float = 0.0,
    seed: int = 0,
    center_rank: int | str = "auto",
) -> list[LayerGeometry]:
    """The geometry of each layer of your own network, in the order of ``layers``; ``pandas.DataFrame(rows)`` is a table of it.

    The model is measured in evaluation mode, on the device of its parameters, and is left unchanged. Each layer is read class
    by class, in two or more passes over the inputs. Besides what the model needs, memory stays below about 1.5 GB for layers of
    any width, plus 16 P M (M + P) bytes per layer for the inner products. Standard errors are over probes.

    :param model: a function of a batch of inputs; its outputs may have any form.
    :param inputs: (n, ...).
    :param labels: the class of each input, (n,).
    :param layers: names as in ``model.named_modules()``, and "input"; None stands for the input and all modules with weights.
    :param n_points: inputs of each class, drawn by ``seed``; all inputs if None, or if a class has fewer.
    :param n_probes, margin, center_rank: see :func:`theory.geometry.manifolds.manifold_geometry`; the global mean is
        subtracted.
    :raises ActivationError: a layer does not exist, or its output cannot be measured; the message names the layer.
    :raises GeometryError: labels do not fit, there are fewer than two classes, or a layer has no geometry; the message names
        the layer.
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
    """The device of the model's parameters; the model is in evaluation mode until the context ends.

    Each module then gets back the mode that it had before.
    """
    before = {module: module.training for module in model.modules()}
    model.eval()
    try:
        yield next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    finally:
        for module, training in before.items():
            module.training = training


def _grams(sums: ClassSums) -> Grams:
    """The inner products for the theory; classes of equal size are stacked, so that they are solved together."""
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


def measured(clouds: Clouds | Grams, where: str, **options: Any) -> ManifoldGeometry:
    """The theory's geometry of class manifolds.

    :param clouds: (P, M, N), or their inner products.
    :param where: network, layer and group, for messages of errors.
    :param options: see :func:`theory.geometry.manifolds.manifold_geometry`.
    :raises GeometryError: the theory refuses the manifolds; the message begins with ``where``.
    """
    with warnings.catch_warnings():
        # The table and the board say how many classes there are.
        warnings.filterwarnings("ignore", message=".*the theory is a limit of many")
        try:
            return manifold_geometry(clouds, **options)
        except (ValueError, Uncertified) as error:
            raise GeometryError(f"{where}: {error}") from error


def quantities_of(found: ManifoldGeometry, center_rank: int | str, n_manifolds: int) -> dict[str, tuple[float, float, int]]:
    """The value, standard error and n of each quantity, by its name.

    :param center_rank: if it is not 0, the directions that centres share were removed, and names are "corrected_capacity" and
        so on.
    :param n_manifolds: P.
    """
    own = {quantity: getattr(found, quantity) for quantity in GEOMETRY}
    values = {quantity: (one.value, one.se, one.n) for quantity, one in own.items()}
    if center_rank == 0:
        n_pairs = n_manifolds * (n_manifolds - 1) // 2
        return values | {"center_correlation": (found.center_correlation, 0.0, n_pairs)}
    named = {f"corrected_{quantity}": value for quantity, value in values.items()}
    return named | {"center_rank": (float(found.center_rank), 0.0, n_manifolds)}
