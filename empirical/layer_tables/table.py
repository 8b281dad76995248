"""The geometry of layers as a table, with their classes, and the layers that are not among them. Needs no torch."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from empirical.layer_tables import files, words
from empirical.layer_tables.figure import plot_layers
from empirical.layer_tables.rows import ClassGeometry, LayerGeometry, LeftOut

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# Values of each class in random halves of the points, (resamples, P), by layer and quantity; of the capacity the inverse.
Halves = Mapping[str, Mapping[str, np.ndarray]]


class LayerTable(list[LayerGeometry]):
    """The rows of layers, in their order; ``print(table)`` shows as many columns as the terminal is wide.

    left_out: layers that were not measured although nobody asked to leave them out.
    classes: the classes of each layer, in the order of layers and labels.
    halves: what :func:`empirical.geometry.layer_differences.compare` needs; by layer, empty without resamples.
    seed: of points, probes and dichotomies; None where unknown.
    settings: how the layers were measured where no row says it: "margin", "tokens" and "resamples"; empty where unknown.
    """

    def __init__(
        self,
        rows: Iterable[LayerGeometry] = (),
        left_out: Iterable[LeftOut] = (),
        *,
        classes: Iterable[ClassGeometry] = (),
        halves: Halves | None = None,
        seed: int | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(rows)
        self.left_out, self.classes = tuple(left_out), tuple(classes)
        self.halves, self.seed, self.settings = dict(halves or {}), seed, dict(settings or {})

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
            "settings": self.settings,
        }
        files.write(Path(path), LayerGeometry, self, content)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The table that :meth:`save` wrote; of a ``.csv`` file its rows alone.

        :raises GeometryError: another suffix, no such file, or a file that :meth:`save` did not write.
        """
        found = files.read(Path(path), {"rows": LayerGeometry, "left_out": LeftOut, "classes": ClassGeometry})
        halves = {layer: {name: np.array(one) for name, one in of.items()} for layer, of in found.get("halves", {}).items()}
        rest = {name: found.get(name) for name in ("seed", "settings")}
        return cls(found["rows"], found.get("left_out", ()), classes=found.get("classes", ()), halves=halves, **rest)

    def plot(self, **others: "LayerTable") -> "Figure":
        """A figure of capacity with its shuffled baseline, radius and dimension over layers, with one standard error.

        Layers without a geometry are gaps. ``table.plot().savefig("layers.png")`` needs no display.

        :param others: further tables under their names, which are drawn beside this one, "this network".
        :raises GeometryError: there is no row, or matplotlib is not installed.
        """
        return plot_layers({"this network": self, **others})

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What rich shows of the table."""
        yield from words.shown(self, self.left_out, options.max_width)

    def __str__(self) -> str:
        """The table as text, as wide as the terminal at most."""
        out = io.StringIO()
        Console(file=out, highlight=False).print(self)
        return out.getvalue().rstrip("\n")
