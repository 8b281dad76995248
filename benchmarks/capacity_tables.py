"""The tables that ``python -m benchmarks.capacity`` prints."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.table import Table

from benchmarks.estimators import CAVITY, ESTIMATORS, PUBLISHED, SEPARATED
from benchmarks.machine import PACKAGES

# Where the cavity method is further from the separated capacity, the row is named below its table.
FAR = 0.1


def tables(found: dict[str, Any]) -> Iterator[Table]:
    """The four tables of the numbers that :func:`benchmarks.capacity.measure` returns."""
    about = found["about"]
    versions = ", ".join(f"{name} {about[name]}" for name in ("python", *PACKAGES))
    network = f"{found['network']}\nseed {found['seed']}, {about['machine']}, {about['cores']} cores, {versions}"
    yield _capacities(
        found["layers"], f"capacity of layers, and its ratio to the separated\n{network}", ["layer", "P, M, N", "group"]
    )
    yield _capacities(found["populations"], "capacity of populations, and its ratio to the separated", ["population"])
    yield _covered(found["coverage"])
    yield _changed(found["noise"])


def _capacities(rows: list[dict], title: str, headings: list[str]) -> Table:
    table = Table(*headings, title=title, caption=_far(rows))
    for name in ESTIMATORS:
        table.add_column(name, justify="right")
    for row in rows:
        shape = ", ".join(map(str, row.get("shape", ())))
        first = [row["layer"], shape, row["group"]] if "layer" in row else [row["name"]]
        table.add_row(*first, *(_cell(name, row["estimates"][name]) for name in ESTIMATORS))
    return table


def _cell(name: str, one: dict) -> str:
    """A capacity with its error, its ratio to the separated capacity, and what the estimator reports besides."""
    if "bound" in one:
        whole = f"not separable, P/rank {one['bound']:.3f}"
        part = f"{one['part']} at random ({one['separated']}/{one['parts']})"
        return f"{whole}\n{part}: {_number(one) if one['value'] else 'none'}"
    ratio = "" if name == SEPARATED or one["ratio"] is None else f"\n{one['ratio']:.2f} ± {one['ratio_se']:.2f}"
    return f"{_number(one)}{ratio}{_besides(name, one)}"


def _number(one: dict) -> str:
    return f"{one['value']:.3f} ± {one['se']:.3f}"


def _besides(name: str, one: dict) -> str:
    if name == PUBLISHED:
        return f", K {one['K']:.2g}"
    if name == CAVITY and one["held"] < 1:
        return f", held {one['held']:.2f}"
    return f", separable {one['separable']:.2f}" if one.get("separable", 1) < 1 else ""


def _far(rows: list[dict]) -> str:
    """The rows in which the cavity method is far from the separated capacity."""
    near = {row["name"]: row["estimates"][CAVITY] for row in rows}
    known = {name: one for name, one in near.items() if one["ratio"] is not None}
    far = [f"{name} {one['ratio']:.2f} ± {one['ratio_se']:.2f}" for name, one in known.items() if abs(one["ratio"] - 1) > FAR]
    return f"cavity more than {FAR:.0%} from separated: {'; '.join(far) or 'nowhere'}"


def _covered(rows: list[dict]) -> Table:
    table = Table("", "mean", "spread", "covered", "error with resamples", "without", caption="errors in units of the spread")
    table.title = "how many intervals of 2 standard errors, with resamples, cover the mean over redraws of the points"
    for row in rows:
        errors = (f"{row[name]:.2f}" for name in ("with", "without"))
        table.add_row(row["name"], f"{row['mean']:.3g}", f"{row['spread']:.2g}", f"{row['covered']:.1%}", *errors)
    return table


def _changed(rows: list[dict]) -> Table:
    methods = list(rows[0]["methods"])
    table = Table("", *methods, caption="root mean square and largest over examples; largest in percent")
    table.title = "change of the capacity, in its standard errors"
    for row in rows:
        table.add_row(row["name"], *(_moved(**row["methods"][name]) for name in methods))
    return table


def _moved(in_errors: list[float], relative: list[float], uncertified: list[int]) -> str:
    moved, percent = np.abs(in_errors), 100 * np.abs(relative)
    note = f"; {len(uncertified)} without certificate" if uncertified else ""
    return f"{np.sqrt(np.mean(moved**2)):.2g}, {moved.max():.2g}; {percent.max():.2g} %{note}"
