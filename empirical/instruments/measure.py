"""Everything that is measured on one trained network: one pass over its checkpoints, a flat list of rows."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from torch import nn

from empirical import networks
from empirical.evidence.measurement import Measurement, finite_checks
from empirical.geometry.readings import geometry_readings
from empirical.instruments import gradients
from empirical.instruments.accuracies import accuracies, predict
from empirical.instruments.record import Record
from empirical.instruments.registry import READ, Moment
from empirical.instruments.rewinding import rewind, suffix_starts
from empirical.instruments.sampling import sampled
from empirical.instruments.weights import weight_readings
from empirical.training import checkpoints
from empirical.training.subject import Subject


def measure(
    subject: Subject, folder: Path, kept: Path | None = None, report: Callable[[int, int], None] | None = None
) -> tuple[list[Measurement], dict[str, bool]]:
    """Measure one network at its checkpoints: accuracies at all, the rest at the sparse epochs and the turning point.

    What the rest is, the run's ``instruments`` say (:mod:`empirical.instruments.registry`).

    :param kept: a file that has what is measured so far, moment by moment. Where it is there, measuring goes on where it ended,
        and ends with the same rows.
    :param report: called with (epochs measured in full, all of them) whenever there is one more.
    :returns: rows, and the checks made, by name; "quantity:what" concerns that quantity alone.
    :raises CheckpointError: a checkpoint is missing, truncated or altered.
    :raises GeometryError: a manifold that cannot be measured.
    """
    record = Record(subject, final_digest(subject, folder), kept)
    if not subject.spec.epochs:
        record.once("initialization", partial(_initialization, record, folder))
    else:
        record.once("accuracies", partial(_accuracies, record, folder))
        _at_sparse_epochs(record, folder, report)
    return record.rows, record.checks | finite_checks(record.rows)


def _accuracies(record: Record, folder: Path) -> None:
    for epoch in record.subject.spec.checkpoint_epochs():
        with record.unchanged(record.subject.at(folder, epoch)) as model:
            record.add(epoch, accuracies(predict(model, record.subject), record.subject))


def _at_sparse_epochs(record: Record, folder: Path, report: Callable[[int, int], None] | None) -> None:
    """What the run's instruments read at each epoch, and the geometry of rewound layers."""
    subject, spec = record.subject, record.subject.spec
    turning, last, sample = turning_point(record.rows), spec.epochs, sampled(subject)
    initial, final = (subject.at(folder, epoch) for epoch in (0, last))
    epochs = sorted({*spec.sparse_epochs(), turning})

    def read(epoch: int) -> None:
        with record.unchanged(subject.at(folder, epoch)) as model:
            at = Moment(subject, sample, model, final, epoch, turning, last, record.checks)
            record.add(epoch, weight_readings(model, initial))
            for instrument in spec.instruments:
                record.add(epoch, READ[instrument](at))

    for done, epoch in enumerate(epochs):
        if report:
            report(done, len(epochs))
        record.once(f"epoch {epoch}", partial(read, epoch))
    if {"geometry", "rewinding"} <= set(spec.instruments):
        record.once("rewound layers", partial(_add_rewound_geometry, record, final, subject.at(folder, turning)))


def _initialization(record: Record, folder: Path) -> None:
    """A network that is not trained: the gradients alone, of networks for which one Jacobian after the other is too many."""
    subject = record.subject
    with record.unchanged(subject.at(folder, 0)) as model:
        for choice in ("standard", "zero_logits"):
            found, add_up = gradients.gradient_readings(model, subject, choice)
            record.checks["gradient_norm:parts_add_up"] &= add_up
            record.add(0, found)
        record.add(0, weight_readings(model, model))
        record.add(0, gradients.permutation_readings(model, subject))


def turning_point(rows: list[Measurement]) -> int:
    """The epoch of one network's best accuracy on the half of the test images kept for choosing it; the first of ties."""
    chosen = [row for row in rows if (row.quantity, row.group, row.choice) == ("accuracy", "test", "select")]
    return max(chosen, key=lambda row: (row.value, -row.epoch)).epoch


def _add_rewound_geometry(record: Record, final: nn.Sequential, earlier: nn.Sequential) -> None:
    """The geometry of rewound layers, each of four suffixes rewound to the turning point."""
    subject, last = record.subject, record.subject.spec.epochs
    for start in suffix_starts(final):
        suffix = networks.layers(final)[networks.layers(final).index(start) :]
        rewound = rewind(final, earlier, suffix)
        readings = geometry_readings(rewound, subject, suffix[:-1], last, ("permuted", "restored"), f"rewound from {start}")
        record.add(last, readings)


def final_digest(subject: Subject, folder: Path) -> str:
    """Digest of the last epoch's weights, by which networks are told apart."""
    return checkpoints.digest(subject.at(folder, subject.spec.epochs).state_dict())
