"""The geometry of our runs' networks: every group of images in every layer, and under other analysis choices."""

from collections.abc import Iterable, Iterator
from typing import Any

from torch import nn

from empirical.errors import GeometryError
from empirical.evidence.measurement import Reading
from empirical.evidence.names import ALL, GROUPS, INPUT, OTHER_PROBES, OTHER_STARTS, PERMUTED, UNPERMUTED, VARIANTS, packed
from empirical.geometry.class_manifolds import manifold_activations, manifolds_of, points_of, wanted
from empirical.geometry.measures import inner_products, joint_geometry, joint_quantities_of, measured, quantities_of
from empirical.runs.instruments import GEOMETRY
from empirical.training.subject import Subject

Grams = Any  # as inner_products returns them
# Dichotomies for joint anchors: so many that they label MANIFOLDS manifolds in all, and FEWEST_DRAWS or more.
FEWEST_DRAWS, MANIFOLDS = 4, 100
# Joint anchors of more points take minutes a layer, and in narrow layers they often cannot be certified.
MOST_JOINT_POINTS = 2000


def geometry_readings(
    model: nn.Module,
    subject: Subject,
    names: list[str],
    epoch: int,
    groups: Iterable[str] = GROUPS,
    choice: str = "",
    methods: Iterable[int | str] = (0,),
    joint: bool = False,
    inputs: dict | None = None,
) -> Iterator[Reading]:
    """Capacity, radius and dimension of the groups' manifolds at margin 0 in each layer, and the correlation of their centres.

    Standard errors are over probes, draws or dichotomies. The shuffled baseline of the permuted group has the choice
    "shuffled".

    :param names: names of layers.
    :param choice: the name of an intervention on the network, or "".
    :param methods: how correlations between manifolds are treated, one after the other: 0, "published", "cavity"; see
        :func:`theory.geometry.manifolds.manifold_geometry`.
    :param joint: measure joint anchors too, of manifolds that together have at most 2,000 points.
    :param inputs: what was found in the input, by group and method. It is the same at every epoch: what is here is not measured
        again, and what is measured is added.
    :raises GeometryError: manifolds cannot be measured; the message names network, epoch, layer and group.
    """
    chosen = wanted(manifolds_of(subject), groups, choice)
    if not chosen:
        return
    methods, options, worst = tuple(methods), probing(subject), 0.0
    inputs = {} if inputs is None else inputs
    for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
        where = f"network {subject.network}, epoch {epoch}, layer {layer}, group {group} {baseline}".strip()
        grams, found = inner_products(clouds, where, joint or "cavity" in methods), {}
        for method in methods:
            place = (group, baseline, method)
            one = inputs.get(place) if layer == INPUT else None
            if one is None:
                one = measured(grams, where, **options, correlations=method)
            if layer == INPUT:
                inputs[place] = one
            worst = max(worst, one.kkt_residual)
            found |= quantities_of(one, method, len(clouds))
        if joint and clouds.shape[0] * clouds.shape[1] <= MOST_JOINT_POINTS:
            found |= _joint_quantities(grams, where, options["seed"])
        for quantity, (value, se, n) in found.items():
            yield Reading(quantity, group, value, se, n, baseline or choice, layer)
    yield Reading("manifold_points", ALL, float(points_of(chosen)), 0.0, len(chosen), choice)
    yield Reading("kkt_residual", ALL, worst, 0.0, len(names), choice)


def _joint_quantities(grams: Grams, where: str, seed: int) -> dict[str, tuple[float, float, int]]:
    """The quantities from joint anchors; none where some dichotomy can be certified neither way."""
    try:
        return joint_quantities_of(joint_geometry(grams, where, max(FEWEST_DRAWS, MANIFOLDS // len(grams.sizes)), seed))
    except GeometryError:
        return {}


def choice_readings(model: nn.Module, subject: Subject, names: list[str], epoch: int) -> Iterator[Reading]:
    """Capacity, radius and dimension of the permuted group and its shuffled baseline, under other analysis choices.

    Other choices concern the points, the number of points, the number of classes, or the probes. The choice column names the
    choice: "half the points", and "shuffled/half the points" for the baseline.

    :param names: names of layers.
    :raises GeometryError: manifolds cannot be measured; the message names network, epoch and layer.
    """
    if not len(subject.labels.permuted):
        return
    for variant in VARIANTS:
        chosen = wanted(manifolds_of(subject, variant), (PERMUTED,))
        options = probing(subject, redrawn=variant == OTHER_PROBES)
        for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
            where = f"network {subject.network}, epoch {epoch}, layer {layer}, {variant}"
            found = quantities_of(measured(inner_products(clouds, where), where, **options, correlations=0), 0, len(clouds))
            for quantity in GEOMETRY:
                yield Reading(quantity, group, *found[quantity], packed(baseline, variant), layer)


def minima_readings(model: nn.Module, subject: Subject, names: list[str], epoch: int) -> Iterator[Reading]:
    """The corrected geometry of the groups trained on, where the directions that centres share are searched from other starts.

    The published search has many minima that are nearly as good. Each choice "other starts k" has the probes and the points of
    the usual corrected geometry, and other random starts.

    :param names: names of layers.
    :raises GeometryError: manifolds cannot be measured; the message names network, epoch, layer and group.
    """
    chosen, options = wanted(manifolds_of(subject), (UNPERMUTED, PERMUTED)), probing(subject)
    for layer, (group, baseline), clouds in manifold_activations(model, subject, chosen, names, epoch):
        where = f"network {subject.network}, epoch {epoch}, layer {layer}, group {group} {baseline}".strip()
        grams = inner_products(clouds, where)
        for start, choice in enumerate(OTHER_STARTS, start=1):
            found = measured(grams, where, **options, correlations="published", center_seed=start)
            for quantity, (value, se, n) in quantities_of(found, "published", len(clouds)).items():
                yield Reading(quantity, group, value, se, n, packed(baseline, choice), layer)


def probing(subject: Subject, redrawn: bool = False) -> dict:
    """The number of probes and their seed, which is the same for all layers, groups and epochs of a network.

    :param redrawn: give another seed, for the analysis choice of other probes.
    """
    index = (1,) if redrawn else ()
    rng = subject.spec.rng(subject.network, "geometry_probes", *index)
    return {"n_probes": subject.spec.geometry_probes, "seed": int(rng.integers(2**32))}
