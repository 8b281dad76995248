"""The geometry of a network's layers: capacity, radius and dimension of class manifolds.

- layers: ``layer_geometry``, the geometry of any network; the only file of this room that imports the theory.
- activations: the outputs of layers.
- activation_products: the inner products of activations between all points.
- activation_grams: the inner products of activations within classes, in less memory and time.
- class_manifolds: the images of each manifold.
- readings: the geometry of our runs' networks for each group of images, also under other analysis choices.
- building_blocks: the geometry before and after every ReLU and max-pooling.
- checkpoint_geometry: the geometry of one network of a run, read from its checkpoint.
- compression: the compression and discrimination of classes, two numbers that need no theory and no torch.
- linearity: how linear a layer is in its input, and what a linear readout finds in it, without theory and without torch.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from empirical.geometry.layers import LayerGeometry, layer_geometry

__all__ = ["LayerGeometry", "layer_geometry"]


def __getattr__(name: str):
    """The public names, imported on first use: some files of this folder are also read where torch is not installed."""
    if name in __all__:
        from empirical.geometry import layers

        return getattr(layers, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
