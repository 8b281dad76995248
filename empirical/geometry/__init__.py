"""The geometry of a network's layers: capacity, radius and dimension of class manifolds.

- layers: ``layer_geometry``, the geometry of any network, and ``layer_sample_sizes``, how many images it needs.
- layer_rows: from a layer's activations to its row; with ``measures`` the only file of this room that imports the theory.
- measures: the theory as an instrument, the numbers of class manifolds.
- layer_differences: two networks on the same images, with errors of their differences.
- noted_layers: the table of a measurement, with notes on layers that have no geometry.
- reporting: how far a measurement is.
- class_manifolds: the images of each manifold.
- readings: the geometry of our runs' networks for each group of images, also under other analysis choices.
- building_blocks: the geometry before and after every ReLU and max-pooling.
- checkpoint_geometry: the geometry of one network of a run, read from its checkpoint.
- compression: the compression and discrimination of classes, two numbers that need no theory and no torch.
- numerical_rank: how many directions carry nearly all of a layer's features, without either.
- linearity: how linear a layer is in its input, and what a linear readout finds in it, without theory and without torch.
- reconstruction: how well a layer's input is reconstructed by a linear and by a small non-linear decoder, without either.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from empirical.geometry.layer_differences import LayerDifference, compare, layer_comparison
    from empirical.geometry.layers import layer_geometry, layer_sample_sizes
    from empirical.layer_tables.figure import plot_layers
    from empirical.layer_tables.rows import ClassGeometry, LayerGeometry
    from empirical.layer_tables.table import LayerTable

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
    "ClassGeometry": "layer_tables.rows",
    "LayerDifference": "geometry.layer_differences",
    "LayerGeometry": "layer_tables.rows",
    "LayerTable": "layer_tables.table",
    "compare": "geometry.layer_differences",
    "layer_comparison": "geometry.layer_differences",
    "layer_geometry": "geometry.layers",
    "layer_sample_sizes": "geometry.layers",
    "plot_layers": "layer_tables.figure",
}


def __getattr__(name: str):
    """The public names, imported on first use: some files of this folder are also read where torch is not installed."""
    if name in _HOMES:
        return getattr(import_module(f"empirical.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
