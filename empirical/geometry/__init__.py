"""The geometry of a network's layers: capacity, radius and dimension of class manifolds.

- layers: ``layer_geometry``, the geometry of any network, and ``layer_sample_sizes``, how many images it needs; the only file
  of this room that imports the theory.
- layer_table: the table that it returns: layers, their classes, and the layers that it left out.
- layer_words: the table in a terminal of any width.
- layer_files: the table as CSV, JSON and data frame.
- layer_figure: the table as a picture.
- layer_differences: two networks on the same images, with errors of their differences.
- class_manifolds: the images of each manifold.
- readings: the geometry of our runs' networks for each group of images, also under other analysis choices.
- building_blocks: the geometry before and after every ReLU and max-pooling.
- checkpoint_geometry: the geometry of one network of a run, read from its checkpoint.
- compression: the compression and discrimination of classes, two numbers that need no theory and no torch.
- linearity: how linear a layer is in its input, and what a linear readout finds in it, without theory and without torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from empirical.geometry.layer_differences import LayerDifference, compare, layer_comparison
    from empirical.geometry.layer_figure import plot_layers
    from empirical.geometry.layer_table import ClassGeometry, LayerGeometry, LayerTable
    from empirical.geometry.layers import layer_geometry, layer_sample_sizes

__all__ = [
    "ClassGeometry",
    "LayerDifference",
    "LayerGeometry",
    "LayerTable",
    "compare",
    "layer_comparison",
    "layer_geometry",
    "layer_sample_sizes",
    "plot_layers",
]
_HOMES = {
    "ClassGeometry": "layer_table",
    "LayerDifference": "layer_differences",
    "LayerGeometry": "layer_table",
    "LayerTable": "layer_table",
    "compare": "layer_differences",
    "layer_comparison": "layer_differences",
    "layer_geometry": "layers",
    "layer_sample_sizes": "layers",
    "plot_layers": "layer_figure",
}


def __getattr__(name: str):
    """The public names, imported on first use: some files of this folder are also read where torch is not installed."""
    if name in _HOMES:
        return getattr(import_module(f"empirical.geometry.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
