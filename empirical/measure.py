"""Everything that is measured on one trained network: one pass over its checkpoints, a flat list of rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torch import nn

from empirical import checkpoints, group_gradients, networks
from empirical.accuracies import accuracies, predict
from empirical.geometry import geometry_readings
from empirical.measurements import NETWORK, Measurement, Reading, finite_checks
from empirical.rewind import rewind, rewinding_readings
from empirical.separation import simulated_readings
from empirical.train import Subject


def measure(subject: Subject, folder: Path) -> tuple[list[Measurement], dict[str, bool]]:
    """Measure one network at its checkpoints: accuracies at all, the rest at the sparse epochs and the turning point.

    Geometry corrected for what centres share is measured at the turning point and the end, simulated capacity at the end.

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
    turning = turning_point(record.rows)
    for epoch in sorted({*subject.spec.sparse_epochs(), turning}):
        with record.unchanged(subject.at(folder, epoch)) as model:
            corrected = epoch in (turning, subject.spec.epochs)
            record.add(epoch, geometry_readings(model, subject, _analysed(model), epoch, corrected=corrected))
            if epoch == subject.spec.epochs:
                record.add(epoch, simulated_readings(model, subject, _analysed(model)[1:], epoch))
            record.add(epoch, _gradients(model, subject, epoch, record.checks))
    _add_rewinding(record, subject, folder, turning)
    record.checks |= finite_checks(record.rows)
    return record.rows, record.checks


def _initialization(record: "_Record", folder: Path) -> tuple[list[Measurement], dict[str, bool]]:
    """A network that is not trained: the gradients alone, of networks for which one Jacobian after the other is too many."""
    subject = record.subject
    with record.unchanged(subject.at(folder, 0)) as model:
        for choice in ("standard", "zero_logits"):
            found, add_up = group_gradients.gradient_readings(model, subject, choice)
            record.checks["gradient_norm:parts_add_up"] &= add_up
            record.add(0, found)
        record.add(0, group_gradients.weight_readings(model))
        record.add(0, group_gradients.permutation_readings(model, subject))
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
        self.add(0, [Reading("coincidence_share", group_gradients.PERMUTED, share, 0.0, n)])

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


def _analysed(model: nn.Module) -> list[str]:
    """The input and the hidden layers; the readout's outputs are the logits."""
    return [networks.INPUT, *networks.layers(model)[:-1]]


def _gradients(model: nn.Module, subject: Subject, epoch: int, checks: dict[str, bool]) -> Iterator[Reading]:
    choices = ("standard", "batch_statistics", *["zero_logits"] * (epoch == 0))
    for choice in choices:
        found, add_up = group_gradients.gradient_readings(model, subject, choice)
        checks["gradient_norm:parts_add_up"] &= add_up
        yield from found
    yield from group_gradients.alignment_readings(model, subject, epoch)
    yield from group_gradients.weight_readings(model)
    if epoch == 0:
        yield from group_gradients.permutation_readings(model, subject)
        yield from group_gradients.jacobian_readings(model, subject)


def _add_rewinding(record: _Record, subject: Subject, folder: Path, turning: int) -> None:
    """Rewinding to every sparse epoch and the turning point; the geometry of the deep layers after it to the latter.

    The last epoch is among them: a network whose turning point it is has nothing to rewind, and is measured like the others.
    """
    last = subject.spec.epochs
    final = subject.at(folder, last)
    for epoch in sorted({*subject.spec.sparse_epochs(), turning}):
        record.add(epoch, rewinding_readings(final, subject.at(folder, epoch), subject))
    suffix = networks.deep_suffix(final)
    rewound = rewind(final, subject.at(folder, turning), suffix)
    choice, groups = f"rewound from {suffix[0]}", ("permuted", "restored")
    record.add(last, geometry_readings(rewound, subject, suffix[:-1], last, groups, choice))


def final_digest(subject: Subject, folder: Path) -> str:
    """Digest of the last epoch's weights, by which networks are told apart."""
    return checkpoints.digest(subject.at(folder, subject.spec.epochs).state_dict())
