"""The instruments that measure a network at one checkpoint, by the names in a run's ``instruments``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from torch import Tensor, nn

from empirical import networks
from empirical.evidence.measurement import Reading
from empirical.evidence.names import IN_RANGE, INPUT, SOFTMAX
from empirical.geometry.building_blocks import block_readings
from empirical.geometry.readings import choice_readings, geometry_readings, minima_readings
from empirical.instruments.critical_samples import critical_readings, top_class_readings
from empirical.instruments.gradients import alignment_readings, gradient_readings, jacobian_readings, permutation_readings
from empirical.instruments.layer_compression import compression_readings
from empirical.instruments.linear_probes import probe_readings
from empirical.instruments.losses import loss_readings
from empirical.instruments.rewinding import rewinding_readings
from empirical.instruments.sampling import with_fewer_tests
from empirical.instruments.simulated_capacity import simulated_readings
from empirical.instruments.small_networks.first_epochs import first_epoch_readings
from empirical.instruments.small_networks.label_errors import label_error_readings
from empirical.instruments.small_networks.loss_sensitivity import sensitivity_readings
from empirical.runs.instruments import INSTRUMENTS
from empirical.training.subject import Subject

CERTIFIED = "critical_sample_ratio:certified"


@dataclass(frozen=True)
class Moment:
    """One network at one epoch, in evaluation mode, with the epochs of its training that matter.

    subject: the images and labels that it is trained and measured on.
    sample: a sample of these images (:func:`empirical.instruments.sampling.sampled`).
    model, epoch: the network at this epoch.
    final: the network at its last epoch.
    turning, last: the turning point and the last epoch.
    checks: the checks of this network so far, by name; instruments add to them.
    inputs: the geometry of the network's input, which is measured once (:func:`empirical.geometry.readings.geometry_readings`).
    """

    subject: Subject
    sample: Subject
    model: nn.Sequential
    final: nn.Sequential
    epoch: int
    turning: int
    last: int
    checks: dict[str, bool] = field(default_factory=dict)
    inputs: dict = field(default_factory=dict)

    @property
    def analysed(self) -> list[str]:
        """The names of the input and of the hidden layers; the readout is left out, because its outputs are the logits."""
        return [INPUT, *networks.layers(self.model)[:-1]]

    @property
    def compared(self) -> bool:
        """Whether the epoch is the turning point or the last, which claims about memorization compare."""
        return self.epoch in (self.turning, self.last)


def geometry(at: Moment) -> Iterator[Reading]:
    """The geometry of every group's manifolds as independent ones.

    At initialization and at compared epochs, the correlations between manifolds are taken into account as well, by the cavity
    method and by joint anchors; at the last epoch also as published.
    """
    correlated = at.compared or at.epoch == 0
    methods = [0, *["published"] * (at.epoch == at.last), *["cavity"] * correlated]
    options = {"methods": methods, "joint": correlated, "inputs": at.inputs}
    return geometry_readings(at.model, at.subject, at.analysed, at.epoch, **options)


def cavity_geometry(at: Moment) -> Iterator[Reading]:
    """The geometry of :func:`geometry` without joint anchors and the published correction, for runs that are to be quick."""
    methods = [0, *["cavity"] * (at.compared or at.epoch == 0)]
    return geometry_readings(at.model, at.subject, at.analysed, at.epoch, methods=methods, inputs=at.inputs)


def final_geometry(at: Moment) -> Iterator[Reading]:
    """The geometry of :func:`geometry` at the last epoch only, for sweeps, whose claims compare final networks."""
    if at.epoch == at.last:
        yield from geometry(at)


def minima(at: Moment) -> Iterator[Reading]:
    """The corrected geometry from other starts of the search for the directions that centres share, at the last epoch."""
    if at.epoch == at.last:
        yield from minima_readings(at.model, at.subject, at.analysed, at.epoch)


def simulation(at: Moment) -> Iterator[Reading]:
    """The simulated capacity in hidden layers that are not wide, at the last epoch."""
    if at.epoch == at.last:
        yield from simulated_readings(at.model, at.subject, at.analysed[1:], at.epoch)


def gradients(at: Moment) -> Iterator[Reading]:
    """The gradients of the groups and their alignment; at initialization also at zero logits, and over permutations."""
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
    """The moments of the Jacobians at initialization, for networks that are small enough for a backward pass per image."""
    if at.epoch == 0:
        yield from jacobian_readings(at.model, at.sample)


def rewinding(at: Moment) -> Iterator[Reading]:
    """The accuracies of the final network with some layers as they are at this epoch.

    The last epoch is included: nothing is rewound there, and the accuracy of the final network on these images is measured,
    with which claims compare the others.
    """
    return rewinding_readings(at.final, at.model, with_fewer_tests(at.sample))


def probes(at: Moment) -> Iterator[Reading]:
    """The accuracies of linear probes of the layers."""
    return probe_readings(at.model, at.sample, at.analysed)


def compression(at: Moment) -> Iterator[Reading]:
    """The compression and discrimination of classes in the layers, at initialization and at compared epochs."""
    if at.compared or at.epoch == 0:
        yield from compression_readings(at.model, at.subject, at.analysed, at.epoch)


def choices(at: Moment) -> Iterator[Reading]:
    """The geometry of the permuted group under other analysis choices, at compared epochs."""
    if at.compared:
        yield from choice_readings(at.model, at.subject, at.analysed, at.epoch)


def critical_samples(at: Moment) -> Iterator[Reading]:
    """The critical sample ratio; at the last epoch, which claims compare, also by the other searches."""
    others = (SOFTMAX, IN_RANGE) if at.epoch == at.last else ()
    for how in ("", *others):
        found, sound = critical_readings(at.model, at.subject, at.epoch, how)
        at.checks[CERTIFIED] = at.checks.get(CERTIFIED, True) and sound
        yield from found
    yield from top_class_readings(at.model, at.subject)


def blocks(at: Moment) -> Iterator[Reading]:
    """The geometry before and after every ReLU and max-pooling, at initialization and at the last epoch."""
    if at.epoch in (0, at.last):
        yield from block_readings(at.model, at.subject, at.epoch)


def first_epochs(at: Moment) -> Iterator[Reading]:
    """The errors of small networks after one epoch on the subject's images; read once, as no checkpoint matters to them."""
    if at.epoch == 0:
        yield from first_epoch_readings(at.subject)


def loss_sensitivity(at: Moment) -> Iterator[Reading]:
    """The sensitivity of the loss of small networks to the subject's images; read once, as by :func:`first_epochs`."""
    if at.epoch == 0:
        yield from sensitivity_readings(at.subject)


def label_errors(at: Moment) -> Iterator[Reading]:
    """How well wrong labels are found in networks trained on them; read once, as by :func:`first_epochs`."""
    if at.epoch == 0:
        yield from label_error_readings(at.subject)


# Read at every checkpoint, off the logits of all images.
READ_OFTEN: dict[str, Callable[[Tensor, Subject], Iterator[Reading]]] = {"losses": loss_readings}
READ: dict[str, Callable[[Moment], Iterator[Reading]]] = {
    name: globals()[name] for name in INSTRUMENTS if name not in READ_OFTEN
}
