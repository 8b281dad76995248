"""What rounding does to activations: whether two are the same up to it, and whether inputs differ by more.

Rounding depends on the order in which products are added, which differs between batches of different sizes and between kernels.
It was measured on pairs of networks that are one function with its units in two orders: perceptrons of 10 to 100 layers of 128
to 1,024 units with ReLU, tanh, or GELU and LayerNorm, and 16 convolutions with BatchNorm. In float32 an activation moved by at
most 4e-5 of the distances between inputs, and that of a dead network, which is the same for all inputs, by at most 30 units of
rounding (eps) of its norm. In float16 and bfloat16, whose products are added in float32, activations moved by at most 2 units
of their norm in perceptrons of 10 and 20 layers, by 5 in the convolutions, and by up to 14 in deeper perceptrons. The tests
measure some of these networks again.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from empirical.activations.recording import PLAIN, Manner
from empirical.errors import ActivationError

# Units of rounding, relative to the norm of activations, that are taken for rounding. In bfloat16 five units would be 4 % of
# the norm, as much as what random numbers or batch statistics do; so what rounds by more is noted, and to be measured in a
# longer type.
UNITS = {torch.bfloat16: 3.0, torch.float16: 6.0}
# The next power of two above what was measured.
OTHERS = 32.0
# Accelerators may round the factors of products in float32 to the ten bits that float16 has; this was not measured on one.
TEN_BITS = torch.float16
# Of the distances between inputs. As noise it moved capacity, radius and dimension by up to 0.6 of a standard error in narrow
# layers (20 and 30 classes in 80 and 60 features, where they hang on which points are active), and by 0.01 in a wide one.
SHARE = 1e-3


def rounding(dtype: torch.dtype, device: torch.device | None = None) -> float:
    """How far rounding can move activations, relative to their norm; 0 for whole numbers."""
    if not (dtype.is_floating_point or dtype.is_complex):
        return 0.0
    own = UNITS.get(dtype, OTHERS) * torch.finfo(dtype).eps
    if device is None or device.type == "cpu" or torch.finfo(dtype).bits > torch.finfo(torch.float32).bits:
        return own
    return max(own, UNITS[TEN_BITS] * torch.finfo(TEN_BITS).eps)


def tolerance(values: Tensor, distance: float) -> float:
    """How far activations of one input may move between two passes.

    :param values: of the input. :param distance: between the activations of inputs.
    """
    return SHARE * distance + rounding(values.dtype, values.device) * float(exact(values).norm())


def distance_between(rows: Tensor | Sequence[Tensor]) -> float:
    """The root mean squared distance between the activations of inputs, each row one; 0 for one input."""
    flat = torch.stack([exact(row).flatten() for row in rows])
    n = len(flat)
    return float((flat - flat.mean(0)).norm() * (2 / (n - 1)) ** 0.5) if n > 1 else 0.0


def differ(one: Tensor, other: Tensor, distance: float) -> bool:
    """Whether activations of the same input differ by more than rounding; ``distance`` as for :func:`tolerance`."""
    return bool((exact(one) - exact(other)).norm() > tolerance(other, distance))


def is_sound(again: Tensor, before: Tensor, spread: float, length: float, layer: str, manner: Manner = PLAIN) -> bool:
    """Whether a layer tells inputs apart, and gives the same input the same activations again, both by more than rounding.

    :param again, before: activations of one input in two passes, (features,); ``before`` has the layer's own type.
    :param spread, length: see :func:`varies`.
    :raises ActivationError: it does not; the message names the layer. A manner that notes errors has it instead.
    """
    if not varies(spread, length, before.dtype):
        kind = str(before.dtype).removeprefix("torch.")
        error = ActivationError(
            f"layer {layer} returned the same for all inputs, up to rounding: it is dead, or what was read of it, as "
            f"one token, does not depend on the input; leave it out. Differences too small for {kind} are not measured"
        )
    elif differ(again, before, (2 * spread) ** 0.5):
        error = ActivationError(
            f"layer {layer} gave other activations in a second pass over the same inputs, so it draws random numbers or "
            "depends on the other inputs of a batch; measure layers before it, or replace its random parts. If only rounding "
            "differs, measure in a longer type, such as float64"
        )
    else:
        return True
    manner.fail(layer, error)
    return False


def varies(spread: float, length: float, dtype: torch.dtype) -> bool:
    """Whether points differ by more than rounding.

    :param spread: mean squared distance of the points from their mean. :param length: squared length of the mean.
    :param dtype: of the activations.
    """
    return spread > rounding(dtype) ** 2 * (length + spread)


def exact(values: Tensor) -> Tensor:
    """The values in double precision, on the processor where the accelerator has none."""
    values = values.cpu() if values.device.type == "mps" else values
    return values.to(torch.complex128 if values.is_complex() else torch.float64)
