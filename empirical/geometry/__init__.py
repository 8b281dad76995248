"""The geometry of a network's layers: capacity, radius and dimension of class manifolds.

- layers: ``layer_geometry``, of anyone's network; the only door from this room to the theory.
- activations: what layers put out.
- activation_grams: the inner products of activations, in bounded memory.
- class_manifolds: which images make up which manifold.
- readings: the geometry of the networks of our runs, group by group, also under other analysis choices.
- building_blocks: the geometry before and after every ReLU and max-pooling.
- checkpoint_geometry: the geometry of one network of a run, from the file of its checkpoint.
- compression: how compressed classes are, two numbers that need no theory and no torch.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from empirical.geometry.layers import LayerGeometry, layer_geometry

__all__ = ["LayerGeometry", "layer_geometry"]


def __getattr__(name: str):
    """The public names, imported when they are asked for: some files of this folder are read where torch is not installed."""
    if name in __all__:
        from empirical.geometry import layers

        return getattr(layers, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
