"""Tests that claims about errors after one epoch detect every error planted in how these are measured, on the digits."""

from unittest.mock import patch

import pytest

from empirical.evidence.bundle import Bundle
from empirical.evidence.measurement import Measurement
from empirical.evidence.names import NETWORK, RAND_X, REAL
from empirical.instruments.small_networks import first_epochs
from empirical.runs import runspec
from empirical.training.subject import Subject
from tests.verify.planted.small_networks import SMALL_NETWORKS
from tests.verify.settled_parts import RUNS, file_of, of_error
from tests.verify.synthetic import paper
from verify.judging import error_rates
from verify.judging.verdicts import Status
from verify.measurements.memorization.small_networks import counted
from verify.measurements.runs import Runs
from verify.registry import load_claims

pytestmark = pytest.mark.slow
NETWORKS = 8
NEEDED = {kind: (kind, first_epochs.RATE) for kind in (REAL, RAND_X)}


def measured():
    """What A-01 and A-02 read, of the first networks of digits-mlp: nothing of it needs the networks to be trained."""
    spec, rows = runspec.load("digits-mlp", n_networks=NETWORKS), []
    with patch.object(first_epochs, "SETTINGS", NEEDED):
        for network in range(NETWORKS):
            for r in first_epochs.first_epoch_readings(Subject.of(spec, network)):
                rows.append(Measurement(network, 0, 1, NETWORK, 1.0, r.group, r.choice, r.quantity, r.value, r.se, r.n))
    return Runs.of(Bundle({**paper.manifest(NETWORKS), "spec": vars(spec)}, tuple(rows)))


def judged(claim, runs):
    return claim.judge(error_rates.of_claim(0, claim.id), runs).status


def of_claims_with_errors():
    return [file_of(load_claims()[error.claim]) for error in SMALL_NETWORKS]


@pytest.mark.settled(reads=RUNS, of=of_claims_with_errors)
def test_without_an_error_the_claims_stand(registry):
    runs = measured()
    names = {error.claim for error in SMALL_NETWORKS}
    assert {name: judged(registry[name], runs) for name in names} == dict.fromkeys(names, Status.SUPPORTED)


@pytest.mark.settled(reads=RUNS, of=of_error)
@pytest.mark.parametrize("error", SMALL_NETWORKS, ids=[error.name for error in SMALL_NETWORKS])
def test_an_error_turns_its_claim(error, registry):
    with error.plant():
        runs = measured()
    assert judged(registry[error.claim], runs) in (Status.REFUTED, Status.INCONCLUSIVE)


@pytest.mark.settled(reads=RUNS)
def test_classes_alone_spread_all_counts_as_real_images_do():
    """The variance of all counts cannot tell class means from real images; the dispersion within classes can."""
    (error,) = (error for error in SMALL_NETWORKS if error.name == "class-means")
    with error.plant():
        runs = measured()
    of_all, within = (
        counted(runs, quantity, REAL) / counted(runs, quantity, RAND_X)
        for quantity in ("misclassification_index", "misclassification_dispersion")
    )
    assert of_all.min() > 2
    assert within.max() < 2
