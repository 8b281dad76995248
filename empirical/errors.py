"""Errors that a user sees. Each message says what was received, why it cannot be, and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class GeomemError(Exception):
    """Base class of the errors whose message is shown to the user without a traceback."""


class SpecError(GeomemError):
    """A run specification is wrong."""


class StorageError(GeomemError):
    """A file could not be written; the file that was there before is intact."""


class DownloadError(GeomemError):
    """A host does not give a file, or gives a file that differs from the published one."""


class CheckpointError(GeomemError):
    """A checkpoint is missing, truncated or altered, or it belongs to another run."""


class EvidenceMissing(GeomemError):
    """The evidence has not been made yet; the message says which command makes it."""


class ActivationError(GeomemError):
    """Activations cannot be measured: the layer does not exist, or its outputs are not finite."""


class ModelError(GeomemError):
    """A network of the user cannot be imported, built, given its weights or run; the message says what to do."""


class GeometryError(GeomemError):
    """The geometry of manifolds cannot be measured; the message names layer, epoch and group."""


class AttackError(GeomemError):
    """Adversarial examples cannot be searched for: a length is in the wrong unit, or the network is in training mode."""


class LabelsError(GeomemError):
    """Images, labels, indices, logits or a verified sample of the user cannot be used; the message says which and why."""


def near_or_all(name: str, known: Iterable[str]) -> str:
    """What to say of a name that is unknown: the known names that are near, or all of them where none is."""
    known = list(known)
    near = get_close_matches(name, known)
    return f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"


def how_to_install(extra: str) -> str:
    """The command that installs what an extra of the package needs, in a checkout and outside of one."""
    in_checkout = (Path(__file__).parents[1] / "pyproject.toml").is_file()
    return "python -m pip install " + (f"-e '.[{extra}]' -c constraints.txt" if in_checkout else f"'geomem[{extra}]'")
