"""Tests that a claim detects every planted error, and that the claim's verdict is unchanged without the error."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
import torch

from empirical import networks
from empirical.evidence.bundle import Bundle, read_bundle, write_bundle
from empirical.evidence.measurement import Measurement
from empirical.evidence.names import NETWORK
from empirical.geometry.readings import geometry_readings
from empirical.instruments import accuracies, rewinding
from empirical.instruments.measure import measure
from empirical.instruments.record import depths
from empirical.pipeline import make_bundle, network_job
from empirical.runs import folders, runspec
from empirical.runs.folders import run_folder
from empirical.training.subject import Subject
from empirical.training.train import train
from tests.verify.planted.comparisons import COMPARED
from tests.verify.planted.detecting import judged, named
from tests.verify.planted.drawn import DRAWN
from tests.verify.planted.instruments import LAYERS, MEASURING
from tests.verify.planted.label_errors import LABEL_ERRORS
from tests.verify.planted.small_networks import SMALL_NETWORKS
from tests.verify.planted.sweeps import SWEEPS
from tests.verify.settled_parts import LISTS, RUNS, file_of, files_of_claims, of_error
from tests.verify.synthetic import paper, story
from verify.judging.verdicts import Status
from verify.measurements.runs import Runs
from verify.registry import load_claims
from verify.report import pins
from verify.worlds.world import World

pytestmark = pytest.mark.slow
PROBES = 20


@pytest.mark.parametrize("error", **named(COMPARED))
def test_a_wrong_comparison_turns_its_claim(error, registry):
    claim = registry[error.claim]
    assert judged(claim, story.told(claim)).status == Status.SUPPORTED
    with error.plant():
        verdict = judged(claim, story.told(claim))
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE), verdict


def test_every_error_has_a_name_of_its_own(registry):
    errors = DRAWN + COMPARED + MEASURING + LAYERS + SWEEPS + SMALL_NETWORKS + LABEL_ERRORS
    names = [error.name for error in errors]
    assert len(names) == len(set(names))
    assert len(names) >= 40
    assert {error.claim for error in errors} <= set(registry)


def remeasured(read):
    """Live networks measured anew from their checkpoints; ``read(subject, folder)`` yields (epoch, reading)."""
    spec = runspec.load(WORLDS[read])
    rows = []
    for network in range(spec.n_networks):
        subject = Subject.of(spec, network)
        positions = {NETWORK: 1.0, **depths(subject.build())}
        for epoch, r in read(subject, folders.network_folder(run_folder(spec), network)):
            place = (r.layer, positions[r.layer], r.group, r.choice)
            rows.append(Measurement(network, 0, epoch, *place, r.quantity, r.value, r.se, r.n))
    return Runs.of(Bundle({**paper.manifest(spec.n_networks), "spec": vars(spec)}, tuple(rows)))


def read_accuracies(subject, folder):
    for epoch in subject.spec.checkpoint_epochs():
        predicted = accuracies.predict(subject.at(folder, epoch), subject)
        yield from ((epoch, r) for r in accuracies.accuracies(predicted, subject))


def read_layers(subject, folder):
    """What S-07, S-12 and S-15 read, with fewer probes."""
    found = list(read_accuracies(subject, folder))
    yield from found
    light = replace(subject, spec=replace(subject.spec, geometry_probes=PROBES))
    best = max(((r.value, -epoch) for epoch, r in found if r.choice == "select"))
    turning, last = -best[1], subject.spec.epochs
    final, earlier = subject.at(folder, last), subject.at(folder, turning)
    hidden, suffix = networks.layers(final)[:-1], networks.deep_suffix(final)
    for epoch, model in ((turning, earlier), (last, final)):
        readings = geometry_readings(model, light, hidden, epoch, ("unpermuted", "permuted", "restored"))
        yield from ((epoch, r) for r in readings)
    rewound, choice = rewinding.rewind(final, earlier, suffix), f"rewound from {suffix[0]}"
    for r in geometry_readings(rewound, light, suffix[:-1], last, ("permuted", "restored"), choice):
        yield last, r
    for r in accuracies.accuracies(accuracies.predict(rewound, subject), subject, rewinding.QUANTITY):
        yield turning, replace(r, choice="/".join(filter(None, ("suffix", r.choice))), layer=suffix[0])


# Live networks on which the claims are SUPPORTED.
WORLDS = {read_accuracies: "digits-mlp-live", read_layers: "digits-live"}
REMEASURED = {**dict.fromkeys(("S-01", "S-03"), read_accuracies), **dict.fromkeys(("S-07", "S-12", "S-15"), read_layers)}


def of_remeasured(read):
    return [part for name in REMEASURED for part in (file_of(load_claims()[name]), name)]


@pytest.mark.settled(reads=RUNS, of=of_remeasured)
@pytest.mark.parametrize("read", [read_accuracies, read_layers])
@pytest.mark.usefixtures("digits_live", "digits_mlp_live")
def test_without_an_error_the_claims_stand(read, registry):
    runs = remeasured(read)
    names = [name for name, reader in REMEASURED.items() if reader is read]
    assert {name: judged(registry[name], runs).status for name in names} == dict.fromkeys(names, "SUPPORTED")


@pytest.mark.settled(reads=RUNS, of=of_error, lists=LISTS)
@pytest.mark.parametrize("error", **named(MEASURING + LAYERS))
@pytest.mark.usefixtures("digits_live", "digits_mlp_live")
def test_a_wrong_instrument_turns_its_claim(error, registry):
    with error.plant():
        runs = remeasured(REMEASURED[error.claim])
    verdict = judged(registry[error.claim], runs)
    # A claim that is no longer asked because no label seems fitted is noticed by its pin.
    pinned = pins.load(pins.PINS)[error.claim, WORLDS[REMEASURED[error.claim]]]
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE) or pins.moved(verdict, "", pinned), verdict


@pytest.fixture
def trained(tiny_run, tmp_path):
    subject = Subject.of(tiny_run, 0)
    (tmp_path / "network").mkdir()
    train(subject, tmp_path / "network")
    return subject, tmp_path / "network"


@pytest.fixture
def tiny_run():
    few = {"gradient_permutations": 2, "geometry_points": 4, "geometry_probes": 2}
    return replace(runspec.load("digits"), name="synthetic", width=2, n_networks=2, train_images=300, epochs=1, **few)


measured = pytest.mark.settled(reads=["verify/evidence/digits", *RUNS], of=files_of_claims)


def statuses(registry, rows, checks, folder):
    """Every claim asked of digits on a bundle made of these rows, taken for both networks, and checks."""
    both = [*rows, *(replace(row, network=1) for row in rows)]
    write_bundle(folder, {**paper.manifest(2), "checks": checks}, both)
    runs = Runs.of(read_bundle(folder))
    return {name: judged(claim, runs).status for name, claim in registry.items() if World("digits").asks(claim)}


@measured
@pytest.mark.planted("train-mode")
def test_training_mode_at_measuring_breaks_every_claim(trained, registry, tmp_path):
    # The Jacobians are left out: torch itself refuses them in training mode.
    no_jacobians = patch("empirical.instruments.registry.jacobian_readings", lambda *_: ())
    with patch.object(torch.nn.Module, "eval", lambda self: self), no_jacobians:
        rows, checks, _ = measure(*trained)
    assert not checks["measuring_left_networks_unchanged"]
    found = statuses(registry, rows, checks, tmp_path / "b")
    assert {status for name, status in found.items() if not name.startswith("S-19")} == {Status.BROKEN}


@measured
def test_accuracies_alone_taken_in_training_mode_are_noticed(trained):
    right = accuracies.logits_of
    with patch("empirical.instruments.measure.logits_of", lambda model, subject: right(model.train(), subject)):
        _, checks, _ = measure(*trained)
    assert not checks["measuring_left_networks_unchanged"]


@measured
@pytest.mark.planted("part-forgotten")
def test_a_forgotten_part_of_the_gradient_breaks_the_gradient_claims(trained, registry, tmp_path):
    def only_dependent(logits, labels):
        return -(logits * (labels if labels.ndim == 2 else torch.nn.functional.one_hot(labels, logits.shape[1]))).sum(1).mean()

    with patch("empirical.instruments.autograd.functional.cross_entropy", only_dependent):
        rows, checks, _ = measure(*trained)
    found = statuses(registry, rows, checks, tmp_path / "b")
    reading = {name for name, claim in registry.items() if "gradient_norm" in claim.needs and not claim.sweep}
    assert {name for name, status in found.items() if status == Status.BROKEN} == reading


@measured
def test_nothing_planted_breaks_nothing(trained, registry, tmp_path):
    rows, checks, _ = measure(*trained)
    assert all(checks.values())
    assert Status.BROKEN not in statuses(registry, rows, checks, tmp_path / "b").values()


@measured
@pytest.mark.planted("seed-reused")
def test_a_reused_seed_breaks_every_claim(tiny_run, registry, tmp_path):
    honest = runspec.RunSpec.rng
    with patch.object(runspec.RunSpec, "rng", lambda self, network, *words: honest(self, 0, *words)):
        for network in range(tiny_run.n_networks):
            network_job.run_network(tiny_run, network, tmp_path)
        bundle = folders.measured_folder(tiny_run, tmp_path) / "bundle"
        make_bundle.merge(tiny_run, bundle, 0.0)
    runs = Runs.of(read_bundle(bundle))
    assert {judged(claim, runs).status for claim in registry.values() if World("digits").asks(claim)} == {Status.BROKEN}


@pytest.mark.planted("turning-point-leaked")
def test_a_turning_point_chosen_where_it_is_reported_supports_what_is_not_there(synthetic, registry):
    runs = synthetic(paper.flat_rows())
    leaked = replace(runs, selection="report")
    assert judged(registry["S-02"], runs).status != Status.SUPPORTED
    assert judged(registry["S-02"], leaked).status == Status.SUPPORTED
    drop = leaked.accuracy("test", "turning_point") - leaked.accuracy("test", "end")
    assert np.all(drop >= 0)
