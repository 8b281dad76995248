"""Detectors of wrong labels that others published, each from the record of one training or from trainings of its own.

All return scores that are higher for labels that are more likely wrong, (n,). cleanlab is a dependency of this benchmark alone.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from empirical.data.examples import Examples
from empirical.label_errors import LabelWatch
from empirical.label_errors.own_network import WIDTHS, WITHOUT_BATCH_NORM, one_epoch

if TYPE_CHECKING:
    import torch
    from torch import nn

MOMENTUM = 0.9
NEIGHBOURS = 10
FOLDS = 5
# Of one network; the paper averages over ten, at one of the epochs 10 to 20.
EL2N_EPOCH = 10
GRAND_NETWORKS = 5
CHUNK = 50


@dataclass(frozen=True)
class Training:
    """How networks are trained: network, width (None: our default), epochs, batch size, learning rate."""

    network: str
    width: int | None
    epochs: int
    batch_size: int
    rate: float


class Recording(LabelWatch):
    """A watch that also keeps the logits of every epoch, (epochs, n, C), and the features of the best epoch; and its own time.

    seconds: processor seconds spent in the watch itself, without what is recorded for other detectors.
    """

    def __init__(self, labels: np.ndarray, held_out: np.ndarray, n_classes: int, n_epochs: int):
        super().__init__(labels, held_out)
        self.logits = np.zeros((n_epochs, len(labels), n_classes), dtype=np.float32)
        self.features: np.ndarray | None = None
        self.best_features = np.empty(0)
        self.seconds = 0.0

    def update(self, index: Any, logits: Any, features: Any = None) -> None:
        """Take what the network returned, and keep it."""
        epoch = self.epochs
        rows = features.detach().numpy().reshape(len(index), -1)
        if self.features is None:
            self.features = np.zeros((len(self.labels), rows.shape[1]), dtype=np.float32)
        self.features[index], self.logits[epoch, index] = rows, logits.detach().numpy()
        start = time.process_time()
        super().update(index, logits, features)
        self.seconds += time.process_time() - start
        if self.epochs > epoch and self.best == self.epochs:
            self.best_features = self.features.copy()


def built(examples: Examples, how: Training, rng: np.random.Generator) -> "tuple[nn.Sequential, torch.optim.SGD]":
    """A network and its optimizer, with an initialization from the stream."""
    import torch

    from empirical import networks

    width = how.width or WIDTHS.get(how.network, 16)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**63)))
        norm = how.network not in WITHOUT_BATCH_NORM
        model = networks.build(how.network, width, examples.images.shape[1:], len(examples.classes), norm)
    return model, torch.optim.SGD(model.parameters(), lr=how.rate, momentum=MOMENTUM)


def recorded(examples: Examples, held_out: np.ndarray, how: Training, rng: np.random.Generator) -> tuple[Recording, float]:
    """The record of one training on the given labels, and the processor seconds that the training took by itself."""
    import torch

    watch = Recording(examples.labels, held_out, len(examples.classes), how.epochs)
    inputs, targets = torch.from_numpy(examples.standardized()), torch.from_numpy(examples.labels)
    model, optimizer = built(examples, how, rng)
    start = time.process_time()
    for _ in range(how.epochs):
        one_epoch(watch, model, optimizer, inputs, targets, rng, how.batch_size)
    return watch, time.process_time() - start - watch.seconds


def margins(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The logit of the given label minus the largest other one, (epochs, n)."""
    index = np.arange(len(labels))
    own, others = logits[:, index, labels], logits.copy()
    others[:, index, labels] = -np.inf
    return own - others.max(axis=2)


def aum(logits: np.ndarray, labels: np.ndarray, epochs: int | None = None) -> np.ndarray:
    """The area under the margin (Pleiss et al. 2020), over all epochs as published, or over the first ones."""
    return -margins(logits[:epochs], labels).mean(axis=0)


def forgetting(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How often an example was forgotten (Toneva et al. 2019); one that was never learned counts as forgotten always."""
    right = logits.argmax(axis=2) == labels
    events = (right[:-1] & ~right[1:]).sum(axis=0)
    return np.where(right.any(axis=0), events, len(logits)).astype(float)


def el2n(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The norm of the error of the probabilities (Paul et al. 2021), of one network after ten epochs."""
    row = logits[min(EL2N_EPOCH, len(logits)) - 1].astype(float)
    shares = np.exp(row - row.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    return np.linalg.norm(shares, axis=1)


def neighbours(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The share of the ten nearest other examples with another given label, in features of the best epoch."""
    from sklearn.neighbors import NearestNeighbors

    nearest = NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(features).kneighbors(features, return_distance=False)
    return (labels[nearest[:, 1:]] != labels[:, None]).mean(axis=1)


def grand(examples: Examples, how: Training, rng: np.random.Generator) -> np.ndarray:
    """The norm of the gradient of each example at initialization (Paul et al. 2021), averaged over five initializations."""
    import torch
    from torch.func import functional_call, grad, vmap
    from torch.nn import functional

    inputs, targets = torch.from_numpy(examples.standardized()), torch.from_numpy(examples.labels)
    total = np.zeros(len(targets))
    for _ in range(GRAND_NETWORKS):
        model = built(examples, how, rng)[0].eval()
        values = {name: parameter.detach() for name, parameter in model.named_parameters()}

        def loss(parameters, image, target, model=model):
            return functional.cross_entropy(functional_call(model, parameters, (image[None],)), target[None])

        of_each = vmap(grad(loss), (None, 0, 0))
        for index in np.array_split(np.arange(len(targets)), -(-len(targets) // CHUNK)):
            found = of_each(values, inputs[index], targets[index])
            total[index] += torch.stack([part.flatten(1).square().sum(1) for part in found.values()]).sum(0).sqrt().numpy()
    return total / GRAND_NETWORKS


def cross_validated(examples: Examples, how: Training, best: int, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Out-of-sample probabilities by five folds, (n, C), as cleanlab's documentation asks for, and their processor seconds.

    The network of each fold is trained to the best epoch, which is known here and has to be found otherwise.
    """
    import torch

    start, n = time.process_time(), len(examples.labels)
    inputs, targets = torch.from_numpy(examples.standardized()), torch.from_numpy(examples.labels)
    shares = np.zeros((n, len(examples.classes)))
    for left_out in np.array_split(rng.permutation(n), FOLDS):
        model, optimizer = built(examples, how, rng)
        trained = np.setdiff1d(np.arange(n), left_out)
        for _ in range(best):
            _plain_epoch(model, optimizer, inputs, targets, rng.permutation(trained), how.batch_size)
        model.eval()
        with torch.no_grad():
            shares[left_out] = model(inputs[left_out]).double().softmax(1).numpy()
    return shares, time.process_time() - start


def _plain_epoch(model, optimizer, inputs, targets, order, batch_size) -> None:
    from torch.nn import functional

    model.train()
    for index in np.array_split(order, max(1, len(order) // batch_size)):
        optimizer.zero_grad()
        functional.cross_entropy(model(inputs[index]), targets[index]).backward()
        optimizer.step()


def cleanlab_scores(labels: np.ndarray, shares: np.ndarray) -> dict[str, np.ndarray]:
    """cleanlab's label quality with the sign changed: its default, and its margin adjusted by confident thresholds."""
    from cleanlab.rank import get_label_quality_scores  # type: ignore[import-not-found]

    return {
        "cleanlab, self-confidence": -get_label_quality_scores(labels, shares),
        "cleanlab, adjusted margin": -get_label_quality_scores(
            labels, shares, method="normalized_margin", adjust_pred_probs=True
        ),
    }


def cleanlab_version() -> str:
    """cleanlab's version and license, as its metadata has them; "" where it is not installed."""
    try:
        about = metadata.metadata("cleanlab").json
    except metadata.PackageNotFoundError:
        return ""
    return f"{about['version']}, {str(about.get('license', 'no license named')).strip().splitlines()[0]}"


def timed(work: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    """What the work returns, and the processor seconds it took."""
    start = time.process_time()
    found = work()
    return found, time.process_time() - start
