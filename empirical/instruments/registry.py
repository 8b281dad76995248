"""What is read off a network at one checkpoint, by the names that a run's ``instruments`` have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from torch import nn

from empirical import networks
from empirical.evidence.measurement import Reading
from empirical.evidence.names import INPUT
from empirical.geometry.building_blocks import block_readings
from empirical.geometry.readings import choice_readings, geometry_readings
from empirical.instruments.gradients import alignment_readings, gradient_readings, jacobian_readings, permutation_readings
from empirical.instruments.layer_compression import compression_readings
from empirical.instruments.linear_probes import probe_readings
from empirical.instruments.rewinding import rewinding_readings
from empirical.instruments.simulated_capacity import simulated_readings
from empirical.runs.instruments import INSTRUMENTS
from empirical.training.subject import Subject


@dataclass(frozen=True)
class Moment:
    """One network at one epoch, in evaluation mode, and the epochs of its training that matter.

    subject, sample: what it is trained on, and fewer images of it (:func:`empirical.instruments.sampling.sampled`).
    final: the network at its last epoch. turning, last: the turning point and the last epoch.
    checks: of the network so far, by name; what is read adds to them.
    """

    subject: Subject
    sample: Subject
    model: nn.Sequential
    final: nn.Sequential
    epoch: int
    turning: int
    last: int
    checks: dict[str, bool] = field(default_factory=dict)

    @property
    def analysed(self) -> list[str]:
        """The input and the hidden layers; the readout's outputs are the logits."""
        return [INPUT, *networks.layers(self.model)[:-1]]

    @property
    def compared(self) -> bool:
        """Whether the epoch is one of the two that claims about memorization compare."""
        return self.epoch in (self.turning, self.last)


def geometry(at: Moment) -> Iterator[Reading]:
    """Every group's manifolds; corrected for what centres share where claims compare."""
    return geometry_readings(at.model, at.subject, at.analysed, at.epoch, corrected=at.compared)


def final_geometry(at: Moment) -> Iterator[Reading]:
    """The same at the end alone, for sweeps, whose claims compare final networks."""
    if at.epoch == at.last:
        yield from geometry(at)


def simulation(at: Moment) -> Iterator[Reading]:
    """Capacity found by separating, at the end, in the hidden layers that are not wide."""
    if at.epoch == at.last:
        yield from simulated_readings(at.model, at.subject, at.analysed[1:], at.epoch)


def gradients(at: Moment) -> Iterator[Reading]:
    """The groups' gradients and their alignment; at initialization also at zero logits, and over permutations."""
    choices = ["standard", "batch_statistics"]
    if at.epoch == 0:
        choices.append("zero_logits")
    for choice in choices:
        found, add_up = gradient_readings(at.model, at.sample, choice)
        at.checks["gradient_norm:parts_add_up"] &= add_up
        yield from found
    yield from alignment_readings(at.model, at.sample, at.epoch)
    if at.epoch == 0:
        yield from permutation_readings(at.model, at.sample)


def jacobians(at: Moment) -> Iterator[Reading]:
    """Jacobian moments at initialization, for networks small enough for a pass per example."""
    if at.epoch == 0:
        yield from jacobian_readings(at.model, at.sample)


def rewinding(at: Moment) -> Iterator[Reading]:
    """The final network with layers as they are at this epoch.

    The last epoch is among them: a network whose turning point it is has nothing to rewind, and is measured like the others.
    """
    return rewinding_readings(at.final, at.model, at.sample)


def probes(at: Moment) -> Iterator[Reading]:
    """What linear readouts of the layers decode."""
    return probe_readings(at.model, at.sample, at.analysed)


def compression(at: Moment) -> Iterator[Reading]:
    """How compressed classes are in the layers, and how far apart, at initialization and where claims compare."""
    if at.compared or at.epoch == 0:
        yield from compression_readings(at.model, at.subject, at.analysed, at.epoch)


def choices(at: Moment) -> Iterator[Reading]:
    """The geometry of the permuted group under other analysis choices, where claims compare."""
    if at.compared:
        yield from choice_readings(at.model, at.subject, at.analysed, at.epoch)


def blocks(at: Moment) -> Iterator[Reading]:
    """The geometry before and after every ReLU and max-pooling, at initialization and at the end."""
    if at.epoch in (0, at.last):
        yield from block_readings(at.model, at.subject, at.epoch)


READ: dict[str, Callable[[Moment], Iterator[Reading]]] = {name: globals()[name] for name in INSTRUMENTS}
