from types import SimpleNamespace

import numpy as np
import pytest

from empirical.errors import StorageError
from empirical.evidence.bundle import read_bundle
from verify.judging import error_rates
from verify.judging.verdicts import Status
from verify.registry import load_claims
from verify.worlds.recorder import Recorder, RecordError
from verify.worlds.summary import summaries
from verify.worlds.world import all_worlds

LAYERS = ("first", "second", "third")
ABOUT = {"n_classes": 10, "permuted_fraction": 0.5, "layers": LAYERS, "readout": "logits"}
# Of 400 images: learned by epoch 3, memorized at epoch 20.
SHARES = {
    "unpermuted": (0.1, 0.9, 1.0),
    "permuted": (0.1, 0.1, 1.0),
    "restored": (0.1, 0.7, 0.05),
    "test": (0.1, 0.8, 0.5),
}
EPOCHS = (0, 3, 20)
OTHER = "it is about networks of other labels or architectures, or needs an instrument of our runs"


def images(share, rng, n=400):
    return rng.permutation(np.arange(n) < round(share * n + rng.integers(-4, 1)))


def rows(gains, rng, **more):
    """What layer_geometry returns, as far as a recorder reads it."""
    noise = lambda: np.exp(rng.normal(0, 0.01))  # noqa: E731
    return [
        SimpleNamespace(
            layer=layer,
            n_probes=1000,
            **{"capacity": 0.05 * gain * noise(), "radius": 1 / gain * noise(), "dimension": 20 / gain * noise()},
            **{f"{name}_se": 0.001 for name in ("capacity", "radius", "dimension", "baseline")},
            **({"correlations": "cavity", "baseline": 0.05 * noise()} | more),
        )
        for layer, gain in zip(LAYERS, gains, strict=True)
    ]


def record_network(recorder, network, geometry=True):
    rng = np.random.default_rng(network + 1)
    for place, epoch in enumerate(EPOCHS):
        for group, shares in SHARES.items():
            recorder.accuracy(network, epoch, group, images(shares[place], rng))
        if geometry:
            gains = (1.0, 1.0, 2.5) if place == 2 else (1.0, 1.0, 1.0)
            recorder.geometry(network, epoch, "permuted", rows(gains, rng))


@pytest.fixture
def recorder(tmp_path):
    recorder = Recorder("mine", tmp_path, **ABOUT)
    for network in range(8):
        record_network(recorder, network)
    return recorder


def test_networks_of_any_loop_are_judged_as_ours_are(recorder, tmp_path):
    assert recorder.write() == tmp_path / "mine"
    world, claims = all_worlds(tmp_path)["mine"], load_claims()
    for name in ("S-02", "S-03", "S-07"):
        assert world.asks(claims[name])
        verdict = claims[name].judge(error_rates.of_claim(0, name), lambda: world.runs(None))
        assert (verdict.status, verdict.n) == (Status.SUPPORTED, 8), verdict.reason
    assert "8 networks" in world.about()


def test_the_counterfeit_of_recorded_networks_is_not_supported(recorder, tmp_path):
    recorder.write()
    claim = load_claims()["S-07"]
    runs = all_worlds(tmp_path)["mine"].runs(None)
    assert claim.judge_counterfeit(error_rates.of_claim(0, "S-07"), runs).status != Status.SUPPORTED


def test_it_says_which_claims_the_table_answers(recorder):
    answers = recorder.answers()
    assert [name for name in ("S-02", "S-03", "S-07") if answers[name]] == []
    assert "radius of permuted was not measured" in answers["S-09"]
    assert not [name for name, claim in load_claims().items() if "gradient_norm" in claim.needs and name in answers]
    assert {why for name, why in answers.items() if load_claims()[name].labels == ("clean",)} == {OTHER}


def test_shuffled_radius_and_dimension_answer_what_lacked_them(tmp_path):
    recorder = Recorder("mine", tmp_path, **ABOUT)
    for network in range(8):
        record_network(recorder, network)
        rng = np.random.default_rng(network + 100)
        for epoch in EPOCHS:
            shuffled = rows((1, 1, 1), rng)
            for row in shuffled:
                for name in ("radius", "dimension"):
                    value, se = getattr(row, name), getattr(row, f"{name}_se")
                    recorder.add(network, epoch, f"cavity_{name}", "permuted", value, se, 1000, "shuffled", row.layer)
    assert recorder.answers()["S-09"] == ""


def test_test_images_are_split_alike_at_all_epochs(tmp_path):
    recorder = Recorder("mine", tmp_path, **ABOUT)
    correct = np.arange(101) % 3 == 0
    for epoch in (0, 1):
        recorder.accuracy(0, epoch, "test", correct)
    recorder.write()
    found = read_bundle(tmp_path / "mine").rows
    assert {(row.epoch, row.choice): row.n for row in found} == {
        (0, "select"): 51,
        (0, "report"): 50,
        (1, "select"): 51,
        (1, "report"): 50,
    }
    values = {(row.epoch, row.choice): row.value for row in found}
    assert values[0, "select"] == values[1, "select"]
    assert 51 * values[0, "select"] + 50 * values[0, "report"] == pytest.approx(correct.sum(), abs=1e-4)


def test_a_killed_loop_continues_and_ends_the_same(recorder, tmp_path):
    whole = recorder.write()
    text = (whole / "table.csv").read_text()
    for networks in (range(3), range(3, 8)):
        one = Recorder("mine", tmp_path / "again", **ABOUT)
        assert one.networks == list(range(networks[0]))
        for network in networks:
            record_network(one, network)
            one.write()
    assert (tmp_path / "again" / "mine" / "table.csv").read_text() == text


def test_a_row_without_geometry_is_left_out(tmp_path):
    recorder = Recorder("mine", tmp_path, **ABOUT)
    found = rows((1, 1, 1), np.random.default_rng(0))
    found[1].capacity = float("nan")
    recorder.geometry(0, 0, "permuted", found)
    recorder.write()
    assert {row.layer for row in read_bundle(tmp_path / "mine").rows} == {"first", "third"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda r: r.add(0, 0, "acuracy", "test", 0.5), "no quantity 'acuracy'"),
        (lambda r: r.add(0, 0, "accuracy", "tests", 0.5), "no group 'tests'.*unpermuted, permuted"),
        (lambda r: r.add(0, 0, "capacity", "test", 0.5, layer="conv9"), "no layer 'conv9'.*first, second, third"),
        (lambda r: r.add(0, 0, "accuracy", "test", float("nan")), "must be finite"),
        (lambda r: r.add(0, 0, "accuracy", "test", 0.5, -1), "se 0 or more"),
        (lambda r: r.add(0, -1, "accuracy", "test", 0.5), "0 or more"),
        (lambda r: [r.add(0, 0, "accuracy", "test", 0.5) for _ in range(2)], "recorded already"),
        (lambda r: r.accuracy(0, 0, "test", 0.9), r"must be \(n,\)"),
        (lambda r: r.accuracy(0, 0, "test", [0.2, 0.9]), "booleans"),
        (
            lambda r: r.geometry(0, 0, "test", rows((1, 1, 1), np.random.default_rng(0), correlations=3)),
            "cavity, published or 0",
        ),
        (lambda r: r.write(), "no numbers to write"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(tmp_path, call, words):
    with pytest.raises(RecordError, match=words):
        call(Recorder("mine", tmp_path, **ABOUT))


def test_networks_that_lack_a_series_or_repeat_another_are_refused(tmp_path):
    recorder = Recorder("mine", tmp_path, **ABOUT)
    for network in (0, 1):
        recorder.add(network, 0, "accuracy", "unpermuted", 0.5)
    with pytest.raises(RecordError, match="networks 0 and 1 have the same numbers; train each with a seed"):
        recorder.write()
    recorder.add(1, 1, "loss", "unpermuted", 0.5)
    with pytest.raises(RecordError, match="network 0 has no loss / unpermuted"):
        recorder.write()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"n_classes": 1}, "n_classes must be at least 2"),
        ({"permuted_fraction": 50}, "within 0..1; received 50"),
        ({"layers": ("a", "a")}, "names of their own"),
        ({"world": "a/b"}, "name is that of a folder"),
    ],
)
def test_fields_out_of_range_are_refused(tmp_path, field, words):
    with pytest.raises(RecordError, match=words):
        Recorder(**{"world": "mine", "into": tmp_path, **ABOUT, **field})


def test_a_folder_of_another_world_is_not_mixed_in(recorder, tmp_path):
    recorder.write()
    with pytest.raises(StorageError, match="other fields"):
        Recorder("mine", tmp_path, **{**ABOUT, "permuted_fraction": 0.2})


def test_a_recorded_world_is_summarized_without_the_fields_of_our_runs(recorder, tmp_path):
    recorder.write()
    (summary,) = summaries(all_worlds(tmp_path))
    assert (summary.data, summary.network, summary.networks, summary.epochs) == ("10 x ?", "own", "8", "")
