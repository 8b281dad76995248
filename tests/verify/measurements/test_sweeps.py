"""Tests of sweeps: bundles of one field's values as one world, and the claims about sweeps."""

import random
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from empirical.evidence.bundle import write_bundle
from empirical.evidence.measurement import Measurement
from empirical.runs import runspec, sweeps
from tests.verify.planted.sweeps import SWEEPS, method, where_error_is_largest
from tests.verify.synthetic import widths
from verify.judging import error_rates
from verify.judging.verdicts import Broken, Status
from verify.measurements.sweeps import NoThreshold, Sweep, in_order
from verify.registry import load_claims
from verify.worlds import recorded
from verify.worlds.world import World

# The claims about one sweep over widths; those about noise have tests of their own.
CLAIMS = {name: claim for name, claim in load_claims().items() if claim.sweep == "width" and not claim.beside}
SPEC = runspec.load("digits", n_networks=10)
DEPTHS = {"network": 1.0, "conv1": 0.3, "block8": 0.6}


def written(folder, sweep: Sweep, **changes):
    """The sweep as bundles on disk; ``changes`` are fields in which the widest differs."""
    for width, runs in zip(sweep.values, sweep.runs, strict=True):
        own = changes if width == sweep.values[-1] else {}
        spec = replace(SPEC, name=sweeps.part("story", "width", width), width=width, **own)
        about = {
            "world": spec.name,
            "spec": asdict(spec),
            "n_classes": 10,
            "checks": {},
            "made": {"utc": "2026-11-25T01:00:00Z"},
        }
        rows = [
            Measurement(network, 0, int(epoch), key.layer, DEPTHS[key.layer], *key[1:3], key.quantity, float(value), 0.0, 1)
            for key, series in runs.table.items()
            for network, values in enumerate(series.values)
            for epoch, value in zip(series.epochs, values, strict=True)
        ]
        write_bundle(folder / f"width-{width}", about, rows)
    return folder


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return written(tmp_path_factory.mktemp("evidence") / "story", widths.story())


def judged(name, sweep):
    return CLAIMS[name].judge(error_rates.of_claim(0, name), sweep)


def test_a_folder_of_bundles_is_one_world_in_the_order_of_its_values(evidence):
    sweep = World("story", evidence).runs(None)
    assert isinstance(sweep, Sweep)
    assert (sweep.field, sweep.values) == ("width", widths.WIDTHS)
    expected = widths.story().at_end("dimension", "test", layer=-1)
    assert sweep.at_end("dimension", "test", layer=-1) == pytest.approx(expected)
    assert sweep.stack(lambda runs: runs.accuracy("test", 0)).shape == (10, len(widths.WIDTHS))


def test_it_is_asked_what_is_about_sweeps_and_nothing_else(evidence):
    world = World("story", evidence)
    assert {claim.id for claim in load_claims().values() if world.asks(claim)} == {"S-20", "S-21", "S-22"}
    assert not any(World("digits").asks(claim) for claim in CLAIMS.values())


def test_its_evidence_says_values_and_networks_and_has_one_digest(evidence, tmp_path):
    about = World("story", evidence).about()
    assert about.startswith("recorded 2026-11-25, width 1, 2, 3, 4, 6, 8, 12, 16, 24, 10 networks each, digest ")
    other = written(tmp_path / "story", widths.story(1))
    assert World("story", other).digest() not in ("", World("story", evidence).digest())


@pytest.mark.parametrize(
    "values",
    [
        ["1", "2", "10", "12"],
        ["0", "0.05", "0.2", "1.0"],
        ["none", "dropout=0.1", "dropout=0.3", "dropout=0.3+adversarial=0.5", "dropout=0.5", "input_noise=2", "input_noise=10"],
        ["none", "adversarial=0.5", "weight_decay=1e-05", "weight_decay=0.001", "weight_decay=0.01"],
        ["bfloat16", "float32"],
    ],
)
def test_values_have_one_order_whatever_the_order_of_their_folders(values):
    folders = [Path(f"regularizers-{value}") for value in values]
    assert in_order(random.Random(0).sample(folders, len(folders))) == folders


def test_bundles_that_differ_in_more_than_the_field_are_no_sweep(tmp_path):
    world = World("story", written(tmp_path / "story", widths.story(), learning_rate=0.1))
    with pytest.raises(Broken, match="differ in learning_rate, not only in width"):
        world.runs(None)


def test_an_edited_manifest_breaks_the_claims(evidence, tmp_path):
    shutil.copytree(evidence, tmp_path / "story")
    manifest = tmp_path / "story" / "width-4" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"width": 4', '"width": 5'))
    world = World("story", tmp_path / "story")
    assert world.asks(CLAIMS["S-20"])
    assert judged("S-20", lambda: world.runs(None)).status == Status.BROKEN


def test_the_threshold_is_where_every_group_is_fitted_and_its_comparisons_are_set_by_it():
    sweep = widths.story(spread=0.0)
    assert sweep.threshold() == widths.PEAK
    below, middle, above = sweep.around_threshold()
    assert [sweep.values[index] for index in (below, middle, above)] == [2, 4, 16]


@pytest.mark.parametrize(
    ("permuted", "words"),
    [
        ([0.5] * 9, "labels are fitted at no width"),
        ([1.0] * 9, "at the lowest width already"),
        ([0.1] * 7 + [1.0] * 2, "reaches its threshold at width 16, and must go from 0.5 to 4 times that"),
    ],
)
def test_a_sweep_without_its_threshold_is_inconclusive(permuted, words):
    sweep = widths.story(permuted=permuted, spread=0.0)
    with pytest.raises(NoThreshold, match=words):
        sweep.around_threshold()
    assert {judged(name, sweep).status for name in CLAIMS} == {Status.INCONCLUSIVE}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_supported_where_it_is_true_and_not_in_its_counterfeit(name, seed):
    sweep = widths.story(seed)
    assert judged(name, sweep).status == Status.SUPPORTED
    verdict = CLAIMS[name].judge_counterfeit(error_rates.of_claim(seed, name), sweep)
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE)
    assert verdict.value is not None


@pytest.mark.parametrize("seed", range(20))
def test_values_in_another_order_are_supported_only_where_they_peak(seed):
    """Test images measured at other widths than the training images."""
    order = np.random.default_rng(seed).permutation(len(widths.WIDTHS))
    error, dimension = 1 - np.array(widths.TEST)[order], np.array(widths.DIMENSION)[order]
    sweep = widths.story(test=1 - error, dimension=dimension)
    below, middle, above = sweep.around_threshold()
    for name, curve in (("S-20", error), ("S-21", dimension)):
        peaks = curve[middle] > max(curve[below], curve[above])
        assert (judged(name, sweep).status == Status.SUPPORTED) <= peaks


@pytest.mark.slow
def test_where_every_width_is_alike_no_peak_is_supported():
    """At 0.2 in twice 200 worlds, each of two parts at least so often false: a bound that a chosen peak exceeds."""
    rates = error_rates.Chance(false_support=0.2)
    level = dict.fromkeys(("test", "dimension"), [0.3] * 9)
    worlds = [widths.story(seed, spread=0.3, **level) for seed in range(200)]
    for name in ("S-20", "S-21"):
        supported = sum(CLAIMS[name].judge(rates, world).status == Status.SUPPORTED for world in worlds)
        assert supported <= 0.2 * len(worlds)
    with method("around_threshold", where_error_is_largest)():
        leaked = sum(CLAIMS["S-20"].judge(rates, world).status == Status.SUPPORTED for world in worlds)
    assert leaked > 0.4 * len(worlds)


@pytest.mark.parametrize("error", SWEEPS, ids=[error.name for error in SWEEPS])
def test_a_wrong_reading_turns_its_claim(error, evidence):
    with error.plant():
        verdict = judged(error.claim, lambda: recorded.runs(evidence))
    assert verdict.status in (Status.REFUTED, Status.INCONCLUSIVE), verdict


def test_nothing_planted_turns_nothing(evidence):
    assert {judged(name, lambda: recorded.runs(evidence)).status for name in CLAIMS} == {Status.SUPPORTED}


@pytest.mark.slow
def test_double_descent_is_drawn_from_bundles_alone(evidence, tmp_path):
    pytest.importorskip("matplotlib")
    from verify.figures.album import draw

    (first, words), *others = draw(recorded.runs(evidence), evidence, tmp_path)
    assert (first.name, words) == ("double_descent.svg", "")
    assert [path.name for path, words in others if words] == ["best_accuracy.svg", "time_to_loss.svg"]
    text = (tmp_path / "double_descent.svg").read_text(encoding="utf-8")
    assert "story: double descent over width, mean of 10 networks at each" in text
    assert "interpolation threshold" in text
