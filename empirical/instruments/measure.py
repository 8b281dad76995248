"""Everything that is measured on one trained network: one pass over its checkpoints, a flat list of rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from torch import nn

from empirical import networks
from empirical.evidence.measurement import Measurement, Reading, finite_checks
from empirical.evidence.names import NETWORK, PERMUTED_ALL
from empirical.geometry.readings import geometry_readings
from empirical.instruments import gradients
from empirical.instruments.accuracies import accuracies, predict
from empirical.instruments.registry import READ, Moment
from empirical.instruments.rewinding import rewind, suffix_starts
from empirical.instruments.weights import weight_readings
from empirical.training import checkpoints
from empirical.training.subject import Subject, sampled


def measure(
    subject: Subject, folder: Path, report: Callable[[int, int], None] | None = None
) -> tuple[list[Measurement], dict[str, bool]]:
    """Measure one network at its checkpoints: accuracies at all, the rest at the sparse epochs and the turning point.

    What the rest is, the run's ``instruments`` say (:mod:`empirical.instruments.registry`).

    :param report: called with (epochs measured in full, all of them) whenever there is one more.
    :returns: rows, and the checks made, by name; "quantity:what" concerns that quantity alone.
    :raises CheckpointError: a checkpoint is missing, truncated or altered.
    :raises GeometryError: a manifold that cannot be measured.
    """
    record = _Record(subject)
    if not subject.spec.epochs:
        return _initialization(record, folder)
    for epoch in subject.spec.checkpoint_epochs():
        with record.unchanged(subject.at(folder, epoch)) as model:
            record.add(epoch, accuracies(predict(model, subject), subject))
    turning, last, sample = turning_point(record.rows), subject.spec.epochs, sampled(subject)
    initial, final = (subject.at(folder, epoch) for epoch in (0, last))
    epochs = sorted({*subject.spec.sparse_epochs(), turning})
    for done, epoch in enumerate(epochs):
        if report:
            report(done, len(epochs))
        with record.unchanged(subject.at(folder, epoch)) as model:
            at = Moment(subject, sample, model, final, epoch, turning, last, record.checks)
            record.add(epoch, weight_readings(model, initial))
            for instrument in subject.spec.instruments:
                record.add(epoch, READ[instrument](at))
    if {"geometry", "rewinding"} <= set(subject.spec.instruments):
        _add_rewound_geometry(record, final, subject.at(folder, turning))
    record.checks |= finite_checks(record.rows)
    return record.rows, record.checks


def _initialization(record: "_Record", folder: Path) -> tuple[list[Measurement], dict[str, bool]]:
    """A network that is not trained: the gradients alone, of networks for which one Jacobian after the other is too many."""
    subject = record.subject
    with record.unchanged(subject.at(folder, 0)) as model:
        for choice in ("standard", "zero_logits"):
            found, add_up = gradients.gradient_readings(model, subject, choice)
            record.checks["gradient_norm:parts_add_up"] &= add_up
            record.add(0, found)
        record.add(0, weight_readings(model, model))
        record.add(0, gradients.permutation_readings(model, subject))
    record.checks |= finite_checks(record.rows)
    return record.rows, record.checks


class _Record:
    """The rows and checks of one network, as they come in."""

    def __init__(self, subject: Subject):
        self.subject = subject
        self.depths = {NETWORK: 1.0, **networks.depths(subject.build())}
        self.rows: list[Measurement] = []
        self.checks = {"measuring_left_networks_unchanged": True, "gradient_norm:parts_add_up": True}
        share, n = subject.labels.coincidence_share, len(subject.images)
        self.add(0, [Reading("coincidence_share", PERMUTED_ALL, share, 0.0, n)])

    @contextmanager
    def unchanged(self, model: nn.Sequential) -> Iterator[nn.Sequential]:
        """Check that what is done to the network within leaves it as it was, running statistics included."""
        before = checkpoints.digest(model.state_dict())
        yield model
        self.checks["measuring_left_networks_unchanged"] &= checkpoints.digest(model.state_dict()) == before

    def add(self, epoch: int, readings) -> None:
        network, seed = self.subject.network, self.subject.spec.seed
        for r in readings:
            depth = self.depths[r.layer]
            self.rows.append(
                Measurement(network, seed, epoch, r.layer, depth, r.group, r.choice, r.quantity, r.value, r.se, r.n)
            )


def turning_point(rows: list[Measurement]) -> int:
    """The epoch of one network's best accuracy on the half of the test images kept for choosing it; the first of ties."""
    chosen = [row for row in rows if (row.quantity, row.group, row.choice) == ("accuracy", "test", "select")]
    return max(chosen, key=lambda row: (row.value, -row.epoch)).epoch


def _add_rewound_geometry(record: _Record, final: nn.Sequential, earlier: nn.Sequential) -> None:
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
