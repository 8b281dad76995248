from dataclasses import asdict, replace

import pytest
import tomlkit

from empirical.errors import SpecError
from empirical.runs import runspec


def written(folder, **changes):
    values = {**asdict(runspec.load("digits")), **changes}
    path = folder / "mine.toml"
    path.write_text(tomlkit.dumps({k: v for k, v in values.items() if v is not None}))
    return path


def test_the_digest_tells_every_field(tiny):
    others = [replace(tiny, seed=7), replace(tiny, learning_rate=0.06), replace(tiny, name="other")]
    assert len({spec.digest for spec in [tiny, *others]}) == 4
    assert replace(tiny).digest == tiny.digest


def test_a_typo_names_the_nearest_key(tmp_path):
    with pytest.raises(SpecError, match=r"mine\.toml: unknown key 'learning_rat'; did you mean 'learning_rate'\?"):
        runspec.load(written(tmp_path, learning_rat=0.1))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"permuted_fraction": 1.2}, "permuted_fraction must be within 0..1; received 1.2"),
        ({"epochs": -1}, "epochs must be at least 0"),
        ({"n_classes": 11}, "n_classes must be at most the 10 of digits"),
        ({"width": "16"}, "width must be of type int; received '16'"),
        ({"learning_rate": -0.1}, "learning_rate must be above 0"),
        ({"momentum": None}, "missing momentum"),
        ({"split": "half"}, "split must be one of drawn, published; received 'half'"),
        ({"instruments": ["geometri"]}, "instruments must be among .*geometry, .*; received \\['geometri'\\]"),
        ({"epoch_spacing": 0.5}, "epoch_spacing must be at least 1; received 0.5"),
        ({"dropout": 1}, "dropout must be within 0..1, 1 excluded"),
        ({"schedule": "cosine"}, "schedule must be one of linear, constant; received 'cosine'"),
        ({"noise": "randX"}, "noise must be one of none, inputs, pixels; received 'randX'"),
        ({"noise": "inputs"}, "noise_share must be above 0 with noise 'inputs'; received 0.0"),
        ({"noise_share": 0.5}, "noise_share must be 0 with noise 'none'; received 0.5"),
        ({"noise": "pixels", "noise_share": 40}, "noise_share must be within 0..1; received 40.0"),
        ({"noise": "pixels", "noise_share": -0.1}, "noise_share must be within 0..1; received -0.1"),
        ({"noise": "pixels", "noise_share": 0.0004}, "enough to replace one or more of the 1200 training images"),
        ({"regularizers": "dropot=0.3"}, r"digits|mine\.toml: .*did you mean 'dropout' instead of 'dropot'\?"),
        ({"regularizers": "dropout=0.3", "dropout": 0.5}, "dropout must be 0 where regularizers have dropout; received 0.5"),
        ({"regularizers": "dropout=0.3", "device": "cuda"}, "regularizers must be weight decay alone on cuda, or none"),
    ],
)
def test_values_outside_their_range_are_named(tmp_path, changes, words):
    with pytest.raises(SpecError, match=words):
        runspec.load(written(tmp_path, **changes))


def test_broken_toml_and_unknown_runs(tmp_path):
    (tmp_path / "mine.toml").write_text("width = = 3")
    with pytest.raises(SpecError, match="not valid TOML"):
        runspec.load(tmp_path / "mine.toml")
    with pytest.raises(SpecError, match=r"no run 'digit'; did you mean digits or "):
        runspec.load("digit")


def test_whole_numbers_are_accepted_for_real_ones(tmp_path):
    assert runspec.load(written(tmp_path, learning_rate=1)).learning_rate == 1.0


def test_a_field_with_a_default_may_be_left_out_and_no_other(tmp_path):
    path = written(tmp_path, **dict.fromkeys(("noise", "noise_share", "schedule", "regularizers")))
    assert "noise" not in path.read_text()
    assert runspec.load(path) == runspec.load("digits")
    assert runspec.load(written(tmp_path, regularizers="weight_decay=0.1", device="cuda")).regularizers == "weight_decay=0.1"


def test_checkpoints_are_dense_then_sparse():
    epochs = runspec.load("digits").checkpoint_epochs()
    assert epochs[:21] == list(range(21))
    assert epochs[-1] == 50
    assert len(epochs) < 32
    assert set(runspec.load("digits").sparse_epochs()) <= set(epochs)


def test_each_sparse_epoch_is_the_first_checkpoint_so_many_times_later():
    run = runspec.load("digits")
    assert run.sparse_epochs() == [0, 1, 2, 4, 7, 12, 20, 35, 50]
    assert replace(run, epoch_spacing=3.0).sparse_epochs() == [0, 1, 3, 9, 28, 50]
    assert replace(run, epoch_spacing=1.0).sparse_epochs() == run.checkpoint_epochs()


def test_streams_are_separate_and_reproducible(tiny):
    draws = {
        (network, stream): tiny.rng(network, stream).random() for network in range(3) for stream in ("split", "labels", "order")
    }
    assert len(set(draws.values())) == 9
    assert tiny.rng(1, "order", 4).random() == tiny.rng(1, "order", 4).random() != tiny.rng(1, "order", 5).random()
