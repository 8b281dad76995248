"""Inner products of layers' activations within classes; the memory does not grow with the width of the layers.

They suffice where manifolds are taken as independent. :mod:`empirical.activations.products.point_products` has the
others.

The features of a layer are never kept for all images. A first pass over the images finds the centres of the classes, a second
pass finds the inner products of each class about its centre. Features beyond the memory budget get further pairs of passes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.activations.models import home_of
from empirical.activations.products.pieces import BUDGET, Piece, cut, packed
from empirical.activations.recording import BATCH, PLAIN, Batch, Manner, recording
from empirical.activations.rounding import is_sound


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
    :raises ActivationError: see :func:`empirical.activations.recording.recording`; or a layer has other widths for some
        inputs, its outputs change between two passes, or they are the same for all inputs. A manner that notes errors has them
        instead.
    """
    with torch.no_grad(), recording(model, names, manner=manner) as outputs:
        examples = outputs(classes[0][:2])
    sizes = [len(members) for members in classes]
    sums = {name: ClassSums.zeros(one.shape[1], sizes, home_of(one)) for name, one in examples.items()}
    widths = {name: one.width for name, one in sums.items()}
    again = {name: one.new_empty(one.shape[1], dtype=torch.float64, device=home_of(one)) for name, one in examples.items()}
    for pieces in packed(widths, max(budget // (8 * (len(sizes) + max(sizes))), 1)):
        pieces = [piece for piece in pieces if not manner.has_failed(piece.layer)]
        watched = [piece.layer for piece in pieces]
        if not watched:
            continue
        batch = max(min(BATCH, budget // (8 * sum(widths[name] for name in watched))), 1)
        with torch.no_grad(), recording(model, watched, manner=manner) as outputs:
            _add(sums, again, outputs, [members.split(batch) for members in classes], pieces, manner)
    return {
        name: one
        for name, one in sums.items()
        if not manner.has_failed(name) and is_sound(again[name], examples[name][0], one.spread, one.length, name, manner)
    }


def _add(sums: dict[str, ClassSums], again: dict[str, Tensor], outputs, batches, pieces: list[Piece], manner: Manner) -> None:
    """Add some of the features to the sums, in two passes over the inputs.

    :param again: the features of the first input in the second pass, (width,) by layer; they are filled in.
    """
    sizes = torch.tensor([sum(len(batch) for batch in one) for one in batches], dtype=torch.float64)
    moved = {piece: _room(sums, piece, len(batches)) for piece in pieces}
    for label, features in enumerate(_passed(sums, outputs, batches, pieces, manner)):
        for piece, values in features.items():
            torch.mean(values, 0, out=moved[piece][label])
    origin = {piece: (sizes.to(rows.device) / sizes.sum()) @ rows for piece, rows in moved.items()}
    for piece, rows in moved.items():
        rows -= origin[piece]
        sums[piece.layer].centers.addmm_(rows, rows.T)
        sums[piece.layer].length += float(origin[piece] @ origin[piece])
    for label, features in enumerate(_passed(sums, outputs, batches, pieces, manner)):
        for piece, values in features.items():
            if label == 0:
                again[piece.layer][piece.start : piece.stop] = values[0]
            found = sums[piece.layer]
            values -= origin[piece] + moved[piece][label]
            found.offsets[label].addmm_(values, values.T)
            found.along[label].addmm_(values, moved[piece].T)


def _room(sums: dict[str, ClassSums], piece: Piece, rows: int) -> Tensor:
    return sums[piece.layer].centers.new_empty(rows, piece.stop - piece.start)


def _passed(sums, outputs, batches, pieces: list[Piece], manner: Manner) -> Iterator[dict[Piece, Tensor]]:
    """Some features of each class in turn, (M_i, features), float64; each class overwrites the memory of the class before."""
    most = max(sum(len(batch) for batch in members) for members in batches)
    rooms = {piece: _room(sums, piece, most) for piece in pieces}
    for members in batches:
        n_points = 0
        for batch in members:
            for piece, values in cut(outputs(batch), pieces, manner):
                rooms[piece][n_points : n_points + len(batch)] = values
            n_points += len(batch)
        yield {piece: room[:n_points] for piece, room in rooms.items()}
