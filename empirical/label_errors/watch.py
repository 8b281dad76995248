"""The watch on a training loop: it takes indices, logits and features batch by batch, and ranks the labels by suspicion."""

import warnings
from typing import Any

import numpy as np

from empirical.errors import LabelsError
from empirical.label_errors.class_means import ClassMeans
from empirical.label_errors.columns import ColumnCount
from empirical.label_errors.cross_entropy import cross_entropy
from empirical.label_errors.early_average import EarlyAverage
from empirical.label_errors.inputs import checked_index, checked_labels, checked_rows
from empirical.label_errors.table import GEOMETRY, LabelTable, ranked
from empirical.label_errors.verified import Verified

SHOWN = 5


class LabelWatch:
    """Watches a training loop of any framework, and ranks its examples by how likely their labels are wrong.

    Each example is scored in every epoch by its loss under the given label and, where features are given, by its class-mean
    margin (:mod:`~empirical.label_errors.class_means`). Scores are averaged over epochs up to twice the epoch at which the loss
    on held-out examples, under *their* given labels, is least: later the network fits the wrong labels as well. No true label
    is needed. Memory: some 60 bytes for each example, and 80 C d bytes for the class means.

    ::

        watch = LabelWatch(labels, held_out=held_out)
        for epoch in range(100):
            for index in batches_of_training_examples:
                ...  # a step of training, in which the network returned logits and features
                watch.update(index, logits, features)
            watch.update(held_out, *network(held_out))  # the network is not trained on these
            if watch.done:
                break
        watch.table().write_csv("label-errors.csv")

    The attribute ``average`` (:class:`~empirical.label_errors.early_average.EarlyAverage`) has the averages so far.

    :param labels: the given labels of all examples, held-out ones too, whole numbers from 0, (n,).
    :param held_out: indices of the examples that the loop does not train on, a tenth of them, say; they are scored as well.
        Without any, scores are averaged over all epochs watched.
    :param seed: of the folds of the class means.
    :raises LabelsError: labels are not whole numbers from 0, or a held-out index is out of range or given twice.
    """

    def __init__(self, labels: Any, held_out: Any = (), seed: int = 0):
        self.labels = checked_labels(labels)
        n = len(self.labels)
        self.held_out = np.zeros(n, dtype=bool)
        self.held_out[checked_index(held_out, n, "held_out")] = True
        if n and self.held_out.all():
            raise LabelsError("held_out has every example, so that nothing is trained on; hold out a tenth of them")
        self._seed, self._seen, self._n_seen = seed, np.zeros(n, dtype=bool), 0
        self._loss, self._suggested = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.int32)
        self._margin: np.ndarray | None = None
        self._means: ClassMeans | None = None
        self._columns: ColumnCount | None = None
        self._with_features: bool | None = None
        self.average = EarlyAverage(n)

    @property
    def epochs(self) -> int:
        """The number of complete epochs: those in which every example was given once."""
        return self.average.n_epochs

    @property
    def best(self) -> int:
        """The epoch of least held-out loss so far; 0 where nothing is held out, or no epoch is complete."""
        return self.average.best

    @property
    def done(self) -> bool:
        """Whether twice the best epoch so far is over, so that scores change only if a later epoch is better."""
        return self.average.reached

    def update(self, index: Any, logits: Any, features: Any = None) -> None:
        """Take what the network returned for some examples; an epoch ends by itself when every example was given once.

        Arrays of any framework will do. Logits of training mode are what they are meant to be: nothing has to run twice.

        :param index: positions of the examples in ``labels``, (b,).
        :param logits: (b, C); column c is class c.
        :param features: what enters the last linear map, (b, d) or (b, ...); in every call or in none.
        :raises LabelsError: an index is out of range or given twice in an epoch, logits have another width than before or too
            few columns for the labels, a number is not finite, or features are missing.
        """
        index = checked_index(index, len(self.labels), "index")
        self._require_new(index)
        outputs = checked_rows(logits, len(index), "logits")
        columns = self._require_width(outputs)
        given = self.labels[index]
        self._loss[index] = cross_entropy(outputs, given)
        columns.add(given, outputs.argmax(axis=1))
        self._suggested[index] = _largest_other(outputs, given)
        self._take_features(index, features)
        self._seen[index] = True
        self._n_seen += len(index)
        if self._n_seen == len(self.labels):
            self._end_epoch(columns)

    def table(self, verified: tuple[Any, Any] | Verified | None = None, by: str = GEOMETRY) -> LabelTable:
        """All examples, the most suspicious first; with p- and q-values where a random sample is verified.

        :param verified: the indices of a random sample of all examples, and for each whether its label is right.
        :param by: the score that ranks: "geometry", the class-mean margin, where features were given; or "loss".
        :raises LabelsError: no epoch is complete, an index of ``verified`` is out of range or given twice, or there is no such
            score.
        """
        if not self.epochs:
            raise LabelsError(f"no epoch is complete, so that there are no scores: {self._missing()}")
        sample = Verified.of(verified, len(self.labels)) if verified is not None else None
        made = ranked(self.average.averages(), self.labels, self.held_out, sample, self._notes(), by)
        for note in made.warnings:
            warnings.warn(note, stacklevel=2)
        return made

    def _notes(self) -> list[str]:
        notes = self._columns.warnings() if self._columns else []
        if self._n_seen:
            notes.append(f"the last epoch is left out, because it is not complete: {self._missing()}")
        if not self.held_out.any():
            notes.append(
                f"nothing is held out, so that scores are averages over all {self.epochs} epochs; once the network fits wrong "
                "labels, late epochs spoil them: give held_out"
            )
        elif not self.done:
            notes.append(
                f"the held-out loss was least at epoch {self.best}, and {self.epochs} epochs were watched: scores are best "
                "averaged to twice the epoch of least loss; train longer"
            )
        return notes

    def _missing(self) -> str:
        missing = np.flatnonzero(~self._seen)
        first = ", ".join(map(str, missing[:SHOWN]))
        return (
            f"{len(missing):,} of {len(self.labels):,} examples were not given (the first: {first}); give every example once "
            "an epoch, the held-out ones too; a loader with drop_last=True leaves some out"
        )

    def _require_new(self, index: np.ndarray) -> None:
        twice = index[self._seen[index]]
        if len(twice):
            raise LabelsError(
                f"example {twice[0]} was given twice in epoch {self.epochs + 1}, before the epoch was complete: "
                f"{self._missing()}, and one that samples with replacement gives some twice"
            )

    def _require_width(self, outputs: np.ndarray) -> ColumnCount:
        if self._columns is None:
            largest = int(self.labels.max())
            if outputs.shape[1] <= largest:
                raise LabelsError(
                    f"logits have {outputs.shape[1]} columns, and the largest label is {largest}: labels must be within "
                    f"0..{outputs.shape[1] - 1}; number the classes from 0, or give the logits of all classes"
                )
            self._columns = ColumnCount(outputs.shape[1])
        if outputs.shape[1] != len(self._columns.now):
            raise LabelsError(
                f"logits must have {len(self._columns.now)} columns, as in earlier calls; received {outputs.shape[1]}: give "
                "the logits of one network, (b, C)"
            )
        return self._columns

    def _take_features(self, index: np.ndarray, features: Any) -> None:
        if self._with_features not in (None, features is not None):
            raise LabelsError(
                f"features were {'given' if self._with_features else 'left out'} in earlier calls and are "
                f"{'left out' if self._with_features else 'given'} in this one; give them in every call, also for held-out "
                "examples, or in none"
            )
        self._with_features = features is not None
        if features is None:
            return
        if self._means is None:
            n_classes = len(self._columns.now) if self._columns else int(self.labels.max()) + 1
            self._means = ClassMeans(self.labels, n_classes, np.random.default_rng(self._seed))
        rows = checked_rows(features, len(index), "features")
        if self._means.sums is not None and rows.shape[1] != self._means.sums.shape[1]:
            raise LabelsError(
                f"features must have {self._means.sums.shape[1]} numbers each, as in earlier calls; received {rows.shape[1]}"
            )
        found = self._means.margins(index, rows)
        if found:
            if self._margin is None:
                self._margin = np.zeros(len(self.labels), dtype=np.float32)
            self._margin[index] = found[0]
        self._means.add(index, rows)

    def _end_epoch(self, columns: ColumnCount) -> None:
        held_out = float(self._loss[self.held_out].mean(dtype=np.float64)) if self.held_out.any() else None
        self.average.add(self._loss, self._margin, self._suggested, held_out)
        columns.end_epoch()
        if self._means:
            self._means.end_epoch()
        self._seen.fill(False)
        self._n_seen = 0


def _largest_other(logits: np.ndarray, given: np.ndarray) -> np.ndarray:
    """The class of the largest logit other than that of the given label, (b,)."""
    rows, kept = np.arange(len(given)), logits.argmax(axis=1)
    same = kept == given
    if same.any():
        hidden = logits[same].copy()
        hidden[rows[: len(hidden)], given[same]] = -np.inf
        kept[same] = hidden.argmax(axis=1)
    return kept
