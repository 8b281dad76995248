"""Tests that claims about wrong labels detect every error planted in how these are found, on the digits."""

import pytest

from empirical.evidence.bundle import Bundle
from empirical.evidence.measurement import Measurement
from empirical.evidence.names import NETWORK
from empirical.runs import runspec
from tests.verify.planted.label_errors import LABEL_ERRORS
from tests.verify.settled_parts import RUNS, file_of, of_error
from tests.verify.synthetic import paper
from verify.judging import error_rates
from verify.judging.verdicts import Status
from verify.measurements.runs import Runs
from verify.registry import load_claims

pytestmark = [pytest.mark.slow, pytest.mark.needs_torch]
NETWORKS = 8


@pytest.fixture(scope="module")
def trained():
    """A function that trains a subject on wrong labels, and does so once: no planted error changes the training."""
    pytest.importorskip("torch")
    from empirical.instruments.small_networks import label_errors

    kept = {}

    def watched(subject, given, noise):
        if (subject.network, noise) not in kept:
            kept[subject.network, noise] = right(subject, given, noise)
        return kept[subject.network, noise]

    right, label_errors.watched = label_errors.watched, watched
    yield watched
    label_errors.watched = right


def measured():
    """What the claims read, of the first networks of digits-label-errors: nothing of it needs the run's own training."""
    from empirical.instruments.small_networks.label_errors import label_error_readings
    from empirical.training.subject import Subject

    spec, rows = runspec.load("digits-label-errors", n_networks=NETWORKS, epochs=30), []
    for network in range(NETWORKS):
        for r in label_error_readings(Subject.of(spec, network)):
            rows.append(Measurement(network, 0, 0, NETWORK, 1.0, r.group, r.choice, r.quantity, r.value, r.se, r.n))
    return Runs.of(Bundle({**paper.manifest(NETWORKS), "spec": vars(spec)}, tuple(rows)))


def judged(claim, runs):
    return claim.judge(error_rates.of_claim(0, claim.id), runs).status


def of_claims_with_errors():
    return [file_of(load_claims()[error.claim]) for error in LABEL_ERRORS]


@pytest.mark.settled(reads=RUNS, of=of_claims_with_errors)
def test_without_an_error_the_claims_stand(registry, trained):
    """All but Q-08, which eight networks leave open as the sixteen recorded do."""
    runs = measured()
    found = {error.claim: judged(registry[error.claim], runs) for error in LABEL_ERRORS}
    assert found.pop("Q-08") in (Status.SUPPORTED, Status.INCONCLUSIVE)
    assert found == dict.fromkeys(found, Status.SUPPORTED)


@pytest.mark.settled(reads=RUNS, of=of_error)
@pytest.mark.parametrize("error", LABEL_ERRORS, ids=[error.name for error in LABEL_ERRORS])
def test_an_error_turns_its_claim(error, registry, trained):
    with error.plant():
        runs = measured()
    wanted = (Status.REFUTED,) if error.claim == "Q-08" else (Status.REFUTED, Status.INCONCLUSIVE)
    assert judged(registry[error.claim], runs) in wanted
