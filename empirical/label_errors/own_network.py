"""One of our networks, trained on the given labels and watched: for those who have images and labels, and no training loop."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from empirical.data.examples import Examples, of_arrays
from empirical.errors import LabelsError
from empirical.label_errors.table import GEOMETRY, LabelTable
from empirical.label_errors.verified import Verified
from empirical.label_errors.watch import LabelWatch

if TYPE_CHECKING:
    from torch import Tensor, nn

# Channels of the first layer, or hidden units.
WIDTHS = {"mlp": 128, "mlp2": 256, "smallvgg": 16, "convnet": 32, "thinvgg": 16, "vgg16": 16, "alexnet": 16, "resnet18": 16}
WITHOUT_BATCH_NORM = ("mlp", "mlp2")
EPOCHS, BATCH, RATE, MOMENTUM, HELD_OUT = 60, 32, 0.02, 0.9, 0.1
# Epochs without a lower held-out loss, after which none is expected.
PATIENCE = 10
SHOWN_AT_ONCE = 1000


def label_errors(
    images: Any,
    labels: Any,
    network: str = "mlp",
    *,
    verified: tuple[Any, Any] | Verified | None = None,
    width: int | None = None,
    epochs: int = EPOCHS,
    batch_size: int = BATCH,
    learning_rate: float = RATE,
    held_out: float = HELD_OUT,
    seed: int = 0,
    by: str = GEOMETRY,
    report: Callable[[float, float], None] | None = None,
) -> LabelTable:
    """The examples ranked by how likely their labels are wrong, from one training of one of our networks.

    The network is trained by SGD with momentum on all examples but a random tenth, whose loss says when to stop: at twice the
    epoch at which it is least, and ten epochs without a lower one. Held-out examples are scored as well.

    :param images: as for :func:`empirical.data.examples.of_arrays`, or rows of numbers; they are standardized.
    :param labels: given labels, whole numbers from 0, (n,).
    :param network: a name from :data:`empirical.networks.ARCHITECTURES`; convolutional ones have BatchNorm.
    :param verified: as for :meth:`empirical.label_errors.watch.LabelWatch.table`.
    :param width: channels of the first layer, or hidden units; by default from :data:`WIDTHS`.
    :param epochs: at most.
    :param by: the score that ranks, "geometry" or "loss".
    :param held_out: share of the examples that are held out, above 0 and below 1.
    :param report: called with (epochs done, epochs at most) after each epoch.
    :raises LabelsError: see :class:`~empirical.label_errors.watch.LabelWatch`; or the loss is not finite.
    :raises SpecError: the network is unknown, or does not fit the images.
    """
    examples = images if isinstance(images, Examples) else of_arrays(images, labels)
    rng, n = np.random.default_rng(seed), len(examples.labels)
    kept_out = np.sort(rng.permutation(n)[: min(max(1, round(held_out * n)), n - 1)])
    watch = LabelWatch(examples.labels, kept_out, seed)
    if verified is not None:
        Verified.of(verified, n)
    train(watch, examples, rng, network, width, (epochs, batch_size, learning_rate), report)
    return watch.table(verified, by)


def train(
    watch: LabelWatch,
    examples: Examples,
    rng: np.random.Generator,
    network: str,
    width: int | None,
    schedule: tuple[int, int, float],
    report: Callable[[float, float], None] | None = None,
) -> None:
    """Train a network and let it be watched; parameters as for :func:`label_errors`.

    :param schedule: epochs at most, batch size, learning rate.
    """
    import torch

    from empirical import networks
    from empirical.training.subject import laid_out

    inputs, targets = laid_out(torch.from_numpy(examples.standardized())), torch.from_numpy(examples.labels)
    epochs, batch_size, rate = schedule
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**63)))
        model = networks.build(
            network,
            width or WIDTHS.get(network, 16),
            inputs.shape[1:],
            len(examples.classes),
            network not in WITHOUT_BATCH_NORM,
        )
        optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=MOMENTUM)
        for epoch in range(1, epochs + 1):
            one_epoch(watch, model, optimizer, inputs, targets, rng, batch_size)
            if report:
                report(epoch, epochs)
            if watch.done and epoch >= watch.best + PATIENCE:
                break


def one_epoch(
    watch: LabelWatch,
    model: "nn.Sequential",
    optimizer: Any,
    inputs: "Tensor",
    targets: "Tensor",
    rng: np.random.Generator,
    batch_size: int,
) -> None:
    """Train on every example that is not held out, once, and update the watch with all.

    :param inputs: (n, channels, height, width). :param targets: given labels, (n,).
    :raises LabelsError: the loss is not finite.
    """
    import torch
    from torch.nn import functional

    trained = rng.permutation(np.flatnonzero(~watch.held_out))
    waiting: list[tuple[np.ndarray, Tensor, Tensor]] = []
    model.train()
    for index in np.array_split(trained, max(1, len(trained) // batch_size)):
        features = model[:-1](inputs[index])
        logits = model[-1](features)
        loss = functional.cross_entropy(logits, targets[index])
        if not torch.isfinite(loss):
            raise LabelsError(f"the loss is {loss.item()} in epoch {watch.epochs + 1}; lower the learning rate")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        waiting.append((index, logits.detach(), features.detach()))
        if len(waiting) * batch_size >= SHOWN_AT_ONCE:
            _show(watch, waiting)
    _show(watch, waiting)
    model.eval()
    with torch.no_grad():
        for index in np.array_split(np.flatnonzero(watch.held_out), -(-int(watch.held_out.sum()) // SHOWN_AT_ONCE)):
            features = model[:-1](inputs[index])
            _show(watch, [(index, model[-1](features), features)])


def _show(watch: LabelWatch, waiting: "list[tuple[np.ndarray, Tensor, Tensor]]") -> None:
    """Update the watch with several batches at once, which is faster for small ones, and forget them."""
    import torch

    if waiting:
        index, logits, features = zip(*waiting, strict=True)
        watch.update(np.concatenate(index), torch.cat(logits), torch.cat(features))
        waiting.clear()
