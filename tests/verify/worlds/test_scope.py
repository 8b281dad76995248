"""Tests of which claims a world asks."""

from dataclasses import replace

import pytest

from empirical.evidence.quantities import QUANTITIES
from empirical.runs import runspec
from empirical.runs.instruments import ALWAYS, INSTRUMENTS
from empirical.runs.sweeps import Sweep
from verify.registry import REGISTRY, ClaimError, claim
from verify.worlds import recorded, world
from verify.worlds.scope import Scope, kind
from verify.worlds.world import State, World


def made(**options):
    """A claim about networks that is in no registry."""
    kept = dict(REGISTRY)
    try:
        return claim("T-50", needs=("capacity", "accuracy"), counterfeit=lambda runs: runs, **options)(lambda runs: None)
    finally:
        REGISTRY.clear()
        REGISTRY.update(kept)


def scope(**changes):
    spec = replace(runspec.load("cifar100-small"), **changes)
    return Scope.declared(Sweep(spec.name, "", (spec,)))


def test_a_claim_is_asked_where_all_that_it_reads_is_measured():
    assert scope().answers(made())
    assert not scope(instruments=("gradients",)).answers(made())
    assert not scope(epochs=0).answers(made())


@pytest.mark.parametrize("fraction", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("labels", ["mixed", "clean", "permuted", "any"])
def test_a_claim_is_asked_where_labels_are_such_as_it_means(fraction, labels):
    asked = scope(permuted_fraction=fraction).answers(made(labels=labels))
    assert asked == (labels in ("any", kind(fraction)))


def test_a_claim_may_ask_for_an_instrument():
    assert scope().answers(made(instruments="choices"))
    assert not scope(instruments=("geometry",)).answers(made(instruments="choices"))


def test_labels_of_another_name_are_an_error():
    with pytest.raises(ClaimError, match="received labels 'noisy', which are unknown; use mixed, permuted, clean, images, any"):
        made(labels="noisy")


def test_every_instrument_and_every_quantity_is_known():
    assert set(ALWAYS).union(*INSTRUMENTS.values()) == set(QUANTITIES)


def test_a_recorded_world_is_asked_what_its_table_has():
    manifest = recorded.manifests(world.EVIDENCE / "cifar100-vgg16-init")[0]
    measured = Scope.recorded(manifest).quantities
    assert measured | {"distance_from_initialization"} == runspec.load("cifar100-vgg16-init").quantities()


def test_runs_that_are_not_recorded_stand_beside_the_packages_own_evidence_alone(tmp_path):
    there = world.all_worlds()
    assert set(there) >= set(runspec.names())
    assert there["resnet18-widths"] == World("resnet18-widths")
    assert there["resnet18-widths"].state is State.MISSING
    assert there["digits-live"].state is State.LIVE
    assert set(world.all_worlds(tmp_path)) == set(world.LIVE)
