from types import SimpleNamespace

import numpy as np
import pytest

from empirical.errors import StorageError
from empirical.evidence import bundle as bundles
from empirical.evidence.bundle import read_bundle, read_manifest
from empirical.runs import provenance
from tests.tables import read_table
from verify import claim, positive
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
    claims = {name: claim for name, claim in load_claims().items() if claim.needs}
    assert set(answers) == set(claims)
    on_mixed = {name: claim for name, claim in claims.items() if claim.labels == ("mixed",) and not claim.sweep}
    gradients = [answers[name] for name, claim in on_mixed.items() if "gradient_norm" in claim.needs]
    assert all("the table has no " in why and "gradient_norm" in why for why in gradients)
    assert {answers[name] for name, claim in claims.items() if claim.labels == ("clean",) and not claim.sweep} == {
        "it is about worlds whose labels are clean, and these are mixed"
    }
    assert {answers[name] for name, claim in claims.items() if claim.sweep == "width"} == {
        "it compares runs that differ in width, and this is one run"
    }


def test_it_says_which_worlds_are_missing_beside(recorder, tmp_path):
    claim = next(one for one in load_claims().values() if one.beside == ("-bfloat16",))
    record_without = Recorder("plain", tmp_path, **ABOUT)
    answers = recorder.answers()
    assert answers[claim.id] == f"it compares with mine-bfloat16, which is not in {tmp_path}"
    assert not [name for name, why in record_without.answers().items() if not why]


def test_fewer_networks_than_are_judged_are_said_to_be_too_few(tmp_path):
    recorder = Recorder("mine", tmp_path, **ABOUT)
    for network in range(7):
        record_network(recorder, network)
    assert recorder.answers()["S-02"] == "7 networks are too few; 8 are needed"
    recorder.write()
    verdict = load_claims()["S-02"].judge(error_rates.of_claim(0, "S-02"), all_worlds(tmp_path)["mine"].runs(None))
    assert recorder.answers()["S-02"] in verdict.reason


def test_own_claims_that_are_imported_are_answered(recorder, kept_registry):
    @claim("OWN-07", needs="accuracy", counterfeit=lambda runs: runs, source="ours")
    def claim_of_ours(runs):
        """OWN-07: ours."""
        return positive(runs.accuracy("test", 7), effect=0.1, unit="accuracy")

    assert recorder.answers()["OWN-07"] == "epoch 7 was not measured; measured epochs: 0, 3, 20"


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
    text = read_table(whole / "table.csv.gz")
    for networks in (range(3), range(3, 8)):
        one = Recorder("mine", tmp_path / "again", **ABOUT)
        assert one.networks == list(range(networks[0]))
        for network in networks:
            record_network(one, network)
            one.write()
    assert read_table(tmp_path / "again" / "mine" / "table.csv.gz") == text


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
        (lambda r: r.accuracy(0, 0, "test", [True] * 19), "19 test images are too few for 10 classes; give 20 or more"),
        (lambda r: r.accuracy(0, 0, "test", [True] * 9, "select"), "9 test images are too few for 10 classes; give 10"),
        (lambda r: r.accuracy(0, 0, "test", [True] * 40, "reprot"), "choice of an accuracy is 'select', 'report' or ''"),
        (lambda r: r.geometry(0, 0, "test", rows((1, 1, 1), np.random.default_rng(0)), "shufled"), "no choice 'shufled'"),
        (lambda r: r.add(0.5, 0, "loss", "test", 0.5), "network must be a whole number; received 0.5"),
        (lambda r: r.add(0, 0, "loss", "test", 0.5, n=1.7), "n must be a whole number; received 1.7"),
        (lambda r: r.add(-1, 0, "loss", "test", 0.5), "0 or more, n 1 or more; received -1, 0 and 1"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(tmp_path, call, words):
    with pytest.raises(RecordError, match=words):
        call(Recorder("mine", tmp_path, **ABOUT))


def test_one_network_under_eight_numbers_is_refused_before_and_after_a_kill(tmp_path):
    correct = {group: images(shares[1], np.random.default_rng(0)) for group, shares in SHARES.items()}
    recorder = Recorder("mine", tmp_path, **ABOUT)
    for network in range(2):
        for group, found in correct.items():
            recorder.accuracy(network, 0, group, found)
        if network == 0:
            recorder.write()
            recorder = Recorder("mine", tmp_path, **ABOUT)
    with pytest.raises(RecordError, match="networks 0 and 1 have the same numbers"):
        recorder.write()


@pytest.mark.parametrize(("last", "named"), [(19, "network 0 has .* at epoch 19"), (3, "network 8 has .* at epoch 20")])
def test_a_network_that_ends_at_another_epoch_is_refused(recorder, tmp_path, last, named):
    rng = np.random.default_rng(9)
    for epoch in {0, 3, last}:
        for group in SHARES:
            recorder.accuracy(8, epoch, group, images(0.5, rng))
        recorder.geometry(8, epoch, "permuted", rows((1, 1, 1), rng))
    with pytest.raises(RecordError, match=named):
        recorder.write()
    assert not (tmp_path / "mine").exists()


def test_geometry_may_be_measured_at_turning_points_of_each_network_and_must_be_at_the_end(recorder, tmp_path):
    recorder.geometry(0, 7, "permuted", rows((1, 1, 1), np.random.default_rng(9)))
    recorder.write()
    for epoch in EPOCHS:
        for group in SHARES:
            recorder.accuracy(8, epoch, group, images(0.5, np.random.default_rng(epoch)))
    recorder.geometry(8, 7, "permuted", rows((1, 1, 1), np.random.default_rng(8)))
    with pytest.raises(RecordError, match="network 8 has no cavity_capacity / permuted / first at epoch 20"):
        recorder.write()


def test_of_rows_that_do_not_all_fit_none_is_recorded(tmp_path):
    recorder = Recorder("mine", tmp_path, **ABOUT)
    found = rows((1, 1, 1), np.random.default_rng(0))
    found[2].layer = "conv9"
    with pytest.raises(RecordError, match="no layer 'conv9'"):
        recorder.geometry(0, 0, "permuted", found)
    found[2].layer = "third"
    recorder.geometry(0, 0, "permuted", found)
    assert recorder.networks == [0]


def test_two_recorders_of_one_world_keep_each_others_networks(tmp_path):
    one, other = (Recorder("mine", tmp_path, **ABOUT) for _ in range(2))
    for network in range(4):
        record_network(one if network % 2 else other, network)
        (one if network % 2 else other).write()
    assert one.networks == [0, 1, 2, 3]
    assert read_manifest(tmp_path / "mine")["networks"] == [0, 1, 2, 3]


def test_two_recorders_that_write_one_network_differently_are_refused(tmp_path):
    one, other = (Recorder("mine", tmp_path, **ABOUT) for _ in range(2))
    one.add(0, 0, "loss", "test", 0.5)
    other.add(0, 0, "loss", "test", 0.6)
    one.write()
    with pytest.raises(RecordError, match="loss / test / network, network 0, epoch 0 has another value in the folder"):
        other.write()


def test_killed_between_table_and_manifest_the_earlier_networks_are_kept(recorder, tmp_path, monkeypatch):
    recorder.write()
    more = Recorder("mine", tmp_path, **ABOUT)
    record_network(more, 8)

    def killed(path, content):
        if path.name == bundles.MANIFEST:
            raise KeyboardInterrupt
        write(path, content)

    write = bundles.write_atomic
    with monkeypatch.context() as patch:
        patch.setattr(bundles, "write_atomic", killed)
        with pytest.raises(KeyboardInterrupt):
            more.write()
    assert Recorder("mine", tmp_path, **ABOUT).networks == list(range(8))
    assert all_worlds(tmp_path)["mine"].runs(None).networks == tuple(range(8))


def test_numbers_of_numpy_and_tuples_are_fields_like_any(tmp_path):
    about = {"n_classes": np.int64(10), "permuted_fraction": np.float32(0.5), "sizes": (1, np.int32(2))}
    recorder = Recorder("mine", tmp_path, **about)
    recorder.add(np.int64(0), np.int32(0), "loss", "test", np.float32(0.5), n=np.int64(3))
    recorder.write()
    assert Recorder("mine", tmp_path, **about).networks == [0]
    assert read_manifest(tmp_path / "mine")["spec"]["sizes"] == [1, 2]


def test_the_manifest_names_the_code_and_not_the_machine(recorder, tmp_path):
    manifest = read_manifest(recorder.write())
    assert manifest["made"]["commit"] == provenance.commit()
    assert set(manifest["made"]) == {"utc", "seconds", "commit"}


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
        ({"world": ".."}, "name is that of a folder"),
        ({"world": "theory"}, "and not 'theory'"),
        ({"layers": ("conv1", "network")}, "neither 'input' nor 'network'"),
        ({"n_classes": 2.5}, "n_classes must be a whole number; received 2.5"),
        ({"n_networks": 8}, "itself counts n_networks"),
        ({"augmentation": object}, "augmentation must be a number, a text"),
        ({"rate": float("nan")}, "rate must be a number"),
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
