"""Tests that a changed measurement of live networks moves a pinned number, whatever the verdict says."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verify.settled_parts import RUNS, files_of_claims
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status
from verify.report import pins
from verify.report.ledger import Entry
from verify.worlds.world import World


def of_all_claims(**_):
    return files_of_claims()


pytestmark = pytest.mark.settled(reads=["verify/evidence/digits", *RUNS], of=of_all_claims)


def scaled(factor, *quantities):
    """All series of the quantities, by all methods, times a factor."""

    def change(key, series):
        return key, replace(series, values=factor * series.values) if key.quantity.endswith(quantities) else series

    return lambda runs: runs.transformed(change)


def shifted(runs):
    """Every value reported at the next measured epoch of its series."""

    def change(key, series):
        values = np.concatenate([series.values[:, :1], series.values[:, :-1]], axis=1) if len(series.epochs) > 1 else None
        return key, series if values is None else replace(series, values=values)

    return runs.transformed(change)


def moved_accuracy(by):
    def change(key, series):
        return key, replace(series, values=series.values + by) if key[:2] == ("accuracy", "test") else series

    return lambda runs: runs.transformed(change)


CHANGES = {
    **{f"capacity times {factor:g}": scaled(factor, "capacity") for factor in (2, 1.3, 0.5)},
    **{f"{name} times 2": scaled(2, name) for name in ("radius", "dimension")},
    "correlations times 3": scaled(3, "center_correlation"),
    "weight norms times 10": scaled(10, "weight_norm"),
    **{f"test accuracy {by:+g}": moved_accuracy(by) for by in (0.1, -0.1)},
    "everything a checkpoint late": shifted,
}


def verdicts(registry, runs):
    claims = [claim for claim in registry.values() if claim.needs and World("digits").asks(claim)]
    return {claim.id: claim.judge(of_claim(0, claim.id), runs, accept=frozenset(Status)) for claim in claims}


def entry(claim_id, verdict):
    return Entry(claim_id, "digits", verdict, True, "", "", None)


@pytest.fixture(scope="module")
def registered(registry, digits):
    return {name: pins.pinned(entry(name, found), "", "today") for name, found in verdicts(registry, digits).items()}


def noticed(registry, registered, runs):
    """The claims whose verdict or numbers differ from the registered ones."""
    found = verdicts(registry, runs)
    return {name for name, verdict in found.items() if pins.moved(verdict, "", registered[name])}


def test_the_same_measurements_move_nothing(registry, registered, digits):
    assert not noticed(registry, registered, digits)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_table_is_noticed(registry, registered, digits, change):
    assert noticed(registry, registered, CHANGES[change](digits))


def test_other_networks_of_the_kind_are_not_noticed(registry, registered, digits):
    """Networks that spread as these do about the same means: in 50 such sets no number may move."""
    rng = np.random.default_rng(0)
    for pin in registered.values():
        for number in (one for one in pin.numbers if one.se > 0):
            others = rng.normal(number.value, number.se * np.sqrt(number.n), (50, number.n))
            for values in others:
                now = number._replace(value=values.mean(), se=values.std(ddof=1) / np.sqrt(number.n))
                assert not pins.far_live(now, number)
