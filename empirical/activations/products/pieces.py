"""The features of layers, in lots for which there is memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from empirical.activations.recording import Manner
from empirical.errors import ActivationError

# Bytes for features, and as many for the activations of a batch.
BUDGET = 2**29


@dataclass(frozen=True)
class Piece:
    """The features start..stop of a layer, which has ``width`` of them."""

    layer: str
    start: int
    stop: int
    width: int

    @property
    def is_last(self) -> bool:
        return self.stop == self.width


def packed(widths: Mapping[str, int], room: int) -> Iterator[list[Piece]]:
    """All features of layers of these widths, in lots of at most ``room`` features."""
    lot: list[Piece] = []
    left = room
    for name, width in widths.items():
        start = 0
        while start < width:
            stop = min(start + left, width)
            lot.append(Piece(name, start, stop, width))
            left -= stop - start
            start = stop
            if not left:
                yield lot
                lot, left = [], room
    if lot:
        yield lot


def cut(found: Mapping[str, Tensor], pieces: Sequence[Piece], manner: Manner) -> Iterator[tuple[Piece, Tensor]]:
    """Each piece with its features in a batch, (n, stop - start); without layers that failed.

    :param found: outputs by layer, (n, width).
    :raises ActivationError: a layer has another width in this batch than in the first; the message names it. A manner that
        notes errors has it instead.
    """
    for piece in pieces:
        values = found.get(piece.layer)
        if values is None:
            continue
        if values.shape[1] == piece.width:
            yield piece, values[:, piece.start : piece.stop]
        elif not manner.has_failed(piece.layer):
            manner.fail(piece.layer, _other_width(piece, values.shape[1]))


def _other_width(piece: Piece, width: int) -> ActivationError:
    return ActivationError(
        f"layer {piece.layer} has {width} features for some inputs and {piece.width} for others, so that inputs have no common "
        "space; pad or crop all inputs to one size, or choose tokens that every input has"
    )
