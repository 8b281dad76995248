"""The geometry of layers as rows, with their classes, and the layers that are not among them. Needs no torch."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from empirical.layer_tables import files, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class LayerGeometry:
    """The geometry of the class manifolds in one layer, as in :class:`theory.geometry.manifolds.ManifoldGeometry`.

    n_features, n_manifolds: N and P. n_points: mean M.
    correlations: how correlations between manifolds are treated: "cavity", "published", or the number of directions removed.
    capacity, radius, dimension: with standard errors (``..._se``) over points and probes; without resamples over probes alone.
    baseline: capacity of the same points under shuffled labels, with its standard error.
    center_correlation: mean absolute cosine between centres.
    center_rank: number of directions removed that the centres share; None with the cavity method.
    held: share of the manifolds that the layer's features can hold at once, 0..1.
    joint_capacity: capacity from joint anchors, which is exact for these points, with its standard error over dichotomies; nan
        where it was not measured. separable: share of these dichotomies that are separable, 0..1. Where it is below 1, the
        joint capacity is an upper bound.
    n_probes: number of probes on all manifolds together.
    note: why the layer has no geometry, its numbers being nan; empty where it has one.
    """

    layer: str
    n_features: int
    n_manifolds: int
    n_points: float
    correlations: str | int
    capacity: float
    capacity_se: float
    baseline: float
    baseline_se: float
    radius: float
    radius_se: float
    dimension: float
    dimension_se: float
    center_correlation: float
    center_rank: int | None
    held: float
    joint_capacity: float
    joint_capacity_se: float
    separable: float
    n_probes: int
    kkt_residual: float
    note: str = ""


@dataclass(frozen=True)
class ClassGeometry:
    """The manifold of one class in one layer.

    label: of the class, as text. n_points: M.
    capacity, radius, dimension: with standard errors (``..._se``) over points and probes; without resamples over probes alone.
        The mean of the inverse capacities of the classes is the inverse of the layer's capacity. Capacity is inf where no probe
        moved.
    """

    layer: str
    label: str
    n_points: int
    capacity: float
    capacity_se: float
    radius: float
    radius_se: float
    dimension: float
    dimension_se: float


@dataclass(frozen=True)
class LeftOut:
    """A layer that a table does not have, and why."""

    layer: str
    why: str


# Values of each class in random halves of the points, (resamples, P), by layer and quantity; of the capacity the inverse.
Halves = Mapping[str, Mapping[str, np.ndarray]]


class LayerTable(list[LayerGeometry]):
    """The rows of layers, in their order; ``print(table)`` shows as many columns as the terminal is wide.

    left_out: layers that were not measured although nobody asked to leave them out.
    classes: the classes of each layer, in the order of layers and labels.
    halves: what :func:`empirical.geometry.layer_differences.compare` needs; by layer, empty without resamples.
    seed: of points, probes and dichotomies; None where unknown.
    """

    def __init__(
        self,
        rows: Iterable[LayerGeometry] = (),
        left_out: Iterable[LeftOut] = (),
        *,
        classes: Iterable[ClassGeometry] = (),
        halves: Halves | None = None,
        seed: int | None = None,
    ) -> None:
        super().__init__(rows)
        self.left_out, self.classes = tuple(left_out), tuple(classes)
        self.halves, self.seed = dict(halves or {}), seed

    def to_frame(self, classes: bool = False) -> Any:
        """A pandas data frame with a row for each layer, or for each class of each layer.

        :raises GeometryError: pandas is not installed.
        """
        kind, records = (ClassGeometry, self.classes) if classes else (LayerGeometry, self)
        return files.frame(kind, records)

    def save(self, path: str | Path) -> None:
        """Write the table: a ``.csv`` file has its rows, a ``.json`` file all that it has. Every digit is kept.

        The file is written whole or not at all.

        :raises GeometryError: another suffix. :raises StorageError: the file cannot be written.
        """
        content = {
            "rows": list(map(asdict, self)),
            "left_out": list(map(asdict, self.left_out)),
            "classes": list(map(asdict, self.classes)),
            "halves": {layer: {name: one.tolist() for name, one in of.items()} for layer, of in self.halves.items()},
            "seed": self.seed,
        }
        files.write(Path(path), LayerGeometry, self, content)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The table that :meth:`save` wrote; of a ``.csv`` file its rows alone.

        :raises GeometryError: another suffix, no such file, or a file that :meth:`save` did not write.
        """
        found = files.read(Path(path), {"rows": LayerGeometry, "left_out": LeftOut, "classes": ClassGeometry})
        halves = {layer: {name: np.array(one) for name, one in of.items()} for layer, of in found.get("halves", {}).items()}
        rest = {"classes": found.get("classes", ()), "halves": halves, "seed": found.get("seed")}
        return cls(found["rows"], found.get("left_out", ()), **rest)

    def plot(self, **others: "LayerTable") -> "Figure":
        """A figure of capacity with its shuffled baseline, radius and dimension over layers, with one standard error.

        Layers without a geometry are gaps. ``table.plot().savefig("layers.png")`` needs no display.

        :param others: further tables under their names, which are drawn beside this one, "this network".
        :raises GeometryError: there is no row, or matplotlib is not installed.
        """
        from empirical.layer_tables.figure import plot_layers

        return plot_layers({"this network": self, **others})

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What rich shows of the table."""
        yield from words.shown(self, self.left_out, options.max_width)

    def __str__(self) -> str:
        """The table as text, as wide as the terminal at most."""
        out = io.StringIO()
        Console(file=out, highlight=False).print(self)
        return out.getvalue().rstrip("\n")
