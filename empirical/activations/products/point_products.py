"""Inner products of layers' activations for the points of all classes; memory does not grow with the width of the layers.

The features of a layer are kept for all points only as far as the memory budget goes. The others follow in further passes over
the inputs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from scipy.linalg import get_blas_funcs
from torch import Tensor, nn

from empirical.activations.models import home_of
from empirical.activations.products.pieces import BUDGET, Piece, cut, packed
from empirical.activations.recording import BATCH, PLAIN, Batch, Manner, recording
from empirical.activations.rounding import is_sound

# Features whose products are summed at a time, in float64.
BLOCK = 2**12
(_with_itself,) = get_blas_funcs(("syrk",), dtype=float)


@dataclass(frozen=True)
class LayerProducts:
    """The inner products between all points of a layer, class after class, about the mean of all points.

    width: number of features. sizes: M_i, number of points of each class. points: (K, K) for K = sum M_i, float64.
    """

    width: int
    sizes: list[int]
    points: Tensor


def activation_products(
    model: nn.Module, classes: Sequence[Batch], names: Sequence[str], budget: int = BUDGET, manner: Manner = PLAIN
) -> Iterator[tuple[str, LayerProducts]]:
    """The name and the inner products of each layer, in the order of the names, as soon as they are complete.

    Layers whose failure is noted are left out. The model is used in its current mode, without gradients.

    :param classes: inputs of each class, (M_i, ...).
    :param names: names of layers; "input" stands for the inputs.
    :param budget: bytes for the features of all points, and as many bytes for the activations of a batch; the memory that the
        model needs for these comes on top.
    :param manner: how outputs are read.
    :raises ActivationError: see :func:`empirical.activations.recording.recording`; or a layer has other widths for some
        inputs, its outputs change between two passes, or they are the same for all inputs. A manner that notes errors has them
        instead.
    """
    with torch.no_grad(), recording(model, names, manner=manner) as outputs:
        examples = outputs(classes[0][:2])
    sizes, widths = [len(members) for members in classes], {name: one.shape[1] for name, one in examples.items()}
    itemsize = max((one.element_size() for one in examples.values()), default=1)
    again = {name: torch.empty_like(one[0]) for name, one in examples.items()}
    sums: dict[str, Tensor] = {}
    lengths: dict[str, float] = {}
    for lot in packed(widths, max(budget // (itemsize * sum(sizes)), 1)):
        pieces = [piece for piece in lot if not manner.has_failed(piece.layer)]
        if not pieces:
            continue
        watched = [piece.layer for piece in pieces]
        batch = max(min(BATCH, budget // (itemsize * sum(widths[name] for name in watched))), 1)
        with torch.no_grad(), recording(model, watched, manner=manner) as outputs:
            batches = [part for members in classes for part in members.split(batch)]
            features = _passed(outputs, batches, pieces, sum(sizes), manner)
        for piece, values in features.items():
            again[piece.layer][piece.start : piece.stop] = values[0]
            found = sums.setdefault(
                piece.layer, torch.zeros(sum(sizes), sum(sizes), dtype=torch.float64, device=home_of(values))
            )
            lengths[piece.layer] = lengths.get(piece.layer, 0.0) + _add(found, values)
            if piece.is_last:
                found = _both_triangles(found)
                spread, first = float(found.trace()) / sum(sizes), examples[piece.layer][0]
                if is_sound(again[piece.layer], first, spread, lengths[piece.layer], piece.layer, manner):
                    yield piece.layer, LayerProducts(piece.width, sizes, found)
                del sums[piece.layer], found
        for name in [name for name in sums if manner.has_failed(name)]:
            del sums[name]


def _passed(outputs, batches: list[Batch], pieces: list[Piece], n_points: int, manner: Manner) -> dict[Piece, Tensor]:
    """Some features of all points, (K, features) for each piece, in one pass over the inputs."""
    rooms: dict[Piece, Tensor] = {}
    start = 0
    for batch in batches:
        for piece, values in cut(outputs(batch), pieces, manner):
            room = rooms.setdefault(piece, values.new_empty(n_points, values.shape[1]))
            room[start : start + len(batch)] = values
        start += len(batch)
    return {piece: room for piece, room in rooms.items() if not manner.has_failed(piece.layer)}


def _add(sums: Tensor, features: Tensor) -> float:
    """Add the inner products of the features about their mean over all points; the squared length of this mean."""
    length = 0.0
    for block in features.split(BLOCK, dim=1):
        values = block.to(sums.device, torch.float64)
        mean = values.mean(0)
        length += float(mean @ mean)
        values = values - mean
        _add_products(sums, values)
    return length


def _add_products(sums: Tensor, values: Tensor) -> None:
    """Add the inner products; on the processor one triangle of them, which takes half the time."""
    if sums.device.type != "cpu":
        sums.addmm_(values, values.T)
        return
    columns = values.contiguous().numpy().T
    _with_itself(1.0, columns, beta=1.0, c=sums.numpy().T, trans=1, lower=1, overwrite_c=1)


def _both_triangles(sums: Tensor) -> Tensor:
    return sums.triu().add_(sums.triu(1).T) if sums.device.type == "cpu" else sums
