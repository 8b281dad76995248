"""The geometry of class manifolds in the layers of any network; the only file of this room that imports the theory.

The networks of our runs are measured through this file too, group by group: :mod:`empirical.geometry.readings`.
"""

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from empirical.activations.class_sums import activation_sums
from empirical.activations.point_products import activation_products
from empirical.activations.recording import weighted_layers
from empirical.errors import GeometryError
from empirical.geometry.class_manifolds import Clouds, Labels, classes_of, on_host
from empirical.geometry.layer_table import LayerGeometry, LayerTable
from empirical.runs.instruments import GEOMETRY
from theory.geometry.glue import EffectiveGeometry, effective_geometry
from theory.geometry.gram_accumulation import grams_of, grams_of_points
from theory.geometry.grams import Grams
from theory.geometry.joint_products import JointProducts
from theory.geometry.manifolds import ManifoldGeometry, manifold_geometry
from theory.geometry.redrawn_points import shuffled
from theory.numerics.certificate import Uncertified


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
    correlations: str | int = "cavity",
    resamples: int = 8,
    joint_draws: int = 20,
    baseline: bool = True,
) -> LayerTable:
    """The geometry of each layer of your own network, in the order of ``layers``; ``pandas.DataFrame(rows)`` is a table of it.

    The model is measured in evaluation mode, on the device of its parameters, and is left unchanged. Each layer is read for all
    points together, in as many passes over the inputs as memory asks for. Besides what the model needs, memory stays below
    about 1.5 GB for layers of any width, plus some 32 (P M)^2 bytes for inner products.

    :param model: a function of a batch of inputs; its outputs may have any form.
    :param inputs: (n, ...).
    :param labels: the class of each input, (n,).
    :param layers: names as in ``model.named_modules()``, and "input"; None stands for the input and all modules with weights.
    :param n_points: inputs of each class, drawn by ``seed``; all inputs if None, or if a class has fewer.
    :param seed: of points, probes and dichotomies.
    :param n_probes, margin, correlations, resamples, joint_draws, baseline: see :class:`Measuring`. The global mean is
        subtracted.
    :raises ActivationError: a layer does not exist, or its output cannot be measured; the message names the layer.
    :raises GeometryError: labels do not fit, there are fewer than two classes, or a layer has no geometry; the message names
        the layer.
    """
    how = Measuring(n_probes, margin, seed, correlations, resamples, joint_draws, baseline)
    classes = classes_of(inputs, labels, n_points, seed)
    with _evaluating(model) as device:
        classes = [members.to(device) for members in classes]
        if layers is None:
            layers = weighted_layers(model, classes[0][:1])
        names = [layers] if isinstance(layers, str) else list(layers)
        rows = {name: _row(name, grams, how) for name, grams in _grams(model, classes, names, how)}
    return LayerTable(rows[name] for name in names)


def _grams(model: nn.Module, classes: list[Tensor], names: list[str], how: Measuring) -> Iterator[tuple[str, Grams]]:
    """The inner products of each layer: of all points, or within classes where the method needs no others."""
    if how.needs_all_points:
        for name, found in activation_products(model, classes, names):
            yield name, grams_of_points(found.points, found.sizes, found.width)
        return
    for name, sums in activation_sums(model, classes, names).items():
        # Classes of equal size are stacked, so that they are solved together.
        equal = len({len(block) for block in sums.offsets}) == 1
        offsets, along = (torch.stack(blocks) if equal else blocks for blocks in (sums.offsets, sums.along))
        yield name, Grams(offsets, along, sums.centers, sums.width)


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


def _row(layer: str, grams: Grams, how: Measuring) -> LayerGeometry:
    where, found = f"layer {layer}", how.geometry(grams, f"layer {layer}")
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
    found = how.geometry(shuffled(grams, np.random.default_rng(how.seed)), f"{where}, shuffled labels").capacity
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


def inner_products(clouds: Clouds, where: str, points: bool = False) -> Grams:
    """The inner products of class manifolds, about the mean of all points.

    :param clouds: (P, M, N). :param where: network, layer and group, for messages of errors.
    :param points: include the inner products of all points, which the cavity method and joint anchors need.
    :raises GeometryError: the theory refuses the manifolds; the message begins with ``where``.
    """
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
