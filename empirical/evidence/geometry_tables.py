"""The geometry of layers as tables, for the terminal and as CSV with all digits. Needs no torch."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import product
from typing import Any

import numpy as np
from rich.table import Table

from empirical.errors import ActivationError, EvidenceMissing
from empirical.evidence.bundle import Bundle
from empirical.evidence.measurement import Measurement, TableError
from empirical.evidence.names import GROUPS, SHUFFLED
from empirical.runs.instruments import GEOMETRY

# With fewer manifolds the authors of the theory do not trust it.
FEW_MANIFOLDS = 30
CAPACITY, CAVITY = "capacity", "cavity_"


@dataclass(frozen=True)
class Recorded:
    """The mean of a quantity over networks, in one layer and group at one epoch.

    se: standard error of the mean; nan for one network.
    n_networks: number of networks.
    """

    epoch: int
    layer: str
    group: str
    choice: str
    quantity: str
    mean: float
    se: float
    n_networks: int


def recorded_geometry(bundle: Bundle, source: str, layers: Sequence[str] | None = None) -> list[Recorded]:
    """The geometry in a bundle at its first and last epoch, with layers in their order.

    Quantities are those of the cavity method where both epochs have them, and otherwise those of independent manifolds.

    :param source: the bundle's name in messages of errors.
    :param layers: names of layers; None stands for all.
    :raises EvidenceMissing: the bundle has no geometry.
    :raises ActivationError: the bundle has no such layer.
    :raises TableError: a part of the geometry was edited, or failed its check.
    """
    for (quantity, _), reason in bundle.broken.items():
        if quantity in GEOMETRY:
            raise TableError(reason)
    cells: dict[tuple, list[Measurement]] = {}
    names = _judged(bundle)
    for row in bundle.rows:
        if row.quantity in names and row.group in GROUPS and row.choice in ("", SHUFFLED):
            cells.setdefault((row.epoch, row.layer, row.group, row.choice, row.quantity), []).append(row)
    if not cells:
        raise EvidenceMissing(
            f"the bundle {source} has no geometry; make a bundle of a run that measures it: python -m empirical bundle RUN"
        )
    there = _in_depth(cells)
    for layer in layers or ():
        if layer not in there:
            raise ActivationError(f"no layer {layer!r} in {source}; choose among its layers: {', '.join(there)}")
    epochs = {epoch for epoch, *_ in cells}
    keys = product(sorted({min(epochs), max(epochs)}), layers or there, GROUPS, ("", SHUFFLED), names)
    return [Recorded(*key, *_mean(cells[key])) for key in keys if key in cells]


def _judged(bundle: Bundle) -> tuple[str, ...]:
    epochs = {name: {row.epoch for row in bundle.rows if row.quantity == name} for name in (CAPACITY, f"{CAVITY}{CAPACITY}")}
    every, cavity = epochs.values()
    both = every and {min(every), max(every)} <= cavity
    return tuple(f"{CAVITY}{name}" for name in GEOMETRY) if both else GEOMETRY


def _in_depth(cells: dict[tuple, list[Measurement]]) -> list[str]:
    """The layers from the input to the last, each once."""
    places = {(row.depth, row.layer) for rows in cells.values() for row in rows}
    return list(dict.fromkeys(layer for _, layer in sorted(places)))


def _mean(rows: list[Measurement]) -> tuple[float, float, int]:
    values = np.array([row.value for row in rows])
    se = values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return float(values.mean()), float(se), len(values)


def recorded_table(rows: list[Recorded], title: str) -> Table:
    """A table of layers by groups, with each quantity at the first and at the last epoch."""
    epochs = sorted({row.epoch for row in rows})
    method = method_words("cavity" if rows[0].quantity.startswith(CAVITY) else 0)
    table = Table(
        "layer", "group", title=title, caption=f"mean over networks, its standard error; {method}", title_justify="left"
    )
    names = list(dict.fromkeys(row.quantity for row in rows))
    for quantity in names:
        for epoch in epochs:
            table.add_column(f"{quantity.removeprefix(CAVITY)} at {epoch}", justify="right")
    found = {(r.layer, r.group, r.choice, r.quantity, r.epoch): with_error(r.mean, r.se) for r in rows}
    before = None
    for layer, group, choice in dict.fromkeys((r.layer, r.group, r.choice) for r in rows):
        if layer != before:
            table.add_section()
        cells = [found.get((layer, group, choice, quantity, epoch), "") for quantity in names for epoch in epochs]
        table.add_row("" if layer == before else layer, f"{group} {choice}".strip(), *cells)
        before = layer
    return table


FEW = "P = {}: below {} manifolds, where the theory is a limit of many; the joint capacity is exact at every P"
HEADINGS = ("layer", "features", "group", "capacity", "shuffled", "joint", "R", "D", "centre corr.", "K")


def method_words(correlations: str | int) -> str:
    """How correlations between manifolds are treated, in words."""
    if correlations == 0:
        return "mean field, manifolds taken as independent (K = 0)"
    named = {"cavity": "cavity method", "published": "published correction, K directions removed"}
    return named.get(str(correlations), f"mean field, {correlations} directions removed")


def geometry_table(rows: Sequence, title: str) -> Table:
    """A table of layers by groups for one network.

    :param rows: records of :class:`empirical.geometry.checkpoint_geometry.GroupGeometry`, or of
        :class:`empirical.geometry.layers.LayerGeometry`.
    """
    table = Table(title=title, caption=caption(rows[0]), title_justify="left", caption_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in ("layer", "group") else "right")
    before = None
    for row in rows:
        if row.layer != before:
            table.add_section()
        start = ("", "") if row.layer == before else (row.layer, str(row.n_features))
        table.add_row(
            *start,
            f"{getattr(row, 'group', '')} {getattr(row, 'choice', '')}".strip(),
            with_error(row.capacity, row.capacity_se) + ("" if row.held == 1 else "*"),
            with_error(row.baseline, row.baseline_se),
            joint_words(row),
            with_error(row.radius, row.radius_se),
            with_error(row.dimension, row.dimension_se),
            f"{row.center_correlation:.3f}",
            "" if row.center_rank is None else str(row.center_rank),
        )
        before = row.layer
    return table


def joint_words(row: Any) -> str:
    """The joint capacity with its error; where not all dichotomies are separable, as the upper bound that it is."""
    if math.isnan(row.joint_capacity):
        return ""
    if row.separable == 1:
        return with_error(row.joint_capacity, row.joint_capacity_se)
    return f"< {row.joint_capacity:.3g} ({row.separable:.0%} separable)"


def caption(row: Any, headings: Sequence[str] = HEADINGS) -> str:
    """What the columns mean, in words that depend on how the layer was measured.

    :param row: one of the rows. :param headings: of the columns that are shown.
    """
    meanings = {
        "capacity": f"capacity: {method_words(row.correlations)}",
        "shuffled": "shuffled: the same points under shuffled labels",
        "joint": "joint: joint anchors",
        "R": "R in centre norms",
    }
    words = [
        "; ".join([*(words for heading, words in meanings.items() if heading in headings), "standard errors"]),
        "* random dichotomies of all manifolds are hardly separable in so few features: the capacity of part of them",
    ]
    if row.n_manifolds < FEW_MANIFOLDS:
        words.append(FEW.format(row.n_manifolds, FEW_MANIFOLDS))
    return "\n".join(words)


def with_error(value: float, se: float) -> str:
    """The value and its standard error as text, rounded to two digits of the standard error."""
    if not math.isfinite(se) or se <= 0:
        return f"{value:.4g}"
    digits = max(0, 1 - math.floor(math.log10(se)))
    return f"{value:.{digits}f} ± {se:.{digits}f}"


def csv_text(rows: Sequence) -> str:
    """The records as CSV text; each number is written as its shortest exact decimal.

    :param rows: one record or more, all of one dataclass.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [field.name for field in fields(rows[0])]
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in rows)
    return out.getvalue()
