"""Tests of which worlds ask a claim, and of what a claim that compares worlds reads."""

from dataclasses import replace
from pathlib import Path

import pytest

from empirical.evidence.bundle import write_bundle
from empirical.runs import sweeps
from tests.verify.synthetic import paper
from verify import claim, positive
from verify.judging.verdicts import Broken, Untested
from verify.measurements.pairing import paired_sweeps
from verify.worlds.world import EVIDENCE, World

pytestmark = pytest.mark.usefixtures("kept_registry")


@pytest.fixture
def recorded(tmp_path):
    """Record a world of a name and some fields of its run; a field that is None is left out, as before the field existed."""

    def make(name, rows=None, **fields) -> World:
        about = paper.manifest()
        spec = {field: value for field, value in {**about["spec"], **fields}.items() if value is not None}
        about = {**about, "world": name, "spec": spec}
        write_bundle(tmp_path / name, about, paper.rows() if rows is None else rows)
        return World(name, tmp_path / name)

    return make


def about(**where):
    @claim("T-20", needs="accuracy", counterfeit=lambda runs: runs, **where)
    def claim_accuracy(runs):
        return positive(runs.accuracy("unpermuted", 12), 0.1)

    return claim_accuracy


@pytest.mark.parametrize(
    ("where", "fields"),
    [
        ({"labels": "permuted"}, {"permuted_fraction": 1.0}),
        ({"labels": ("clean", "mixed")}, {"permuted_fraction": 0.0}),
        ({"architectures": ("vgg16", "thinvgg")}, {"architecture": "thinvgg"}),
        ({"instruments": ("probes", "blocks")}, {"instruments": ["geometry", "probes", "blocks"]}),
    ],
)
def test_a_claim_is_asked_of_the_networks_it_is_about(where, fields, recorded):
    there, elsewhere = recorded("there", **fields), recorded("elsewhere", instruments=["probes"], permuted_fraction=0.5)
    made = about(**where)
    assert there.asks(made)
    assert elsewhere.asks(made) == (where == {"labels": ("clean", "mixed")})
    assert elsewhere.asks(about())


@pytest.mark.needs_torch
def test_a_comparison_is_asked_where_the_other_world_is_recorded(recorded):
    alone, one = recorded("alone"), recorded("one")
    recorded("one-slow")
    made = about(beside="-slow")
    assert (alone.asks(made), one.asks(made), World("digits-live").asks(made)) == (False, True, False)
    with pytest.raises(Untested, match="alone-slow"):
        alone.runs(None).beside("-slow")


def test_a_comparison_reads_the_world_beside_and_its_digest_moves_with_it(recorded):
    rows = paper.rows(spread=0.0)
    one, slow = recorded("one", rows), recorded("one-slow", [replace(row, value=row.value / 2) for row in rows])

    @claim("T-21", needs="accuracy", counterfeit=lambda runs: runs, beside="-slow")
    def claim_faster(runs):
        return positive(runs.accuracy("test", 4) - runs.beside("-slow").accuracy("test", 4), 0.1)

    assert claim_faster.function(one.runs(None)).values == pytest.approx([0.4] * 10)
    before = one.evidence(claim_faster)
    assert one.evidence(about()) == one.digest() != before
    recorded("one-slow", rows)
    assert slow.digest() == one.digest()
    assert one.evidence(claim_faster) != before


@pytest.fixture
def swept(recorded):
    """Record a sweep over words, and return its world; ``change`` is applied to the value of every row."""

    def make(name, change=lambda value: value, **fields) -> World:
        rows = [replace(row, value=change(row.value)) for row in paper.rows(spread=0.0)]
        for value in ("none", "dropout=0.3", "dropout=0.1"):
            one = recorded(sweeps.part(name, "regularizers", value), rows, regularizers=value, noise="none", **fields)
        return World(name, one.recorded.parent)

    return make


def test_a_sweep_over_words_has_the_sweep_beside_it(swept):
    one = swept("one")
    swept("one-randY", lambda value: value / 2, permuted_fraction=1.0)

    @claim("T-22", needs="accuracy", counterfeit=lambda sweep: sweep, sweep="regularizers", beside="-randY")
    def claim_higher(sweep):
        true, random = paired_sweeps(sweep, sweep.beside("-randY"))
        assert true.values == random.values == ("none", "dropout=0.1", "dropout=0.3")
        return positive((true.at_end("accuracy", "test", "report") - random.at_end("accuracy", "test", "report")), 0.1)

    sweep = one.runs(None)
    assert (sweep.field, sweep.values) == ("regularizers", ("none", "dropout=0.1", "dropout=0.3"))
    assert one.asks(claim_higher)
    assert claim_higher.function(sweep).values == pytest.approx([0.3] * 10)
    assert not World("other", one.recorded.with_name("one-randY")).asks(claim_higher)
    before = one.evidence(claim_higher)
    swept("one-randY", permuted_fraction=1.0)
    assert one.evidence(claim_higher) != before


def test_sweeps_trained_at_other_rates_are_not_compared(swept):
    one = swept("one")
    swept("one-randY", learning_rate=0.5)
    sweep = one.runs(None)
    with pytest.raises(Broken, match="one/regularizers-none and one-randY/regularizers-none differ in learning_rate, so that"):
        paired_sweeps(sweep, sweep.beside("-randY"))
    with pytest.raises(Untested, match="one-randX"):
        sweep.beside("-randX")


def test_the_world_beside_a_folder_is_the_folder_beside_it(recorded, monkeypatch):
    one, beside = recorded("one"), recorded("one-slow")
    monkeypatch.chdir(one.recorded)
    for here in (one.recorded, Path(".")):
        assert World(str(here), here).sibling("-slow").recorded == beside.recorded.absolute()
        assert World(str(here), here).runs(None).beside("-slow").world == "one-slow"


def test_a_world_beside_that_is_not_there_is_named_with_its_command_if_a_run_makes_it(recorded):
    mlp, one = recorded("mnist-mlp").runs(None), recorded("one").runs(None)
    with pytest.raises(Untested, match="not recorded; record it: python -m empirical bundle mnist-mlp-randX --into"):
        mlp.beside("-randX")
    with pytest.raises(Untested, match="there is no world one-randX, and no run of that name to record"):
        one.beside("-randX")


def test_runs_that_stand_alone_have_none_beside(synthetic):
    with pytest.raises(Untested, match="-clean"):
        synthetic(paper.rows()).beside("-clean")


@pytest.mark.parametrize("change", [{"fitted": 0.5}, {"permuted_fraction": 0.3}])
def test_the_digest_covers_what_judging_reads_of_the_manifest(recorded, change):
    rows = paper.rows(spread=0.0)
    assert recorded("one", rows).digest() == recorded("other", rows).digest() != recorded("changed", rows, **change).digest()


@pytest.mark.parametrize("change", [{"fitted": 0.5}, {"learning_rate": 0.5}, {"noise": "inputs"}])
def test_the_digest_covers_every_field_of_a_world_that_is_compared_with_its_noise(recorded, change):
    rows = paper.rows(spread=0.0)
    one, other = (recorded(name, rows, noise="none").digest() for name in ("one", "other"))
    assert one == other != recorded("changed", rows, **{"noise": "none", **change}).digest()


def test_evidence_from_before_there_was_noise_keeps_the_digest_that_verdicts_are_registered_with(recorded):
    rows = paper.rows(spread=0.0)
    one, other = (recorded("one", rows, noise=None, learning_rate=rate).digest() for rate in (0.02, 0.5))
    assert one == other


@pytest.mark.slow
def test_what_a_sweep_has_not_measured_names_the_command_of_the_sweep():
    """Its runs are called digits-mlp-widths/12 and so on, which no command knows."""
    found = World("digits-mlp-widths", EVIDENCE / "digits-mlp-widths").runs(None)
    with pytest.raises(Untested, match=r"was not measured in this world: .* bundle digits-mlp-widths$"):
        found.at_end("loss", "unpermuted")
