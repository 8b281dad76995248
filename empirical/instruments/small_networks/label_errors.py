"""How well wrong labels are found: the run's network is trained on labels made wrong and watched, and its ranks are judged.

Labels are wrong where given and true label differ; labels that were drawn and are right by coincidence are right. All scores of
one kind of noise are of the same training, and every example is ranked, held-out ones among themselves
(:func:`empirical.label_errors.table.suspicions`). Standard errors are over examples or samples, and say nothing about other
networks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from scipy.stats import rankdata
from torch import Tensor, nn
from torch.func import functional_call, jvp
from torch.nn import functional

from empirical.data.exchanged_labels import exchange
from empirical.data.permuted_labels import permute
from empirical.errors import SpecError
from empirical.evidence.measurement import Reading
from empirical.evidence.names import (
    ALIGNMENT,
    ALL,
    ALL_EPOCHS,
    AREA,
    BEST_EPOCH,
    CLASS_DEPENDENT,
    CLASS_MEAN_MARGIN,
    FROM_ALL,
    FROM_EASIER,
    INITIAL_FEATURES,
    LABELS_ANEW,
    LAST_EPOCH,
    LOSS,
    UNIFORM,
    packed,
)
from empirical.label_errors import LabelWatch
from empirical.label_errors.cross_entropy import cross_entropy
from empirical.label_errors.early_average import Averages
from empirical.label_errors.false_discoveries import p_values, q_values
from empirical.label_errors.own_network import one_epoch
from empirical.label_errors.table import suspicions
from empirical.label_errors.verified import Verified
from empirical.training.sgd import optimizer_of
from empirical.training.subject import Subject

SHARE, HELD_OUT = 0.3, 0.1
MAKE = {UNIFORM: permute, CLASS_DEPENDENT: exchange}
VERIFIED, SAMPLES, RATE = 150, 40, 0.1
# Groups of examples that the jackknife leaves out in turn.
GROUPS = 20
PRECISION = "label_error_precision"


@dataclass
class Watched:
    """What is kept of a training on wrong labels.

    watch: after the last epoch.
    to_each: the averages over the epochs so far, after each epoch.
    logits: (epochs, n, C).
    alignments: the product of an example's gradient with the mean gradient, at initialization and after each epoch.
    initial: features at initialization, (n, d).
    """

    watch: LabelWatch
    initial: np.ndarray
    to_each: list[Averages] = field(default_factory=list)
    logits: list[np.ndarray] = field(default_factory=list)
    alignments: list[np.ndarray] = field(default_factory=list)


class Recording(LabelWatch):
    """A watch that keeps the logits of the present epoch, (n, C)."""

    def update(self, index: Any, logits: Any, features: Any = None) -> None:
        """Take and keep what the network returned; parameters and errors as for :class:`LabelWatch`."""
        if self.epochs == 0 and not hasattr(self, "outputs"):
            self.outputs = np.zeros((len(self.labels), logits.shape[1]), dtype=np.float32)
        self.outputs[index] = logits.detach().numpy()
        super().update(index, logits, features)


def label_error_readings(subject: Subject) -> Iterator[Reading]:
    """Average precisions of all scores, and shares of false discoveries, for both kinds of noise.

    :raises SpecError: the subject's labels are permuted already, or its images are noise, or there are too few.
    """
    spec = subject.spec
    if spec.permuted_fraction or subject.noisy.any() or len(subject.images) < 2 * VERIFIED or spec.epochs < 3:
        raise SpecError(
            f"label errors are made on real images with true labels, {2 * VERIFIED} or more, in 3 epochs or more; {spec.name} "
            f"has permuted_fraction {spec.permuted_fraction:g}, noise {spec.noise!r}, {len(subject.images)} images, "
            f"{spec.epochs} epochs: change them, or leave label_errors out of its instruments"
        )
    for noise in MAKE:
        given, wrong = wrong_labels(subject, noise)
        found = watched(subject, given, noise)
        yield from precision_readings(found, wrong, noise, spec.rng(subject.network, f"label errors, {noise}, anew"))
        yield from discovery_readings(found, wrong, noise, spec.rng(subject.network, f"label errors, {noise}, verified"))


def wrong_labels(subject: Subject, noise: str) -> tuple[np.ndarray, np.ndarray]:
    """Given labels, a share of which is wrong, and which they are, bool, (n,) each."""
    true = subject.labels.true
    rng = subject.spec.rng(subject.network, f"label errors, {noise}")
    given = MAKE[noise](true, SHARE, subject.n_classes, rng).trained
    return given, given != true


def watched(subject: Subject, given: np.ndarray, noise: str) -> Watched:
    """The record of the run's network, trained on these labels by the run's optimizer at its learning rate."""
    spec, targets = subject.spec, torch.from_numpy(given)
    rng, model = spec.rng(subject.network, f"label errors, {noise}, order"), subject.build()
    optimizer = optimizer_of(model, spec, subject.images.device)
    held_out = rng.permutation(len(given))[: round(HELD_OUT * len(given))]
    watch = Recording(given, held_out)
    with torch.no_grad():
        found = Watched(watch, model.eval()[:-1](subject.images).flatten(1).numpy())
    shown = torch.from_numpy(np.flatnonzero(~watch.held_out))
    found.alignments.append(alignments(model, subject.images, targets, shown))
    for _ in range(spec.epochs):
        one_epoch(watch, model, optimizer, subject.images, targets, rng, spec.batch_size)
        found.to_each.append(watch.average.so_far())
        found.logits.append(watch.outputs.copy())
        found.alignments.append(alignments(model, subject.images, targets, shown))
    return found


def alignments(model: nn.Module, images: Tensor, targets: Tensor, trained: Tensor) -> np.ndarray:
    """The product of the gradient of each example's loss with the mean gradient over the trained examples, (n,).

    It is the derivative of the example's loss along the mean gradient, in evaluation mode.

    :param trained: indices of the examples that are trained on.
    """
    model.eval()
    values = {name: parameter.detach() for name, parameter in model.named_parameters()}
    loss = functional.cross_entropy(model(images[trained]), targets[trained])
    slopes = dict(zip(values, torch.autograd.grad(loss, list(model.parameters())), strict=True))

    def losses(parameters):
        return functional.cross_entropy(functional_call(model, parameters, (images,)), targets, reduction="none")

    return jvp(losses, (values,), (slopes,))[1].detach().numpy()


def precision_readings(found: Watched, wrong: np.ndarray, noise: str, rng: np.random.Generator) -> Iterator[Reading]:
    """The average precision of every score, by the rule, at its best epoch, and where something is wrong with it.

    :param wrong: which labels are wrong, (n,). :param rng: of the labels drawn anew.
    """
    for choice, ranks in ranked_scores(found, rng).items():
        value, se = jackknifed(ranks, wrong)
        yield Reading(PRECISION, ALL, value, se, len(wrong), packed(noise, choice), epoch=0)
    for score, candidates in candidate_scores(found).items():
        best = max(candidates, key=lambda ranks: average_precision(ranks, wrong))
        value, se = jackknifed(best, wrong)
        yield Reading(PRECISION, ALL, value, se, len(wrong), packed(noise, score, BEST_EPOCH), epoch=0)
    yield Reading("least_loss_epoch", ALL, found.watch.best, 0.0, 1, noise, epoch=0)


def ranked_scores(found: Watched, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Scores averaged to twice the epoch of least held-out loss, and others for comparison, by choice, (n,) each."""
    watch, early, end, last = found.watch, found.watch.average.averages(), found.to_each[-1], last_epoch(found.to_each)
    given, held_out = watch.labels, watch.held_out
    logits = np.stack(found.logits[: early.epochs])
    anew = np.mean([cross_entropy(row, rng.permutation(given)) for row in logits], axis=0)
    areas = -np.mean([area(row, given) for row in logits], axis=0)
    initial = initial_margins(found.initial, given)
    return {
        LOSS: suspicions(replace(early, margin=None), held_out),
        CLASS_MEAN_MARGIN: suspicions(early, held_out),
        AREA: suspicions(replace(early, loss=areas, margin=None), held_out),
        packed(LOSS, ALL_EPOCHS): suspicions(replace(end, margin=None), held_out),
        packed(CLASS_MEAN_MARGIN, ALL_EPOCHS): suspicions(end, held_out),
        packed(LOSS, LAST_EPOCH): suspicions(replace(last, margin=None), held_out),
        packed(CLASS_MEAN_MARGIN, LAST_EPOCH): suspicions(last, held_out),
        packed(LOSS, LABELS_ANEW): suspicions(replace(early, loss=anew, margin=None), held_out),
        packed(CLASS_MEAN_MARGIN, INITIAL_FEATURES): suspicions(replace(early, loss=initial, margin=None), held_out),
    }


def last_epoch(to_each: list[Averages]) -> Averages:
    """The scores of the last epoch alone, from averages to it and to the one before; margins are averaged from epoch 2 on."""
    n, before, end = len(to_each), *to_each[-2:]
    loss = n * end.loss - (n - 1) * before.loss
    if end.margin is None or before.margin is None:
        return replace(end, loss=loss)
    return replace(end, loss=loss, margin=(n - 1) * end.margin - (n - 2) * before.margin)


def candidate_scores(found: Watched) -> dict[str, list[np.ndarray]]:
    """The scores whose best epoch is chosen with the truth known: averages to each epoch, and alignments at each."""
    held_out = found.watch.held_out
    return {
        LOSS: [suspicions(replace(one, margin=None), held_out) for one in found.to_each],
        CLASS_MEAN_MARGIN: [suspicions(one, held_out) for one in found.to_each[1:]],
        ALIGNMENT: [rankdata(-one) for one in found.alignments],
    }


def area(logits: np.ndarray, given: np.ndarray) -> np.ndarray:
    """The margin of one epoch: the logit of the given label minus the largest other one, (n,)."""
    index, others = np.arange(len(given)), logits.copy()
    others[index, given] = -np.inf
    return logits[index, given] - others.max(axis=1)


def initial_margins(features: np.ndarray, given: np.ndarray) -> np.ndarray:
    """The class-mean margin in features of one network, with the mean of each class taken without the example, (n,)."""
    members = np.eye(given.max() + 1)[given]
    sums, counts, index = members.T @ features, members.sum(axis=0), np.arange(len(given))
    means = sums / counts[:, None]
    own = (sums[given] - features) / (counts[given] - 1)[:, None]
    squares = ((features[:, None] - means) ** 2).sum(axis=2)
    squares[index, given] = np.inf
    return ((features - own) ** 2).sum(axis=1) - squares.min(axis=1)


def discovery_readings(found: Watched, wrong: np.ndarray, noise: str, rng: np.random.Generator) -> Iterator[Reading]:
    """Shares of false discoveries and of wrong labels found, for verified samples of all examples and of the easier half."""
    ranks = suspicions(found.watch.average.averages(), found.watch.held_out)
    pools = {FROM_ALL: np.arange(len(wrong)), FROM_EASIER: np.flatnonzero(ranks < np.median(ranks))}
    for choice, pool in pools.items():
        draws = np.array([discoveries(ranks, wrong, rng.choice(pool, VERIFIED, replace=False)) for _ in range(SAMPLES)])
        for name, values in zip(("false_discovery_share", "label_errors_found"), draws.T, strict=True):
            se = float(values.std(ddof=1) / np.sqrt(SAMPLES))
            yield Reading(name, ALL, float(values.mean()), se, SAMPLES, packed(noise, choice), epoch=0)


def discoveries(ranks: np.ndarray, wrong: np.ndarray, index: np.ndarray) -> tuple[float, float]:
    """The share of right labels among those reported, and the share of wrong ones reported, of those not verified.

    :param index: of the verified sample, (m,).
    """
    rest = np.setdiff1d(np.arange(len(wrong)), index)
    q = q_values(p_values(ranks, Verified(index, ~wrong[index]))[rest])
    reported = rest[q <= RATE]
    false = float((~wrong[reported]).mean()) if len(reported) else 0.0
    return false, float(wrong[reported].sum() / max(wrong[rest].sum(), 1))


def jackknifed(ranks: np.ndarray, wrong: np.ndarray) -> tuple[float, float]:
    """The average precision and its standard error over examples."""
    parts = np.arange(len(wrong)) % GROUPS
    left = np.array([average_precision(ranks[parts != part], wrong[parts != part]) for part in range(GROUPS)])
    return average_precision(ranks, wrong), float(np.sqrt((GROUPS - 1) * left.var()))


def average_precision(ranks: np.ndarray, wrong: np.ndarray) -> float:
    """The mean precision over thresholds, weighted by the recall that each adds; parameters as for :func:`jackknifed`."""
    # To load this takes a second, which other runs do not spend.
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(wrong, ranks))
