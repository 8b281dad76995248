"""The inputs of a model: n of them, as tensors that go to it by position or by name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from empirical.errors import ActivationError

MASK = "attention_mask"


@dataclass(frozen=True)
class Inputs:
    """n inputs: the arguments of one call of a model, each tensor with the n inputs along its first axis.

    positional, keywords: arguments; tensors, structures of tensors, and constants that go to every call.
    """

    positional: tuple
    keywords: dict[str, Any]

    def tensors(self) -> list[Tensor]:
        """All tensors, in the order of the arguments."""
        found: list[Tensor] = []
        self.mapped(lambda tensor: found.append(tensor) or tensor)
        return found

    def mapped(self, change: Callable[[Tensor], Tensor]) -> "Inputs":
        """The inputs with every tensor changed."""
        return Inputs(_mapped(self.positional, change), _mapped(self.keywords, change))

    def __len__(self) -> int:
        return len(self.tensors()[0])

    def __getitem__(self, index: slice | Tensor) -> "Inputs":
        return self.mapped(lambda tensor: tensor[index if isinstance(index, slice) else index.to(tensor.device)])

    def split(self, size: int) -> "list[Inputs]":
        """The inputs in batches of at most this size."""
        return [self[start : start + size] for start in range(0, len(self), size)]

    def to(self, device: torch.device) -> "Inputs":
        return self.mapped(lambda tensor: tensor.to(device))

    @property
    def mask(self) -> Tensor | None:
        """Which tokens count, (n, tokens): the argument "attention_mask"."""
        found = self.keywords.get(MASK)
        return found if isinstance(found, Tensor) and found.ndim == 2 else None

    @property
    def values(self) -> Tensor:
        """What the layer "input" is: the first tensor of real or complex numbers, or the first tensor."""
        tensors = self.tensors()
        return next((one for one in tensors if one.is_floating_point() or one.is_complex()), tensors[0])

    def run(self, model: nn.Module) -> None:
        """Run the model on copies, because it may work in place."""
        copies = self.mapped(torch.clone)
        model(*copies.positional, **copies.keywords)

    def __str__(self) -> str:
        return ", ".join(f"{tuple(one.shape)} {str(one.dtype).removeprefix('torch.')}" for one in self.tensors())


def _mapped(part: Any, change: Callable[[Tensor], Tensor]) -> Any:
    if isinstance(part, Tensor):
        return change(part)
    if isinstance(part, Mapping):
        return {name: _mapped(one, change) for name, one in part.items()}
    if isinstance(part, tuple | list):
        return type(part)(_mapped(one, change) for one in part)
    return part


def joined(parts: Sequence[Inputs]) -> Inputs:
    """One batch of the inputs of all parts, which have arguments of one structure."""
    columns: Iterator[Tensor] = iter([torch.cat(tensors) for tensors in zip(*(part.tensors() for part in parts), strict=True)])
    return parts[0].mapped(lambda _tensor: next(columns))


def inputs_of(given: Any, dtype: torch.dtype | None = None) -> Inputs:
    """The inputs that someone gives: a tensor or array (n, ...), a list of n, a dict of arguments, a tuple of arguments.

    :param dtype: of the model's weights, and then of arrays of real numbers, which numpy has in float64 unless told otherwise.
    :raises ActivationError: they are of another kind, have no values, or disagree on n.
    """
    if isinstance(given, Inputs):
        return given
    if isinstance(given, Mapping):
        found = Inputs((), {str(name): _argument(one, dtype, f"[{name!r}]") for name, one in given.items()})
    elif isinstance(given, tuple):
        found = Inputs(tuple(_argument(one, dtype, f"[{i}]") for i, one in enumerate(given)), {})
    else:
        found = Inputs((_stacked(given, dtype) if isinstance(given, list) else _argument(given, dtype, ""),), {})
    tensors = found.tensors()
    if not tensors:
        raise ActivationError(
            f"inputs must be a tensor or an array (n, ...), or hold some; received {type(given).__name__}{_HINT}"
        )
    if len({one.shape[:1] for one in tensors}) > 1 or not tensors[0].ndim:
        shapes = ", ".join(str(tuple(one.shape)) for one in tensors)
        raise ActivationError(
            f"inputs must have their n inputs along the first axis of every tensor; received shapes {shapes}: move the axis of "
            "the inputs to the front, as tensor.transpose(0, 1) does, or leave out what is no input"
        )
    return found


_HINT = "; a dict holds arguments by name, a tuple arguments by position, a list one entry for each input"


def _stacked(given: list, dtype: torch.dtype | None) -> Tensor:
    """A list of n inputs as one tensor."""
    parts = [_argument(np.asarray(one) if _is_numbers(one) else one, dtype, f"[{i}]") for i, one in enumerate(given)]
    if not parts or not all(isinstance(one, Tensor) for one in parts):
        kinds = ", ".join(sorted({type(one).__name__ for one in given})) or "nothing"
        raise ActivationError(f"inputs is a list of {kinds}; it must hold a tensor or an array for each input: convert them")
    shapes = sorted({tuple(one.shape) for one in parts})
    if len(shapes) > 1:
        raise ActivationError(f"inputs differ in shape, {shapes[0]} and {shapes[1]}: resize them, or pad them and pass a mask")
    return torch.stack(parts)


def _is_numbers(given: Any) -> bool:
    return isinstance(given, int | float) or (isinstance(given, list) and bool(given) and all(map(_is_numbers, given)))


def _argument(given: Any, dtype: torch.dtype | None, name: str) -> Any:
    """An argument with its arrays as tensors."""
    if isinstance(given, Tensor):
        return _with_values(given, name)
    if isinstance(given, np.ma.MaskedArray) and np.ma.is_masked(given):
        n_masked = int(np.ma.count_masked(given))
        raise ActivationError(f"inputs{name} has {n_masked} masked entries: leave these inputs out, or fill the entries")
    if hasattr(given, "__array__"):
        return _from_array(np.asarray(given), dtype, name)
    if isinstance(given, Mapping):
        return {key: _argument(one, dtype, f"{name}[{key!r}]") for key, one in given.items()}
    if isinstance(given, tuple | list):
        parts = [_argument(one, dtype, f"{name}[{i}]") for i, one in enumerate(given)]
        return tuple(parts) if isinstance(given, tuple) else parts
    return given


def _from_array(values: np.ndarray, dtype: torch.dtype | None, name: str) -> Tensor:
    if values.dtype.kind not in "buifc":
        raise ActivationError(f"inputs{name} must hold numbers; received an array of {values.dtype}: tokenize or stack it")
    # Strides may be negative and bytes may be swapped, which torch cannot have.
    found = torch.from_numpy(np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("=")).copy())
    return found.to(dtype) if found.is_floating_point() and dtype is not None else found


def _with_values(given: Tensor, name: str) -> Tensor:
    """:raises ActivationError: the tensor is of a kind whose entries cannot be picked out by input."""
    kinds = {
        "sparse: pass inputs.to_dense()": given.layout not in (torch.strided, torch.jagged),
        "nested: pass torch.nested.to_padded_tensor(inputs, 0.0), and a mask by name": given.is_nested,
        "on the meta device and has no values: load it": given.is_meta,
        "quantized: pass inputs.dequantize()": given.is_quantized,
    }
    for kind, is_so in kinds.items():
        if is_so:
            raise ActivationError(f"inputs{name} is {kind}")
    return given
