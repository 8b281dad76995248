"""The ranked examples: the most suspicious label first, with scores, a suggestion, and p- and q-values where there are any."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

import numpy as np

from empirical.errors import LabelsError
from empirical.label_errors.early_average import Averages
from empirical.label_errors.false_discoveries import not_random, p_values, q_values
from empirical.label_errors.verified import Verified
from empirical.storage import make_folder, write_atomic

GEOMETRY, LOSS = SCORES = ("geometry", "loss")
COLUMNS = ("rank", "index", "given", "suggested", "loss", "geometry", "held_out", "verified", "p", "q")
NO_SAMPLE = (
    "there are no p- and q-values, because no random sample was verified: scores rank labels, and cannot say how many of the "
    "first are right"
)
SHOWN = 5


@dataclass(frozen=True)
class LabelTable:
    """Examples by suspicion, the most suspicious first; all arrays are (n,), in this order.

    index: positions in the labels. given, suggested: classes.
    loss: mean cross-entropy under the given label, nats; its error over other networks is not known from one training.
    geometry: class-mean margin, squared units of the features, or not a number; unless ranks are by loss, examples are ranked
        by it where it is known, and otherwise by loss. Held-out and other examples are ranked among themselves, and merged by
        their shares.
    held_out: whether the network was not trained on the example.
    verified: 1 where a person found the label right, 0 where wrong, -1 for the others.
    p, q: for the hypothesis that the label is right; not a number for verified examples, and without a sample.
    epochs, best: how many epochs were averaged, and the epoch of least held-out loss (0: nothing held out).
    why_no_p: one sentence why p and q are empty; "" where they are not.
    warnings: what is wrong, or may be, a sentence each.
    is_random: false where the verified sample is visibly not random, so that p and q do not mean what they should.
    """

    index: np.ndarray
    given: np.ndarray
    suggested: np.ndarray
    loss: np.ndarray
    geometry: np.ndarray
    held_out: np.ndarray
    verified: np.ndarray
    p: np.ndarray
    q: np.ndarray
    epochs: int
    best: int
    why_no_p: str = ""
    warnings: tuple[str, ...] = field(default=())
    is_random: bool = True

    def __len__(self) -> int:
        return len(self.index)

    def reported(self, rate: float = 0.1) -> np.ndarray:
        """The indices of the labels reported as wrong at this rate of false discoveries, the most suspicious first, (k,).

        Verified examples are not among them: what they are is known.
        """
        return self.index[self.q <= rate]

    def write_csv(self, path: Path | str, names: Sequence[str] | None = None, classes: Sequence[str] | None = None) -> None:
        """Write the table, one line an example.

        :param names: the examples' names, such as files, in the order of the labels; a column ``file``.
        :param classes: names of the classes, in place of numbers.
        :raises StorageError: the file cannot be written.
        """
        make_folder(Path(path).parent)
        text = StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow([*COLUMNS[:2], *(["file"] if names is not None else []), *COLUMNS[2:]])
        for place, number in enumerate(self.index.tolist()):
            named = [names[number]] if names is not None else []
            rows.writerow([place + 1, number, *named, *self._cells(place, classes)])
        write_atomic(Path(path), text.getvalue().encode())

    def _cells(self, place: int, classes: Sequence[str] | None) -> list[str]:
        labels = [str(classes[label]) if classes else str(label) for label in (self.given[place], self.suggested[place])]
        scores = [_number(column[place]) for column in (self.loss, self.geometry)]
        found = {1: "right", 0: "wrong", -1: ""}[int(self.verified[place])]
        held_out = "yes" if self.held_out[place] else ""
        return [*labels, *scores, held_out, found, *(_number(column[place]) for column in (self.p, self.q))]


def ranked(
    averages: Averages,
    labels: np.ndarray,
    held_out: np.ndarray,
    sample: Verified | None,
    notes: Sequence[str] = (),
    by: str = GEOMETRY,
) -> LabelTable:
    """The table of all examples.

    :param labels: given labels, (n,). :param held_out: bool, (n,). :param notes: warnings of those who made the scores.
    :param by: the score that ranks, "geometry" or "loss".
    :raises LabelsError: there is no such score.
    """
    if by not in SCORES:
        raise LabelsError(f"by must be one of {', '.join(SCORES)}; received {by!r}")
    suspicion = suspicions(averages if by == GEOMETRY else replace(averages, margin=None), held_out)
    verified, p, q = np.full(len(labels), -1, dtype=np.int8), *np.full((2, len(labels)), np.nan)
    notes = [*notes, *_alone(averages, labels)]
    doubt = not_random(suspicion, sample) if sample else ""
    if sample:
        verified[sample.index] = sample.right
        p[verified < 0] = p_values(suspicion, sample)[verified < 0]
        q[verified < 0] = q_values(p[verified < 0])
    order = np.argsort(-suspicion, kind="stable")
    margin = np.full(len(labels), np.nan) if averages.margin is None else averages.margin
    return LabelTable(
        order,
        labels[order],
        averages.suggested[order],
        averages.loss[order],
        margin[order],
        held_out[order],
        verified[order],
        p[order],
        q[order],
        averages.epochs,
        averages.best,
        "" if sample else NO_SAMPLE,
        (*notes, doubt) if doubt else tuple(notes),
        not doubt,
    )


def suspicions(averages: Averages, held_out: np.ndarray) -> np.ndarray:
    """How suspicious each example is, as its share of ranks, within 0..1, (n,).

    Losses of held-out examples are larger for right labels and smaller for wrong ones than those of trained examples; each of
    the two parts is ranked by itself.

    :param held_out: bool, (n,).
    """
    found = _shares(averages.loss, held_out)
    if averages.margin is None:
        return found
    known = ~np.isnan(averages.margin)
    found[known] = _shares(averages.margin[known], held_out[known])
    return found


def _shares(scores: np.ndarray, held_out: np.ndarray) -> np.ndarray:
    # As in false_discoveries.
    from scipy.stats import rankdata

    shares = np.empty(len(scores))
    for part in (held_out, ~held_out):
        shares[part] = (rankdata(scores[part]) - 0.5) / max(part.sum(), 1)
    return shares


def _alone(averages: Averages, labels: np.ndarray) -> list[str]:
    """A warning of classes with one example, which has no class mean without itself."""
    if averages.margin is None:
        return []
    alone = np.unique(labels[np.isnan(averages.margin)])
    if not len(alone):
        return []
    shown = ", ".join(map(str, alone[:SHOWN])) + (", ..." if len(alone) > SHOWN else "")
    return [
        f"{len(alone)} classes have one example ({shown}), which cannot be compared with others of its class: it is ranked by "
        "its loss; look at it, or merge small classes"
    ]


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.6g}"
