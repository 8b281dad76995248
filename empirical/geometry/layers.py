"""The geometry of class manifolds in the layers of any network.

The networks of our runs are measured group by group: :mod:`empirical.geometry.readings`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from empirical.activations.class_points import classes_of
from empirical.activations.evaluation import evaluating
from empirical.activations.inputs import Inputs
from empirical.activations.labels import Labels
from empirical.activations.models import dtype_of, network_of
from empirical.activations.outputs import Tokens, require_tokens
from empirical.activations.plan import Layers, Plan, planned
from empirical.errors import GeometryError
from empirical.geometry.layer_rows import CURVES, SizeCurve, curve_of, layer_grams, row_of
from empirical.geometry.measures import Measuring
from empirical.geometry.noted_layers import table_of, warn_of_others
from empirical.geometry.reporting import Report, reporting
from empirical.layer_tables.table import LayerTable


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

    A layer whose activations of an input depend on the other inputs of the batch, or on random numbers, has no geometry. Nor
    has one whose number of features depends on the input.

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
    planning = _planned(model, inputs, labels, n_points, seed, layers, tokens, on_error == "note")
    with planning as (network, classes, plan), reporting(progress, len(set(plan.names))) as report:
        each = layer_grams(network, list(classes.values()), plan.measurable, plan.manner, how.needs_all_points)
        found = dict(_each(each, plan, lambda name, grams: row_of(name, grams, how), report))
    return table_of(plan, found, {label: len(members) for label, members in classes.items()}, how)


def layer_sample_sizes(
    model: nn.Module | Callable,
    inputs: Any,
    labels: Labels | None = None,
    layers: Layers = None,
    *,
    tokens: Tokens = "all",
    vary: str = "points",
    sizes: Sequence[int] | None = None,
    n_points: int | None = None,
    n_probes: int = 300,
    margin: float = 0.0,
    seed: int = 0,
    correlations: str | int = "cavity",
    resamples: int = 8,
) -> dict[str, SizeCurve]:
    """How many images or classes each layer's numbers need: its geometry with more and more of them, by layer.

    ``print(curves["conv1"])`` shows the subsets and says whether the last step still changed capacity, radius and dimension by
    more than their errors. The network is run once for all subsets.

    :param vary: "points", images of each class (:func:`theory.geometry.sample_sizes.against_points`), or "manifolds", classes
        (:func:`theory.geometry.sample_sizes.against_manifolds`); each says what its errors cover.
    :param sizes: numbers of them; None stands for an eighth, a quarter, a half and all, from four on.
    :param n_points: images of each class, all if None. Others as in :func:`layer_geometry`.
    :raises GeometryError: as :func:`layer_geometry`; or there are too few points or classes. A layer that cannot be measured is
        left out with a warning, where others can be.
    """
    if vary not in CURVES:
        raise GeometryError(f"vary must be one of {', '.join(CURVES)}; received {vary!r}")
    require_tokens(tokens)
    how = Measuring(n_probes, margin, seed, correlations, resamples, joint_draws=0, baseline=False)
    with _planned(model, inputs, labels, n_points, seed, layers, tokens, note=True) as (network, classes, plan):
        # Subsets are taken from the inner products of all points, whatever the method needs.
        each = layer_grams(network, list(classes.values()), plan.measurable, plan.manner, all_points=True)
        found = dict(_each(each, plan, lambda name, grams: curve_of(name, grams, vary, sizes, how)))
    warn_of_others(plan, found)
    return {name: found[name] for name in plan.names if name in found}


def _require_choices(on_error: str, tokens: Tokens) -> None:
    require_tokens(tokens)
    if on_error not in ("note", "raise"):
        raise GeometryError(f'on_error must be "note" or "raise"; received {on_error!r}')


@contextmanager
def _planned(
    model: nn.Module | Callable, inputs: Any, labels: Labels | None, n_points: int | None, seed: int, *how: Any, **more: Any
) -> Iterator[tuple[nn.Module, dict[str, Inputs], Plan]]:
    """The network, which is in evaluation mode until the context ends, the inputs of each class by its label, and the plan.

    :param how, more: layers, tokens and note, as :func:`empirical.activations.plan.planned` takes them.
    """
    network = network_of(model)
    classes = classes_of(inputs, labels, n_points, seed, dtype_of(network) or torch.get_default_dtype())
    with evaluating(network, seed) as device:
        classes = {label: members.to(device) for label, members in classes.items()}
        yield network, classes, planned(network, list(classes.values()), *how, **more)


def _each(
    layers: Iterable[tuple[str, Any]], plan: Plan, number: Callable[[str, Any], Any], report: Report = lambda *_: None
) -> Iterator[tuple[str, Any]]:
    """The name and the numbers of each layer that can be measured; errors of the others are noted in the plan or raised.

    :param layers: names and inner products. :param number: a function of both.
    """
    total, n_found, reported = len(set(plan.names)), 0, 0
    for name, grams in layers:
        try:
            yield name, number(name, grams)
            n_found += 1
        except GeometryError as error:
            plan.manner.fail(name, error)
        reported = n_found + len(plan.manner.failed or ())
        report(name, reported, total)
    # Layers that failed after the last one with numbers.
    if reported < total:
        report(plan.names[-1], total, total)
