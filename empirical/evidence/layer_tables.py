"""The geometry of one network's layers as a table for a terminal of any width. Needs no torch."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.table import Table

from empirical.evidence.geometry_tables import with_error

# With fewer manifolds the authors of the theory do not trust it.
FEW_MANIFOLDS = 30
FEW = "P = {}: below {} manifolds, where the theory is a limit of many; the joint capacity is exact at every P"


def joint_words(row: Any) -> str:
    """The joint capacity with its error; where not all dichotomies are separable, as the upper bound that it is."""
    if math.isnan(row.joint_capacity):
        return ""
    if row.separable == 1:
        return with_error(row.joint_capacity, row.joint_capacity_se)
    return f"< {row.joint_capacity:.3g} ({row.separable:.0%} separable)"


# How each column is made of a row.
CELLS: dict[str, Callable[[Any], str]] = {
    "layer": lambda row: row.layer,
    "features": lambda row: str(row.n_features),
    "group": lambda row: f"{getattr(row, 'group', '')} {getattr(row, 'choice', '')}".strip(),
    "capacity": lambda row: with_error(row.capacity, row.capacity_se) + ("" if row.held == 1 or math.isnan(row.held) else "*"),
    "shuffled": lambda row: with_error(row.baseline, row.baseline_se),
    "joint": joint_words,
    "R": lambda row: with_error(row.radius, row.radius_se),
    "D": lambda row: with_error(row.dimension, row.dimension_se),
    "centre corr.": lambda row: "" if math.isnan(row.center_correlation) else f"{row.center_correlation:.3f}",
    "K": lambda row: "" if row.center_rank is None else str(row.center_rank),
}
NAMING, OF_A_LAYER = ("layer", "group"), ("layer", "features")
LEFT_OUT_FIRST = ("K", "centre corr.", "features", "joint", "shuffled", "D", "R")
# Columns that the frame takes for each column, and those that a name of a layer has at least.
BORDER, NARROWEST_NAME = 3, 16
NAMED_AT_MOST = 6


def geometry_table(rows: Sequence, title: str, width: int | None = None) -> Table:
    """A table of layers by groups for one network.

    :param rows: records of :class:`empirical.geometry.checkpoint_geometry.GroupGeometry`, or of
        :class:`empirical.geometry.layer_table.LayerGeometry`.
    :param width: columns of the terminal. Where they do not suffice, some quantities are left out, and the caption says which.
    """
    cells = {heading: [cell(row) for row in rows] for heading, cell in CELLS.items()}
    cells = {heading: column for heading, column in cells.items() if any(column)}
    absent = _too_much(cells, width)
    caption = _caption(rows)
    if absent:
        caption.append(f"left out for want of space (--csv has all): {', '.join(absent)}")
    table = Table(title=title, caption="\n".join(caption), title_justify="left", caption_justify="left")
    for heading in (shown := {name: column for name, column in cells.items() if name not in absent}):
        is_name = heading in NAMING
        table.add_column(heading, justify="left" if is_name else "right", overflow="fold", no_wrap=not is_name)
    before = None
    for row, *values in zip(rows, *shown.values(), strict=True):
        if row.layer != before:
            table.add_section()
        again = row.layer == before
        table.add_row(*("" if again and name in OF_A_LAYER else one for name, one in zip(shown, values, strict=True)))
        before = row.layer
    return table


def _too_much(cells: dict[str, list[str]], width: int | None) -> list[str]:
    """The quantities that do not fit into the width, beside names of layers that may take two lines or more."""
    widths = {heading: max(map(cell_len, (*column, *(heading.split() or [""])))) + BORDER for heading, column in cells.items()}
    widths["layer"] = min(widths["layer"], NARROWEST_NAME + BORDER)
    absent = []
    for heading in LEFT_OUT_FIRST:
        if width is not None and heading in widths and sum(widths.values()) + 1 > width:
            del widths[heading]
            absent.append(heading)
    return absent


def notes(rows: Sequence) -> list[str]:
    """What a table of layers does not have, with the reasons: rows without geometry, and layers that were left out."""
    without = [(row.layer, row.note) for row in rows if getattr(row, "note", "")]
    without += [(one.layer, one.why) for one in getattr(rows, "left_out", ())]
    reasons: dict[str, list[str]] = {}
    for layer, why in without:
        reasons.setdefault(why.removeprefix(f"layer {layer}: ").replace(layer, "it"), []).append(layer)
    return [f"not measured: {_some(layers)}: {why}" for why, layers in reasons.items()]


def _some(layers: list[str]) -> str:
    more = f" and {len(layers) - NAMED_AT_MOST} more" if len(layers) > NAMED_AT_MOST else ""
    return ", ".join(layers[:NAMED_AT_MOST]) + more


def _caption(rows: Sequence) -> list[str]:
    """What the columns mean, in words that depend on how the layers were measured."""
    row = rows[0]
    capacity = {"cavity": "cavity method", "published": "published correction, K directions removed"}
    words = [
        f"capacity: {capacity.get(row.correlations, f'mean field, {row.correlations} directions removed')}; shuffled: the same "
        "points under shuffled labels; joint: joint anchors; R in centre norms; standard errors",
    ]
    if any(row.held < 1 for row in rows):
        words.append(
            "* random dichotomies of all manifolds are hardly separable in so few features: the capacity of part of them"
        )
    if row.n_manifolds < FEW_MANIFOLDS:
        words.append(FEW.format(row.n_manifolds, FEW_MANIFOLDS))
    return words
