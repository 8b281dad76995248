"""geomem under one name: the geometry of networks and clouds, what claims are written with, and a recorder of evidence.

Every name is imported on first use, so that ``import geomem`` loads nothing and needs no torch.

- __main__: the console script ``geomem``, which hands a command to the room that has it.
- pytest: the plugin that judges claims in any repository, ``pytest -p geomem.pytest``.
- judge: the plugin of ``geomem judge``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from empirical.geometry import layer_geometry as layer_geometry
    from theory.geometry import manifold_geometry as manifold_geometry
    from verify import *  # noqa: F403
    from verify.worlds.recorder import Recorder as Recorder

    __version__: str

# The rooms of the names that are not words of claims; those are all that `verify` exports.
_HOMES = {
    "layer_geometry": "empirical.geometry",
    "manifold_geometry": "theory.geometry",
    "Recorder": "verify.worlds.recorder",
}
_WORDS = "verify"


def __getattr__(name: str):
    """A public name from the room that has it, and ``__all__``, which no import of this package alone needs."""
    if name == "__version__":
        return import_module("empirical.installation").version()
    if name == "__all__":
        return sorted([*import_module(_WORDS).__all__, *_HOMES, "__version__"])
    if not name.startswith("_") and (name in _HOMES or name in import_module(_WORDS).__all__):
        return getattr(import_module(_HOMES.get(name, _WORDS)), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__")})
