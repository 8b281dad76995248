"""Networks that map an image to an image of the same size, many at once: their initial weights, activations and outputs.

Layers have no biases. A weight is Gaussian with variance gain / (number of inputs of its unit). torch's own initialization
has the gain 1/3, and He initialization the gain 2. The weights of a network depend on its seed only, not on the others
beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

Images = np.ndarray  # (m, H, W) for all networks, or (networks, m, H, W)
Weights = list[Tensor]  # for each layer (networks, outputs, inputs), or (networks, outputs, inputs, kernel, kernel)

ACTIVATIONS = ("relu", "linear")
PADDINGS = ("zero", "circular")


@dataclass(frozen=True)
class Connected:
    """A fully connected network from H W pixels through hidden layers to H W pixels.

    depth: number of layers, 1 or more. width: units of each hidden layer. gain: see the module.
    activation: "relu" or "linear", between layers.
    skip: every layer with as many outputs as inputs adds its input to its output.
    """

    depth: int
    width: int
    gain: float = 1.0
    activation: str = "relu"
    skip: bool = False

    def __post_init__(self) -> None:
        _check(self.depth, self.gain, self.activation, width=self.width)

    def weight_shapes(self, shape: tuple[int, int]) -> list[tuple[int, ...]]:
        """The shape of each layer's weights, for images of a shape."""
        n_pixels = shape[0] * shape[1]
        sizes = [n_pixels, *[self.width] * (self.depth - 1), n_pixels]
        return [(sizes[layer + 1], sizes[layer]) for layer in range(self.depth)]

    def entered(self, images: Tensor) -> Tensor:
        """Images (networks, m, H, W) as the first layer's input, (networks, pixels, m)."""
        return images.flatten(2).mT

    def passed(self, weights: Tensor, held: Tensor) -> Tensor:
        """The output of one layer before its activation, (networks, outputs, m)."""
        return weights @ held

    def left(self, held: Tensor, shape: Sequence[int]) -> Tensor:
        """The last layer's output as images, of a shape (networks, m, H, W)."""
        return held.mT.reshape(*shape)


@dataclass(frozen=True)
class Convolutional:
    """A network of convolutions of stride 1 from one channel through hidden channels to one channel.

    depth: number of layers, 1 or more. kernel: side of the filters in pixels, odd. n_channels: of each hidden layer.
    gain: see the module. activation: "relu" or "linear", between layers. padding: "zero" or "circular".
    skip: every layer with as many outputs as inputs adds its input to its output.
    """

    depth: int
    kernel: int
    n_channels: int
    gain: float = 1.0
    activation: str = "relu"
    padding: str = "zero"
    skip: bool = False

    def __post_init__(self) -> None:
        _check(self.depth, self.gain, self.activation, n_channels=self.n_channels, kernel=self.kernel)
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel must be odd, for the output to have the size of the image; received {self.kernel}")
        if self.padding not in PADDINGS:
            raise ValueError(f"padding must be one of {PADDINGS}; received {self.padding!r}")

    def weight_shapes(self, shape: tuple[int, int]) -> list[tuple[int, ...]]:
        """The shape of each layer's weights, which is the same for images of all shapes."""
        sizes = [1, *[self.n_channels] * (self.depth - 1), 1]
        return [(sizes[layer + 1], sizes[layer], self.kernel, self.kernel) for layer in range(self.depth)]

    def entered(self, images: Tensor) -> Tensor:
        """Images (networks, m, H, W) as the first layer's input, (m, networks, H, W)."""
        return images.transpose(0, 1)

    def passed(self, weights: Tensor, held: Tensor) -> Tensor:
        """The output of one layer before its activation, (m, networks channels, H, W), the channels of a network in a row."""
        reach = self.kernel // 2
        if self.padding == "circular":
            held, reach = functional.pad(held, (reach,) * 4, mode="circular"), 0
        return functional.conv2d(held, weights.flatten(0, 1), padding=reach, groups=len(weights))

    def left(self, held: Tensor, shape: Sequence[int]) -> Tensor:
        """The last layer's output as images, of a shape (networks, m, H, W)."""
        return held.transpose(0, 1).reshape(*shape)


Architecture = Connected | Convolutional


def initial_weights(
    architecture: Architecture, shape: tuple[int, int], seeds: Sequence[int], dtype: torch.dtype = torch.float32
) -> Weights:
    """The weights of networks before training, for each layer (networks, ...).

    :param shape: (H, W) of the images. :param seeds: one for each network.
    """
    generators = [np.random.default_rng(seed) for seed in seeds]
    drawn = []
    for size in architecture.weight_shapes(shape):
        scale = np.sqrt(architecture.gain / np.prod(size[1:]))
        drawn.append(torch.from_numpy(np.stack([scale * rng.standard_normal(size) for rng in generators])).to(dtype))
    return drawn


def layer_outputs(architecture: Architecture, weights: Weights, images: Tensor) -> list[Tensor]:
    """What each layer hands on, after its activation and skip connection; the last has no activation.

    :param images: (networks, m, H, W).
    :returns: as the architecture holds them: (networks, units, m), or (m, networks channels, H, W).
    """
    held, found = architecture.entered(images), []
    for index, layer in enumerate(weights):
        raised = architecture.passed(layer, held)
        if architecture.activation == "relu" and index < len(weights) - 1:
            raised = raised.relu()
        held = raised + held if architecture.skip and layer.shape[1] == layer.shape[2] else raised
        found.append(held)
    return found


def outputs_of(architecture: Architecture, weights: Weights, images: Tensor) -> Tensor:
    """The outputs for images (networks, m, H, W), of the same shape."""
    return architecture.left(layer_outputs(architecture, weights, images)[-1], images.shape)


def outputs(architecture: Architecture, weights: Weights, images: Images) -> np.ndarray:
    """The outputs of networks for images, (networks, m, H, W)."""
    with torch.no_grad():
        return outputs_of(architecture, weights, for_each(images, len(weights[0]), weights[0].dtype)).numpy()


def activations(architecture: Convolutional, weights: Weights, images: Images) -> list[np.ndarray]:
    """What each layer of convolutional networks hands on, (networks, m, channels, H, W)."""
    n_networks = len(weights[0])
    with torch.no_grad():
        held = layer_outputs(architecture, weights, for_each(images, n_networks, weights[0].dtype))
    return [one.unflatten(1, (n_networks, -1)).transpose(0, 1).numpy() for one in held]


def for_each(images: Images, n_networks: int, dtype: torch.dtype) -> Tensor:
    """Images (m, H, W) or (networks, m, H, W) as a tensor (networks, m, H, W).

    :raises ValueError: another number of axes, another number of networks, no image, or pixels that are not finite.
    """
    values = np.asarray(images, dtype=float)
    if values.ndim not in (3, 4) or values.size == 0 or (values.ndim == 4 and len(values) != n_networks):
        raise ValueError(f"images must be (m, H, W) or ({n_networks} networks, m, H, W), m >= 1; received shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("images must be finite; some pixels are not")
    return torch.from_numpy(values).to(dtype).expand(n_networks, *values.shape[-3:])


def _check(depth, gain, activation, **sizes):
    for name, size in {"depth": depth, **sizes}.items():
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(f"{name} must be a whole number >= 1; received {size!r}")
    if not (np.isfinite(gain) and gain > 0):
        raise ValueError(f"gain must be finite and > 0; received {gain!r}")
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {ACTIVATIONS}; received {activation!r}")
