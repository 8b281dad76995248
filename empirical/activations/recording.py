"""Activations of named layers for given inputs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from empirical.activations.calls import resolved
from empirical.activations.inputs import Inputs
from empirical.activations.outputs import ALL, FIRST, Place, Tokens, by_input, features_of, tensor_of
from empirical.errors import ActivationError, GeomemError
from empirical.evidence.names import INPUT

BATCH = 256
Batch = Tensor | Inputs


@dataclass(frozen=True)
class Manner:
    """How the outputs of layers become rows of features, and what happens where they do not.

    tokens: see :func:`empirical.activations.outputs.features_of`.
    places: where a layer's output has the inputs, by the name of the layer, as in
        :func:`empirical.activations.outputs.by_input`; along the first axis where none is given.
    failed: why layers cannot be measured, by name. Recording adds to it and goes on; None raises the first error.
    """

    tokens: Tokens = ALL
    places: dict[str, Place] = field(default_factory=dict)
    failed: dict[str, GeomemError] | None = None

    def fail(self, layer: str, error: GeomemError) -> None:
        """Note the error of a layer.

        :raises GeomemError: errors are not noted.
        """
        if self.failed is None:
            raise error
        self.failed.setdefault(layer, error)

    def has_failed(self, layer: str) -> bool:
        return self.failed is not None and layer in self.failed


PLAIN = Manner()


def activations(model: nn.Module, images: Tensor, names: Iterable[str], epoch: int | None = None) -> dict[str, Tensor]:
    """The outputs of the layers, flattened, by the name of the layer: (n, features).

    The model is used in its current mode, without gradients.

    :param images: (n, channels, height, width).
    :param names: names of layers; "input" stands for the pixels.
    :param epoch: epoch of the weights, for messages of errors.
    :raises ActivationError: see :func:`recording`.
    """
    found: dict[str, list[Tensor]] = {name: [] for name in names}
    with torch.no_grad(), recording(model, list(found), epoch) as outputs:
        for batch in images.split(BATCH):
            for name, values in outputs(batch).items():
                found[name].append(values)
    return {name: torch.cat(parts) for name, parts in found.items()}


@contextmanager
def recording(
    model: nn.Module, names: Sequence[str], epoch: int | None = None, manner: Manner = PLAIN
) -> Iterator[Callable[[Batch], dict[str, Tensor]]]:
    """A function that runs the model on a batch of inputs and returns the outputs of the layers, (n, features).

    Outputs are copied, because the next layer may change them in place, as ReLU(inplace=True) does. All hooks are removed when
    the context ends.

    :param names: names of layers and of calls, as :func:`empirical.activations.calls.resolved` reads them; "input" stands for
        the inputs, also if a module has this name.
    :param epoch: epoch of the weights, for messages of errors.
    :param manner: how outputs are read; layers that fail are left out of what is returned if it notes their errors.
    :raises ActivationError: a layer does not exist (the message lists the layers that do); or its output is not finite, or has
        no tensor with a row for each input (the message names layer and epoch).
    """
    taps = {name: _Tap(name, *_module_of(model, name), manner) for name in names}
    hooks = [tap.module.register_forward_hook(tap) for tap in taps.values() if tap.module is not None]

    def outputs(batch: Batch) -> dict[str, Tensor]:
        # A batch of one is run as two, because some kernels add its products in another order, and batch statistics need two.
        alone = isinstance(batch, Inputs) and len(batch) == 1
        batch = batch if isinstance(batch, Inputs) else Inputs((batch,), {})
        batch = batch[torch.zeros(2, dtype=torch.int64)] if alone else batch
        for tap in taps.values():
            tap.expect(batch)
        batch.run(model)
        found = {}
        for name, tap in taps.items():
            try:
                if not manner.has_failed(name):
                    rows = tap.taken()
                    found[name] = _finite(rows[:1] if alone else rows, name, epoch)
            except ActivationError as error:
                manner.fail(name, error)
        return found

    try:
        yield outputs
    finally:
        for hook in hooks:
            hook.remove()


def _module_of(model: nn.Module, name: str) -> tuple[nn.Module | None, int | None]:
    return (None, None) if name == INPUT else resolved(model, name)


class _Tap:
    """What one layer returns for one batch.

    Rows are read while the model runs: of a token that is chosen no other is kept.
    """

    def __init__(self, name: str, module: nn.Module | None, call: int | None, manner: Manner) -> None:
        self.name, self.module, self.call, self.manner = name, module, call, manner
        self.place = manner.places.get(name, FIRST)

    def expect(self, batch: Inputs) -> None:
        """Forget the batch before."""
        self.batch, self.n_calls, self.rows = batch, 0, None
        if self.module is None:
            self._read(batch.values)

    def __call__(self, _module, _inputs, output) -> None:
        self.n_calls += 1
        if self.n_calls == (self.call or 1) and not self.manner.has_failed(self.name):
            self._read(output)

    def _read(self, output) -> None:
        try:
            self.rows = features_of(self._by_input(output), self.manner.tokens, self.batch.mask)
        except ActivationError as error:
            self.rows = ActivationError(f"layer {self.name} {error}")

    def _by_input(self, output) -> Tensor:
        """The output with the inputs along its first axis."""
        values, n_inputs = tensor_of(output), len(self.batch)
        rows = None if values is None else by_input(values, n_inputs, self.place)
        if rows is None:
            shape = type(output).__name__ if values is None else tuple(values.shape)
            raise ActivationError(
                f"returned {shape}, not one tensor with a row for each of {n_inputs} inputs; give a layer that does"
            )
        return rows

    def taken(self) -> Tensor:
        """The rows of features, (n, features).

        :raises ActivationError: the layer did not run as often as its name says, or its output cannot be read.
        """
        rows, self.rows = self.rows, None
        if self.call is None and self.n_calls > 1:
            raise ActivationError(
                f"layer {self.name} ran {self.n_calls} times for one batch, so its activation is not defined; give one of its "
                f"calls, as {self.name}:1"
            )
        if isinstance(rows, ActivationError):
            raise rows
        if rows is None:
            raise ActivationError(f"layer {self.name} ran {self.n_calls} times for one batch; give a layer that runs")
        return rows


def _finite(values: Tensor, name: str, epoch: int | None) -> Tensor:
    # A sum is cheap, and finite only if its terms are.
    broken = 0 if torch.isfinite(values.sum()) else int((~torch.isfinite(values)).sum())
    if broken:
        when = "" if epoch is None else f" at epoch {epoch}"
        raise ActivationError(
            f"layer {name}{when} returned {broken} values that are not finite, of {values.numel()}; the network diverged, or "
            "its images are not finite: check the loss and lower learning_rate, or check the images"
        )
    return values
