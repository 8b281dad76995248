"""Inner products of layers' activations within classes; the memory does not grow with the width of the layers.

They suffice where manifolds are taken as independent. :mod:`empirical.activations.point_products` has those of all points.

The features of a layer are never kept for all images. A first pass over the images finds the centres of the classes, a second
pass finds the inner products of each class about its centre. Features beyond the memory budget get further pairs of passes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.activations.examination import tolerance
from empirical.activations.recording import BATCH, PLAIN, Batch, Manner, recording
from empirical.errors import ActivationError

# Bytes for the centres and the features of one class.
BUDGET = 2**29


@dataclass
class ClassSums:
    """The inner products that the geometry needs from a layer with P classes, float64.

    width: number of features.
    offsets: of the points of each class about its centre, P tensors of shape (M_i, M_i).
    along: of these offsets with all centres, P tensors of shape (M_i, P).
    centers: of the centres about the mean of all points, (P, P).
    length: squared length of the mean of all points.
    """

    width: int
    offsets: list[Tensor]
    along: list[Tensor]
    centers: Tensor
    length: float = 0.0

    @property
    def spread(self) -> float:
        """The mean squared distance of the points from their mean."""
        within = sum(float(block.trace()) for block in self.offsets)
        between = sum(len(block) * float(own) for block, own in zip(self.offsets, self.centers.diagonal(), strict=True))
        return (within + between) / sum(len(block) for block in self.offsets)

    @classmethod
    def zeros(cls, width: int, sizes: Sequence[int], device: torch.device) -> "ClassSums":
        """Sums that are all 0, allocated together.

        If they were allocated one by one, between large arrays that come and go, the heap could not shrink.

        :param sizes: M_i, number of points of each class.
        """
        options = {"dtype": torch.float64, "device": device}
        offsets, along = ([torch.zeros(n, columns or n, **options) for n in sizes] for columns in (0, len(sizes)))
        return cls(width, offsets, along, torch.zeros(len(sizes), len(sizes), **options))


@dataclass(frozen=True)
class Piece:
    """A range of a layer's features."""

    layer: str
    start: int
    stop: int


def activation_sums(
    model: nn.Module, classes: Sequence[Batch], names: Sequence[str], budget: int = BUDGET, manner: Manner = PLAIN
) -> dict[str, ClassSums]:
    """The inner products of each layer's class manifolds, by the name of the layer; without layers whose failure is noted.

    The model is used in its current mode, without gradients.

    :param classes: inputs of each class, (M_i, ...).
    :param names: names of layers; "input" stands for the inputs.
    :param budget: bytes for the centres and the features of one class, and as many bytes for the activations of a batch; the
        memory that the model needs for these comes on top.
    :param manner: how outputs are read.
    :raises ActivationError: see :func:`empirical.activations.recording.recording`; or a layer's outputs change between two
        passes. A manner that notes errors has them instead.
    """
    with torch.no_grad(), recording(model, names, manner=manner) as outputs:
        examples = outputs(classes[0][:2])
    sizes = [len(members) for members in classes]
    sums = {name: ClassSums.zeros(one.shape[1], sizes, home(one)) for name, one in examples.items()}
    widths = {name: one.width for name, one in sums.items()}
    drift = {name: tolerance(one) for name, one in examples.items()}
    for pieces in packed(widths, max(budget // (8 * (len(sizes) + max(sizes))), 1)):
        pieces = [piece for piece in pieces if not manner.has_failed(piece.layer)]
        watched = [piece.layer for piece in pieces]
        if not watched:
            continue
        batch = max(min(BATCH, budget // (8 * sum(widths[name] for name in watched))), 1)
        with torch.no_grad(), recording(model, watched, manner=manner) as outputs:
            _add(sums, outputs, [members.split(batch) for members in classes], pieces, drift, manner)
    return {
        name: one
        for name, one in sums.items()
        if not manner.has_failed(name) and varies(one.spread, one.length, examples[name].dtype, name, manner)
    }


def packed(widths: dict[str, int], room: int) -> Iterator[list[Piece]]:
    """All features of layers of these widths, in lots of at most ``room`` features."""
    lot: list[Piece] = []
    left = room
    for name, width in widths.items():
        start = 0
        while start < width:
            stop = min(start + left, width)
            lot.append(Piece(name, start, stop))
            left -= stop - start
            start = stop
            if not left:
                yield lot
                lot, left = [], room
    if lot:
        yield lot


def _add(sums: dict[str, ClassSums], outputs, batches, pieces: list[Piece], drift: dict[str, float], manner: Manner) -> None:
    """Add some of the features to the sums, in two passes over the inputs."""
    sizes = torch.tensor([sum(len(batch) for batch in one) for one in batches], dtype=torch.float64)
    moved = {piece: _room(sums, piece, len(batches)) for piece in pieces}
    before: dict[Piece, Tensor] = {}
    for label, features in enumerate(_passed(sums, outputs, batches, pieces)):
        for piece, values in features.items():
            before.setdefault(piece, values[0].clone())
            torch.mean(values, 0, out=moved[piece][label])
    origin = {piece: (sizes.to(rows.device) / sizes.sum()) @ rows for piece, rows in moved.items()}
    for piece, rows in moved.items():
        rows -= origin[piece]
        sums[piece.layer].centers.addmm_(rows, rows.T)
        sums[piece.layer].length += float(origin[piece] @ origin[piece])
    for label, features in enumerate(_passed(sums, outputs, batches, pieces)):
        for piece, values in features.items():
            if label == 0:
                require_same(values[0], before[piece], piece.layer, drift[piece.layer], manner)
            found = sums[piece.layer]
            values -= origin[piece] + moved[piece][label]
            found.offsets[label].addmm_(values, values.T)
            found.along[label].addmm_(values, moved[piece].T)


def _room(sums: dict[str, ClassSums], piece: Piece, rows: int) -> Tensor:
    return sums[piece.layer].centers.new_empty(rows, piece.stop - piece.start)


def _passed(sums, outputs, batches, pieces: list[Piece]) -> Iterator[dict[Piece, Tensor]]:
    """Some features of each class in turn, (M_i, features), float64; each class overwrites the memory of the class before."""
    most = max(sum(len(batch) for batch in members) for members in batches)
    rooms = {piece: _room(sums, piece, most) for piece in pieces}
    for members in batches:
        n_points = 0
        for batch in members:
            found = outputs(batch)
            for piece, room in rooms.items():
                if piece.layer in found:
                    room[n_points : n_points + len(batch)] = found[piece.layer][:, piece.start : piece.stop]
            n_points += len(batch)
        yield {piece: room[:n_points] for piece, room in rooms.items()}


def home(values: Tensor) -> torch.device:
    """The device of the sums: that of the activations, or the processor if the accelerator has no float64."""
    return torch.device("cpu") if values.device.type == "mps" else values.device


def require_same(again: Tensor, before: Tensor, layer: str, drift: float, manner: Manner = PLAIN) -> None:
    """Compare the activations of the first input in two passes.

    :param drift: the relative difference that rounding can explain.
    :raises ActivationError: they differ; the message names the layer. A manner that notes errors has it instead.
    """
    if (again - before).norm() > drift * before.norm():
        error = ActivationError(
            f"layer {layer} gave other activations in a second pass over the same inputs, so it draws random numbers; measure "
            "layers before it, or replace its random parts"
        )
        manner.fail(layer, error)


def varies(spread: float, length: float, dtype: torch.dtype, layer: str, manner: Manner = PLAIN) -> bool:
    """Whether a layer tells its inputs apart by more than rounding.

    :param spread: mean squared distance of the points from their mean. :param length: squared length of the mean.
    :param dtype: of the activations.
    :raises ActivationError: it does not. A manner that notes errors has it instead.
    """
    if spread > (2 * torch.finfo(dtype).eps) ** 2 * length:
        return True
    error = ActivationError(
        f"layer {layer} returned the same for all inputs, up to rounding: it is dead, or what was read of it, as one token, "
        "does not depend on the input; leave it out"
    )
    manner.fail(layer, error)
    return False
