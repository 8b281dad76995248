"""The geometry of a network's layers."""

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
