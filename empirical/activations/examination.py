"""What a network does with few inputs, before it is measured: which modules run, and what their outputs depend on.

A layer whose activations depend on the other inputs of the batch, or on random numbers, has no class manifolds: an image would
be another point in every batch. Both are found by running the first input three times: twice in the same batch, and once in a
batch of other size, at another place, with other companions.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.activations.calls import Call, modules_of
from empirical.activations.inputs import Inputs
from empirical.activations.outputs import Place, by_input, tensor_of
from empirical.activations.rounding import differ, distance_between
from empirical.errors import ActivationError


@dataclass
class Outcome:
    """What one call of a module returned.

    shape: of its tensor for two inputs; None where it returned no tensor.
    place: where it has the inputs; None where it does not.
    drawn: whether it differs when the same batch is run again. mixed: whether it depends on the batch.
    """

    shape: tuple[int, ...] | None
    place: Place | None = None
    drawn: bool = False
    mixed: bool = False


Outcomes = dict[Call, Outcome]


def examined(network: nn.Module, inputs: Inputs) -> Outcomes:
    """What every call of a module returned, in the order in which calls end. The network is used in its current mode.

    :param inputs: a few; the first is compared with itself.
    :raises ActivationError: the model cannot be run on them.
    """
    n, outcomes = len(inputs), {}
    pair, trio = (inputs[torch.tensor([i % n for i in index])] for index in ((0, 1), (2, 3, 0)))
    kept: dict[Call, Tensor] = {}
    distances: dict[Call, float] = {}

    def shaped(call: Call, output: Tensor | None) -> None:
        outcomes[call] = Outcome(None if output is None else tuple(output.shape))

    def placed(call: Call, output: Tensor | None) -> None:
        if call in outcomes and output is not None:
            outcomes[call].place = _place_of_inputs(outcomes[call].shape or (), output.shape)
            if (rows := _rows(call, output, 3)) is not None:
                kept[call], distances[call] = rows[2].clone(), distance_between(rows)

    def drawn(call: Call, output: Tensor | None) -> None:
        outcomes[call].drawn = _other(call, _rows(call, output, 3), 2)

    def mixed(call: Call, output: Tensor | None) -> None:
        outcomes[call].mixed = _other(call, _rows(call, output, 2), 0)

    def _rows(call: Call, output: Tensor | None, n_inputs: int) -> Tensor | None:
        place = outcomes[call].place
        return None if output is None or place is None else by_input(output, n_inputs, place)

    def _other(call: Call, rows: Tensor | None, index: int) -> bool:
        if rows is None or rows[index].shape != kept[call].shape:
            return True
        return differ(rows[index], kept[call], distances[call])

    for batch, look in ((pair, shaped), (trio, placed), (trio, drawn), (pair, mixed)):
        calls = None if look in (shaped, placed) else kept
        with _watching(network, look, calls):
            _run(network, batch)
    return outcomes


def _place_of_inputs(two: Sequence[int], three: Sequence[int]) -> Place | None:
    """Where outputs for two and for three inputs have them: the one axis that is two thirds as long."""
    grown = [axis for axis, (one, other) in enumerate(zip(two, three, strict=False)) if one != other]
    if len(two) != len(three) or len(grown) != 1 or 3 * two[grown[0]] != 2 * three[grown[0]]:
        return None
    return grown[0], two[grown[0]] // 2


@contextmanager
def _watching(network: nn.Module, look: Callable[[Call, Tensor | None], None], calls) -> Iterator[None]:
    """Pass each call of a module to ``look``, with its tensor; of the calls alone, unless they are None."""
    counts: dict[nn.Module, int] = {}

    def hook(module, _inputs, output) -> None:
        counts[module] = counts.get(module, 0) + 1
        call = module, counts[module]
        if calls is None or call in calls:
            look(call, tensor_of(output))

    modules = [one for one in dict.fromkeys(modules_of(network).values()) if not isinstance(one, torch.jit.ScriptModule)]
    hooks = [module.register_forward_hook(hook) for module in modules]
    try:
        yield
    finally:
        for one in hooks:
            one.remove()


def _run(network: nn.Module, batch: Inputs) -> None:
    try:
        with torch.no_grad():
            batch.run(network)
    except Exception as error:
        dtypes = {str(one.dtype) for one in network.parameters() if one.is_floating_point()}
        weights = f"; its weights are {', '.join(sorted(dtypes)).replace('torch.', '')}" if dtypes else ""
        raise ActivationError(
            f"the model cannot be run on a batch of {len(batch)} inputs, {batch}{weights}: {type(error).__name__}: {error}"
        ) from error
