"""All measurements on one trained network: one pass over its checkpoints, which returns a flat list of rows."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from torch import nn

from empirical import networks
from empirical.evidence.measurement import Measurement, finite_checks
from empirical.geometry.readings import geometry_readings
from empirical.instruments import gradients
from empirical.instruments.accuracies import accuracies, logits_of
from empirical.instruments.record import Record
from empirical.instruments.registry import READ, READ_OFTEN, Moment
from empirical.instruments.rewinding import rewind, suffix_starts
from empirical.instruments.sampling import sampled
from empirical.instruments.weights import weight_readings
from empirical.training import checkpoints
from empirical.training.subject import Subject


def measure(
    subject: Subject, folder: Path, kept: Path | None = None, report: Callable[[int, int], None] | None = None
) -> tuple[list[Measurement], dict[str, bool], float]:
    """The rows of one network, the checks made on them by name, and the seconds of processor time that measuring took.

    The check "quantity:what" concerns that quantity alone.

    Accuracies and losses are measured at all checkpoints, everything else at the sparse epochs and at the turning point. The
    run's ``instruments`` say what else than accuracies is measured (:mod:`empirical.instruments.registry`).

    :param folder: folder of the network's checkpoints.
    :param kept: file of the rows measured so far. If it exists, measuring resumes from it, and ends with identical rows.
    :param report: called with (epochs measured, epochs in all) before each epoch is measured.
    :raises CheckpointError: a checkpoint is missing, truncated or altered.
    :raises GeometryError: a manifold cannot be measured.
    """
    record = Record(subject, final_digest(subject, folder), kept)
    if not subject.spec.epochs:
        record.once("initialization", partial(_initialization, record, folder))
    else:
        record.once("accuracies", partial(_accuracies, record, folder))
        _at_sparse_epochs(record, folder, report)
    return record.rows, record.checks | finite_checks(record.rows), record.seconds


def _accuracies(record: Record, folder: Path) -> None:
    for epoch in record.subject.spec.checkpoint_epochs():
        with record.unchanged(record.subject.at(folder, epoch)) as model:
            outputs = logits_of(model, record.subject)
        record.add(epoch, accuracies(outputs.argmax(1).numpy(), record.subject))
        for instrument in record.subject.spec.instruments:
            if instrument in READ_OFTEN:
                record.add(epoch, READ_OFTEN[instrument](outputs, record.subject))


def _at_sparse_epochs(record: Record, folder: Path, report: Callable[[int, int], None] | None) -> None:
    """Add the readings of the run's instruments at each epoch, and the geometry of rewound layers."""
    subject, spec = record.subject, record.subject.spec
    turning, last, sample = turning_point(record.rows), spec.epochs, sampled(subject)
    initial, final = (subject.at(folder, epoch) for epoch in (0, last))
    epochs, inputs = sorted({*spec.sparse_epochs(), turning}), {}

    def read(epoch: int) -> None:
        with record.unchanged(subject.at(folder, epoch)) as model:
            at = Moment(subject, sample, model, final, epoch, turning, last, record.checks, inputs)
            record.add(epoch, weight_readings(model, initial))
            for instrument in spec.instruments:
                if instrument in READ:
                    record.add(epoch, READ[instrument](at))

    for done, epoch in enumerate(epochs):
        if report:
            report(done, len(epochs))
        record.once(f"epoch {epoch}", partial(read, epoch))
    if "rewinding" in spec.instruments and {"geometry", "cavity_geometry"} & set(spec.instruments):
        record.once("rewound layers", partial(_add_rewound_geometry, record, final, subject.at(folder, turning)))


def _initialization(record: Record, folder: Path) -> None:
    """Add the readings of a network that is not trained: gradients alone, because Jacobians of large networks take too long."""
    subject = record.subject
    with record.unchanged(subject.at(folder, 0)) as model:
        for choice in ("standard", "zero_logits"):
            found, add_up = gradients.gradient_readings(model, subject, choice)
            record.checks["gradient_norm:parts_add_up"] &= add_up
            record.add(0, found)
        record.add(0, weight_readings(model, model))
        record.add(0, gradients.permutation_readings(model, subject))


def turning_point(rows: list[Measurement]) -> int:
    """The turning point of one network: the first epoch of best accuracy on the half "select" of the test images."""
    chosen = [row for row in rows if (row.quantity, row.group, row.choice) == ("accuracy", "test", "select")]
    return max(chosen, key=lambda row: (row.value, -row.epoch)).epoch


def _add_rewound_geometry(record: Record, final: nn.Sequential, earlier: nn.Sequential) -> None:
    """Add the geometry of rewound layers, for four suffixes of layers, each rewound to the turning point."""
    subject, last = record.subject, record.subject.spec.epochs
    for start in suffix_starts(final):
        suffix = networks.layers(final)[networks.layers(final).index(start) :]
        rewound = rewind(final, earlier, suffix)
        readings = geometry_readings(rewound, subject, suffix[:-1], last, ("permuted", "restored"), f"rewound from {start}")
        record.add(last, readings)


def final_digest(subject: Subject, folder: Path) -> str:
    """The digest of the weights at the last epoch, which shows whether two networks are different."""
    return checkpoints.digest(subject.at(folder, subject.spec.epochs).state_dict())
