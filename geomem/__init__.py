"""geomem under one name: the geometry of networks and clouds, what claims are written with, and a recorder of evidence.

Every name is imported on first use, so that ``import geomem`` loads nothing and needs no torch.

- __main__: the console script ``geomem``, which hands a command to the room that has it.
- pytest: the plugin that judges claims in any repository, ``pytest -p geomem.pytest``.
- judge: the plugin of ``geomem judge``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from empirical.geometry import layer_geometry
    from theory.geometry import manifold_geometry
    from verify import (
        Relation,
        agrees,
        approximates,
        averages,
        both,
        claim,
        differs,
        dominates,
        equivalent,
        exceeds,
        given,
        increases,
        law,
        matches,
        negligible,
        positive,
        rises,
        vanishes,
    )
    from verify.worlds.recorder import Recorder

    __version__: str

_HOMES = {
    "layer_geometry": "empirical.geometry",
    "manifold_geometry": "theory.geometry",
    "Recorder": "verify.worlds.recorder",
}

__all__ = [
    "Recorder",
    "Relation",
    "__version__",
    "agrees",
    "approximates",
    "averages",
    "both",
    "claim",
    "differs",
    "dominates",
    "equivalent",
    "exceeds",
    "given",
    "increases",
    "law",
    "layer_geometry",
    "manifold_geometry",
    "matches",
    "negligible",
    "positive",
    "rises",
    "vanishes",
]


def __getattr__(name: str):
    """A public name from the room that has it; those of no other room are the words of claims, from ``verify``."""
    if name == "__version__":
        return import_module("empirical.installation").version()
    if name in __all__:
        return getattr(import_module(_HOMES.get(name, "verify")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
