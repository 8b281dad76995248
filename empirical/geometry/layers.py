"""The geometry of class manifolds in the layers of any network; the only file of this room that imports the theory.

The networks of our runs are measured through this file too, group by group: :mod:`empirical.geometry.readings`.
"""

import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from empirical.activations.class_points import classes_of
from empirical.activations.class_sums import activation_sums
from empirical.activations.evaluation import evaluating
from empirical.activations.inputs import Inputs
from empirical.activations.labels import Labels
from empirical.activations.models import network_of
from empirical.activations.outputs import Tokens, require_tokens
from empirical.activations.plan import Layers, Plan, planned
from empirical.activations.point_products import activation_products
from empirical.activations.recording import Manner
from empirical.errors import GeometryError
from empirical.geometry.class_manifolds import Clouds, on_host
from empirical.geometry.layer_table import LayerGeometry, LayerTable
from empirical.geometry.noted_layers import table_of
from empirical.geometry.reporting import Report, reporting
from empirical.runs.instruments import GEOMETRY
from theory.geometry.glue import EffectiveGeometry, effective_geometry
from theory.geometry.gram_accumulation import grams_of, grams_of_points
from theory.geometry.grams import Grams
from theory.geometry.joint_products import JointProducts
from theory.geometry.manifolds import CAVITY, MOST_MARGIN, PUBLISHED, ManifoldGeometry, manifold_geometry
from theory.geometry.redrawn_points import shuffled
from theory.numerics.certificate import Uncertified
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


def layer_geometry(
    model: nn.Module | Callable,
    inputs: Any,
    labels: Labels | None = None,
    layers: Layers = None,
    *,
    tokens: Tokens = "all",
    n_points: int | None = 50,
    n_probes: int = 300,
    margin: float = 0.0,
    seed: int = 0,
    correlations: str | int = "cavity",
    resamples: int = 8,
    joint_draws: int = 20,
    baseline: bool = True,
    on_error: str = "note",
    progress: bool | Report | None = None,
) -> LayerTable:
    """The geometry of each layer of your own network, in the order of ``layers``; ``pandas.DataFrame(rows)`` is a table of it.

    The model is measured in evaluation mode, on the device of its parameters, and is left unchanged. Each layer is read for all
    points together, in as many passes over the inputs as memory asks for. Besides what the model needs, memory stays below
    about 1.5 GB for layers of any width, plus some 32 (P M)^2 bytes for inner products. The chosen inputs are kept in memory.

    A layer whose activations of an input depend on the other inputs of the batch, or on random numbers, has no geometry.

    :param model: a network, also a compiled or parallel one, or a function of a batch of inputs, which has the layers "input"
        and "output". Its outputs may have any form; of tuples, lists and dicts the first tensor is measured.
    :param inputs: (n, ...), a tensor or array; a list of n of them; a dict of arguments by name, or a tuple of arguments by
        position, each with the n inputs along its first axis; or a Dataset or DataLoader of (input, label).
    :param labels: the class of each input, (n,); None stands for the labels of a Dataset or DataLoader.
    :param layers: names as in ``model.named_modules()``, "input", "output", and "conv:2" for the second call of a module; or
        modules. None stands for the input and all calls of modules with weights of two axes or more.
    :param tokens: what is measured of outputs (n, tokens, d): "all", "mean" over tokens (those of ``attention_mask``), "class"
        for the first, a number, or a function of (n, ...); see :func:`empirical.activations.outputs.features_of`.
    :param n_points: inputs of each class, drawn by ``seed``; all inputs if None, or if a class has fewer.
    :param seed: of points, probes and dichotomies.
    :param n_probes, margin, correlations, resamples, joint_draws, baseline: see :class:`Measuring`. The global mean is
        subtracted.
    :param on_error: "note" gives a layer that cannot be measured a row of nan with a note, and raises only where no layer can
        be measured; "raise" raises the first error.
    :param progress: True shows a bar on stderr, None only if that is a terminal; a function is called with the last layer,
        the number of layers done, and the number of all.
    :raises ActivationError: model or inputs cannot be measured, or a layer does not exist; the message names the layer.
    :raises GeometryError: labels do not fit, there are fewer than two classes, an option is out of range; or a layer has no
        geometry, and the message names the layer.
    """
    _require_choices(on_error, tokens)
    how = Measuring(n_probes, margin, seed, correlations, resamples, joint_draws, baseline)
    network = network_of(model)
    classes = classes_of(inputs, labels, n_points, seed, _dtype(network))
    with evaluating(network, seed) as device:
        classes = [members.to(device) for members in classes]
        plan = planned(network, classes, layers, tokens, on_error == "note")
        with reporting(progress, len(plan.names)) as report:
            rows = dict(_rows(network, classes, plan, how, report))
    return table_of(plan, rows, [len(members) for members in classes], correlations=correlations, n_probes=n_probes)


def _require_choices(on_error: str, tokens: Tokens) -> None:
    require_tokens(tokens)
    if on_error not in ("note", "raise"):
        raise GeometryError(f'on_error must be "note" or "raise"; received {on_error!r}')


def _dtype(network: nn.Module) -> torch.dtype:
    return next((one.dtype for one in network.parameters() if one.is_floating_point()), torch.get_default_dtype())


def _rows(network: nn.Module, classes: list[Inputs], plan: Plan, how: Measuring, report: Report) -> Iterator:
    """The name and the row of each layer that can be measured; errors of the others are noted in the plan or raised."""
    done, total = len(plan.manner.failed or ()), len(plan.names)
    names = [name for name in dict.fromkeys(plan.names) if not plan.manner.has_failed(name)]
    for name, grams in _grams(network, classes, names, how, plan.manner) if names else ():
        try:
            yield name, _row(name, grams, how)
        except GeometryError as error:
            plan.manner.fail(name, error)
        done += 1
        report(name, done, total)


def _grams(
    network: nn.Module, classes: list[Inputs], names: list[str], how: Measuring, manner: Manner
) -> Iterator[tuple[str, Grams]]:
    """The inner products of each layer: of all points, or within classes where the method needs no others."""
    if how.needs_all_points:
        for name, found in activation_products(network, classes, names, manner=manner):
            yield name, grams_of_points(found.points, found.sizes, found.width)
        return
    for name, sums in activation_sums(network, classes, names, manner=manner).items():
        # Classes of equal size are stacked, so that they are solved together.
        equal = len({len(block) for block in sums.offsets}) == 1
        offsets, along = (torch.stack(blocks) if equal else blocks for blocks in (sums.offsets, sums.along))
        yield name, Grams(offsets, along, sums.centers, sums.width)


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
