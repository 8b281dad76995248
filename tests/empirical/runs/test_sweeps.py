"""Runs that differ in one field: read from one file, trained alike, recorded side by side."""

from dataclasses import replace

import numpy as np
import pytest

from empirical.__main__ import main
from empirical.errors import SpecError, StorageError
from empirical.evidence.bundle import MANIFEST, TABLE, read_bundle, record
from empirical.evidence.measurement import TableError
from empirical.pipeline import make_bundle, workers
from empirical.runs import runspec, sweeps
from empirical.training.subject import Subject
from tests.empirical.pipeline.executors import Here
from tests.tables import edit_table
from verify.worlds import recorded

SWEPT = (
    ("width = 16", "width = [2, 3]"),
    ("n_networks = 16", "n_networks = 2"),
    ("train_images = 1200", "train_images = 200"),
    ("epochs = 50", "epochs = 1"),
    ('instruments = ["geometry", "simulation", "gradients", "jacobians", "rewinding", "blocks"]', "instruments = []"),
    ('name = "digits"', 'name = "tiny-widths"'),
)


@pytest.fixture
def file(tmp_path):
    """A sweep of seconds."""

    def write(*changes):
        text = (runspec.RUNS / "digits.toml").read_text()
        for old, new in (*SWEPT, *changes):
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "mine.toml").write_text(text)
        return tmp_path / "mine.toml"

    return write


def test_one_field_with_a_list_of_values_is_a_sweep(file):
    sweep = sweeps.load(file())
    assert (sweep.name, sweep.field) == ("tiny-widths", "width")
    assert [(spec.name, spec.width) for spec in sweep.specs] == [("tiny-widths/width-2", 2), ("tiny-widths/width-3", 3)]
    assert replace(sweep.specs[0], name="", width=1) == replace(sweep.specs[1], name="", width=1)


def test_a_file_of_one_run_is_a_sweep_of_nothing():
    assert sweeps.load("digits", seed=3) == sweeps.Sweep("digits", "", (runspec.load("digits", seed=3),))


def test_network_k_has_the_same_images_and_labels_at_every_value(file):
    one, other = (Subject.of(spec, 1) for spec in sweeps.load(file()).specs)
    assert np.array_equal(one.images, other.images)
    assert np.array_equal(one.labels.trained, other.labels.trained)
    orders = [spec.rng(1, "order", 1).permutation(10).tolist() for spec in (one.spec, other.spec)]
    assert orders[0] == orders[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("batch_size = 32", "batch_size = [16, 32]"), "one field, other than name, may have a list of values"),
        (("width = [2, 3]", "width = [2]"), "two or more values of width, each once"),
        (("width = [2, 3]", "width = [2, 2]"), "two or more values of width, each once"),
        (("width = [2, 3]", 'width = [2, "3"]'), "width must be of type int; received '3'"),
    ],
)
def test_what_is_no_sweep_is_said(file, change, words):
    with pytest.raises(SpecError, match=words):
        sweeps.load(file(change))


def test_a_number_written_in_two_ways_is_one_value(file):
    changes = (("width = [2, 3]", "width = 2"), ("permuted_fraction = 0.5", "permuted_fraction = [0, 0.0]"))
    with pytest.raises(SpecError, match=r"two or more values of permuted_fraction, each once; received \[0, 0\.0\]"):
        sweeps.load(file(*changes))


def test_words_are_swept_as_numbers_are(file):
    sweep = sweeps.load(file(("width = [2, 3]", "width = 2"), ('"float32"', '["float32", "bfloat16"]')))
    assert (sweep.field, [spec.precision for spec in sweep.specs]) == ("precision", ["float32", "bfloat16"])
    assert sweep.specs[1].name == "tiny-widths/precision-bfloat16"


def test_every_run_that_comes_with_the_package_is_read():
    fields = {name: sweeps.load(name).field for name in runspec.names()}
    swept = {"widths": "width", "sizes": "train_images", "regularizers": "regularizers"}
    swept |= {"input-noise": "noise_share", "label-noise": "permuted_fraction"}
    assert fields == {name: next((field for word, field in swept.items() if word in name), "") for name in fields}


def test_one_run_of_a_sweep_is_named_by_its_value():
    assert sweeps.load("resnet18-widths/width-4").specs[0].width == 4
    with pytest.raises(SpecError, match="runs of resnet18-widths: resnet18-widths/width-1, "):
        sweeps.load("resnet18-widths/width-5")


@pytest.fixture
def here(monkeypatch):
    """Networks are trained and measured in this process."""
    monkeypatch.setattr(workers, "ProcessPoolExecutor", lambda *_, **__: Here())


@pytest.mark.settled(reads=["empirical/__main__.py", "empirical/runs"])
@pytest.mark.usefixtures("here")
def test_a_sweep_over_words_is_recorded_and_read_in_order(file, tmp_path):
    changes = (("width = [2, 3]", "width = 2"), ("n_networks = 2", "n_networks = 1"), ('"float32"', '["float32", "bfloat16"]'))
    options = ["--cache", str(tmp_path / "cache"), "--into", str(tmp_path / "evidence"), "--workers", "1"]
    assert main(["bundle", str(file(*changes)), *options]) == 0
    sweep = recorded.runs(tmp_path / "evidence" / "tiny-widths")
    assert (sweep.field, sweep.values) == ("precision", ("bfloat16", "float32"))
    assert [runs.spec["precision"] for runs in sweep.runs] == ["bfloat16", "float32"]
    assert [runs.updates_per_epoch for runs in sweep.runs] == [7, 7]


@pytest.mark.settled(reads=["empirical/__main__.py", "empirical/runs"])
@pytest.mark.usefixtures("here")
def test_a_sweep_is_bundled_value_by_value_and_recorded(file, tmp_path, capsys):
    options = ["--cache", str(tmp_path / "cache"), "--into", str(tmp_path / "evidence"), "--workers", "1"]
    assert main(["bundle", str(file()), *options]) == 0
    folders = [tmp_path / "evidence" / "tiny-widths" / f"width-{width}" for width in (2, 3)]
    assert capsys.readouterr().out.split() == list(map(str, folders))
    assert [read_bundle(folder).manifest["spec"]["width"] for folder in folders] == [2, 3]
    made = make_bundle.bundle_folder(sweeps.load(file()).specs[0], tmp_path / "cache")
    assert (made / TABLE).read_bytes() == (folders[0] / TABLE).read_bytes()
    assert record(made, folders[0]) == folders[0]
    with pytest.raises(StorageError, match=r"holds other evidence than .*; delete the folder first"):
        record(made, folders[1])
    edit_table(folders[0] / TABLE, lambda text: text.replace(",accuracy,0.", ",accuracy,0.9", 1))
    with pytest.raises(TableError, match="missing or edited"):
        record(folders[0], tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / MANIFEST).exists()
