"""A run without epochs: networks measured at their initialization, by gradients alone."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from empirical.evidence.bundle import read_bundle
from empirical.pipeline import make_bundle
from empirical.runs import runspec
from tests.empirical.pipeline.executors import Here
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status
from verify.measurements.runs import Runs
from verify.registry import load_claims
from verify.report.lookup import worlds_of
from verify.worlds.world import World

pytestmark = [pytest.mark.needs_torch, pytest.mark.slow]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    spec = replace(
        runspec.load("digits"),
        name="untrained",
        width=2,
        n_networks=2,
        n_classes=4,
        train_images=200,
        epochs=0,
        gradient_permutations=4,
    )
    return make_bundle.make_bundle(spec, tmp_path_factory.mktemp("untrained"), executor=Here())


def test_it_has_what_the_claims_about_initialization_read(bundle):
    runs = Runs.of(read_bundle(bundle))
    assert runs.n_classes == 4
    assert {key.quantity for key in runs.table} >= {"cotangent_variance", "mean_permuted_gradient", "gradient_norm"}
    assert not {"accuracy", "capacity", "jacobian_scatter"} & {key.quantity for key in runs.table}


def test_only_claims_about_initialization_are_asked_there(bundle):
    world = {"untrained": World("untrained", bundle)}
    asked = [claim.id for claim in load_claims().values() if claim.needs and worlds_of(claim, world)]
    assert sorted(asked) == ["S-19.exact", "S-19.standard", "S-19.zero"]
    for name in asked:
        load_claims()[name].relation(world["untrained"].runs(None))


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("{")])
@pytest.mark.parametrize("name", ["manifest.json", "table.csv.gz"])
def test_evidence_that_cannot_be_read_hides_no_claim(bundle, tmp_path, name, spoil):
    """What was measured is not known without the manifest: every claim is asked then, and says what is wrong."""
    shutil.copytree(bundle, tmp_path / "untrained")
    spoil(tmp_path / "untrained" / name)
    world = World("untrained", tmp_path / "untrained")
    alone = [claim for claim in load_claims().values() if claim.needs and not claim.sweep and not claim.beside]
    asked = [claim for claim in alone if world.asks(claim)]
    assert len(asked) == (3 if name == "table.csv.gz" else len(alone))
    verdict = asked[0].judge(Chance(), lambda: world.runs(None))
    assert verdict.status in (Status.BROKEN, Status.UNTESTED)
