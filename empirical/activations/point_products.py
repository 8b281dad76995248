"""Inner products of layers' activations for the points of all classes; memory does not grow with the width of the layers.

The features of a layer are kept for all points only as far as the memory budget goes. The others follow in further passes over
the inputs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.activations.class_sums import BUDGET, Piece, home, packed, require_same
from empirical.activations.recording import BATCH, recording

# Features whose products are summed at a time, in float64.
BLOCK = 2**12


@dataclass(frozen=True)
class LayerProducts:
    """The inner products between all points of a layer, class after class, about the mean of all points.

    width: number of features. sizes: M_i, number of points of each class. points: (K, K) for K = sum M_i, float64.
    """

    width: int
    sizes: list[int]
    points: Tensor


def activation_products(
    model: nn.Module, classes: Sequence[Tensor], names: Sequence[str], budget: int = BUDGET
) -> Iterator[tuple[str, LayerProducts]]:
    """The name and the inner products of each layer, in the order of the names, as soon as they are complete.

    The model is used in its current mode, without gradients.

    :param classes: inputs of each class, (M_i, ...).
    :param names: names of layers; "input" stands for the inputs.
    :param budget: bytes for the features of all points, and as many bytes for the activations of a batch; the memory that the
        model needs for these comes on top.
    :raises ActivationError: see :func:`empirical.activations.recording.recording`; or a layer's outputs change between two
        passes.
    """
    with torch.no_grad(), recording(model, names) as outputs:
        examples = outputs(classes[0][:1])
    sizes, widths = [len(members) for members in classes], {name: one.shape[1] for name, one in examples.items()}
    itemsize = max(one.element_size() for one in examples.values())
    sums: dict[str, Tensor] = {}
    for pieces in packed(widths, max(budget // (itemsize * sum(sizes)), 1)):
        watched = [piece.layer for piece in pieces]
        batch = max(min(BATCH, budget // (itemsize * sum(widths[name] for name in watched))), 1)
        with torch.no_grad(), recording(model, watched) as outputs:
            features = _passed(outputs, [part for members in classes for part in members.split(batch)], pieces, sum(sizes))
        for piece, values in features.items():
            require_same(values[0], examples[piece.layer][0, piece.start : piece.stop], piece.layer)
            found = sums.setdefault(piece.layer, torch.zeros(sum(sizes), sum(sizes), dtype=torch.float64, device=home(values)))
            _add(found, values)
            if piece.stop == widths[piece.layer]:
                yield piece.layer, LayerProducts(widths[piece.layer], sizes, sums.pop(piece.layer))


def _passed(outputs, batches: list[Tensor], pieces: list[Piece], n_points: int) -> dict[Piece, Tensor]:
    """Some features of all points, (K, features) for each piece, in one pass over the inputs."""
    rooms: dict[Piece, Tensor] = {}
    start = 0
    for batch in batches:
        found = outputs(batch)
        for piece in pieces:
            values = found[piece.layer][:, piece.start : piece.stop]
            room = rooms.setdefault(piece, values.new_empty(n_points, values.shape[1]))
            room[start : start + len(batch)] = values
        start += len(batch)
    return rooms


def _add(sums: Tensor, features: Tensor) -> None:
    """Add the inner products of the features about their mean over all points."""
    for block in features.split(BLOCK, dim=1):
        values = block.to(sums.device, torch.float64)
        values = values - values.mean(0)
        sums.addmm_(values, values.T)
