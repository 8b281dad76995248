"""The tensor inside what a layer returns, and its rows of features."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils import rnn

from empirical.errors import ActivationError

Place = tuple[int, int]  # the axis of the inputs in an output, and the number of rows of each input there
FIRST = (0, 1)
Tokens = str | int | Callable[[Tensor], Tensor]
ALL, MEAN, CLASS = "all", "mean", "class"


def tensor_of(output: Any) -> Tensor | None:
    """The first tensor of an output, depth first; None where there is none.

    Of a recurrent layer it is the sequence, of attention the attended values, of a ModelOutput its first field. Packed and
    nested sequences are padded with zeros.
    """
    if isinstance(output, rnn.PackedSequence):
        return rnn.pad_packed_sequence(output, batch_first=True)[0]
    if isinstance(output, np.ndarray):
        return torch.from_numpy(output)
    if isinstance(output, Tensor):
        return _dense(output)
    if isinstance(output, Mapping):
        output = list(output.values())
    if isinstance(output, Sequence) and not isinstance(output, str | bytes):
        return next((found for part in output if (found := tensor_of(part)) is not None), None)
    return None


def _dense(output: Tensor) -> Tensor:
    if output.is_nested:
        return torch.nested.to_padded_tensor(output, 0.0)
    if output.is_quantized:
        return output.dequantize()
    return output if output.layout == torch.strided else output.to_dense()


def by_input(values: Tensor, n_inputs: int, place: Place) -> Tensor | None:
    """A layer's tensor with the inputs along its first axis, (n, ...); None where it has other sizes.

    :param place: the axis of the inputs, and how many rows each input has there, one after the other; where they are more than
        one they become the second axis, (n, rows, ...).
    """
    axis, n_rows = place
    if values.ndim <= axis or values.shape[axis] != n_inputs * n_rows:
        return None
    moved = values.movedim(axis, 0)
    return moved if n_rows == 1 else moved.unflatten(0, (n_inputs, n_rows))


def features_of(rows: Tensor, tokens: Tokens = ALL, mask: Tensor | None = None) -> Tensor:
    """The features of each input, (n, features), a copy: of (n, tokens, d) those of the tokens chosen, of others all.

    The parts of complex numbers become features of their own, which leaves squared distances alone.

    :param rows: what a layer returned, (n, ...).
    :param tokens: "all" flattens; "mean" is the mean over tokens, "class" the first token, a number the token there; these
        three leave outputs of other than three axes alone. A function receives (n, ...) and returns (n, ...).
    :param mask: which tokens count, (n, tokens); only "mean" heeds it, in outputs with as many tokens.
    :raises ActivationError: there is no such token, or the function returns no tensor with a row for each input.
    """
    n_inputs = len(rows)
    if callable(tokens):
        rows = tokens(rows)
        if not isinstance(rows, Tensor) or rows.shape[:1] != (n_inputs,):
            raise ActivationError(
                f"has no rows: the function tokens must return a tensor with one for each of {n_inputs} inputs"
            )
    elif rows.ndim == 3 and tokens != ALL:
        rows = _token(rows, tokens, mask)
    if rows.is_complex():
        rows = torch.view_as_real(rows.resolve_conj())
    if not rows.is_floating_point() or rows.element_size() == 1:
        rows = rows.double()
    return rows.reshape(n_inputs, -1).clone()


def _token(rows: Tensor, tokens: str | int, mask: Tensor | None) -> Tensor:
    if tokens == MEAN:
        if mask is None or mask.shape != rows.shape[:2]:
            return rows.mean(1)
        counted = mask.to(rows.device).bool()[..., None]
        # What padded tokens hold may be infinite.
        return torch.where(counted, rows, 0).sum(1) / counted.sum(1).clamp(min=1)
    place = 0 if tokens == CLASS else int(tokens)
    if not -rows.shape[1] <= place < rows.shape[1]:
        raise ActivationError(f"has {rows.shape[1]} tokens and no token {place}; choose another, or tokens='mean'")
    return rows[:, place]


def require_tokens(tokens: Tokens) -> None:
    """:raises ActivationError: tokens is none of the choices."""
    whole = isinstance(tokens, int | np.integer) and not isinstance(tokens, bool)
    if not (whole or callable(tokens) or (isinstance(tokens, str) and tokens in (ALL, MEAN, CLASS))):
        raise ActivationError(f'tokens must be "all", "mean", "class", a whole number or a function; received {tokens!r}')


def in_words(tokens: Tokens) -> str | int:
    """The choice of tokens as it can be kept in a file; a function by its name."""
    if callable(tokens):
        return f"function {getattr(tokens, '__qualname__', type(tokens).__qualname__)}"
    return tokens if isinstance(tokens, str) else int(tokens)
