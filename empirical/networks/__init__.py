"""The networks, one per file, as torch modules with named blocks."""

from collections.abc import Callable

from torch import nn

from empirical.errors import SpecError
from empirical.networks.smallvgg import smallvgg

ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {"smallvgg": smallvgg}


def build(architecture: str, width: int, in_channels: int, n_classes: int) -> nn.Module:
    """A network by name, initialized from torch's current random state.

    :raises SpecError: unknown name; the message lists those there are.
    """
    if architecture not in ARCHITECTURES:
        raise SpecError(f"architecture must be one of {', '.join(ARCHITECTURES)}; received {architecture!r}")
    return ARCHITECTURES[architecture](width, in_channels, n_classes)
