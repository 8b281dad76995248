import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from empirical import storage
from empirical.__main__ import main
from empirical.evidence.bundle import MANIFEST, TABLE, read_bundle
from empirical.pipeline import make_bundle, workers
from empirical.runs import folders, provenance, runspec
from empirical.runs.folders import run_folder
from empirical.runs.provenance import fingerprint
from tests.empirical.pipeline.executors import Here

pytestmark = pytest.mark.needs_torch

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def small(tiny):
    """Every instrument of the tiny run, on networks with fewer layers, images and epochs."""
    few = {"width": 8, "train_images": 160, "batch_size": 80, "epochs": 2}
    return replace(tiny, name="small", architecture="mlp2", batch_norm=False, **few)


@pytest.fixture(scope="module")
def made(small, tmp_path_factory):
    return make_bundle.make_bundle(small, tmp_path_factory.mktemp("cache"), executor=Here())


@pytest.mark.slow
def test_the_bundle_says_where_it_comes_from(small, made):
    bundle = read_bundle(made)
    assert bundle.broken == {}
    assert all(bundle.manifest["checks"].values())
    assert runspec.from_values(bundle.manifest["spec"]) == small
    assert bundle.manifest["provenance"] == fingerprint(small)
    assert {row.quantity for row in bundle.rows} == set(bundle.manifest["quantities"])
    assert hashlib.sha256((made / folders.OUTPUTS).read_bytes()).hexdigest() == bundle.manifest["outputs_sha256"]
    assert all(row.n > 0 and row.se >= 0 for row in bundle.rows)


@pytest.mark.slow
def test_a_made_bundle_is_not_made_again(small, made):
    before = (made / MANIFEST).stat().st_mtime_ns
    assert make_bundle.make_bundle(small, made.parents[2]) == made
    assert (made / MANIFEST).stat().st_mtime_ns == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "damage"),
    [("network-00.csv", lambda text: text.replace(",0.", ",1.", 1)), (folders.OUTPUTS, lambda text: text[: len(text) // 2])],
)
def test_what_is_touched_before_the_bundle_is_made_is_measured_again(quick_mlp, undisturbed_mlp, tmp_path, file, damage):
    folder = run_folder(quick_mlp, tmp_path)
    shutil.copytree(undisturbed_mlp.parents[1], folder, ignore=shutil.ignore_patterns("bundle-*"))
    written = folders.measured_folder(quick_mlp, folder) / file
    whole = written.read_text()
    assert damage(whole) != whole
    written.write_text(damage(whole))
    again = make_bundle.make_bundle(quick_mlp, tmp_path, executor=Here())
    for name in (TABLE, folders.OUTPUTS):
        assert (again / name).read_bytes() == (undisturbed_mlp / name).read_bytes()


@pytest.mark.slow
def test_a_change_of_instrument_measures_the_same_networks_again(small, made, tmp_path):
    shutil.copytree(made.parents[1], run_folder(small, tmp_path))
    finer = replace(small, geometry_probes=7, instruments=("cavity_geometry",))
    assert run_folder(finer, tmp_path) == run_folder(small, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in run_folder(small, tmp_path).rglob("*.safetensors")}
    again = read_bundle(make_bundle.make_bundle(finer, tmp_path, executor=Here()))
    assert before == {path: path.stat().st_mtime_ns for path in run_folder(small, tmp_path).rglob("*.safetensors")}
    assert {row.n for row in again.rows if row.quantity == "capacity"} == {70}


@pytest.mark.slow
def test_more_networks_leave_those_that_are_there(quick_mlp, tmp_path):
    """Neither trained nor measured again; the bundle is one of its own."""
    two = make_bundle.make_bundle(quick_mlp, tmp_path, executor=Here())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("network-0*/*.safetensors")}
    before |= {path: path.stat().st_mtime_ns for path in tmp_path.rglob("measured-*/network-0*.csv")}
    assert before
    three = make_bundle.make_bundle(replace(quick_mlp, n_networks=3), tmp_path, executor=Here())
    assert before == {path: path.stat().st_mtime_ns for path in before}
    assert two != three
    found = [read_bundle(folder).manifest["networks"] for folder in (two, three)]
    assert found == [[0, 1], [0, 1, 2]]


@pytest.mark.slow
def test_equal_networks_fail_their_check(small, made, tmp_path):
    measured = storage.make_folder(folders.measured_folder(small, run_folder(small, tmp_path)))
    shutil.copy(made.parent / folders.OUTPUTS, measured)
    for network in range(2):
        for path in (folders.rows_path, folders.checks_path):
            shutil.copy(path(made.parent, 0), path(measured, network))
    found = read_bundle(make_bundle.make_bundle(small, tmp_path, executor=Here()))
    assert not found.manifest["checks"]["networks_distinct"]
    assert found.broken


def test_the_folders_depend_on_what_the_numbers_depend_on(tiny, monkeypatch):
    trained, measured = run_folder(tiny), provenance.measuring_key(tiny)
    assert run_folder(replace(tiny, seed=1)) != trained
    monkeypatch.setattr(provenance, "MEASURING", "empirical/training/train.py")
    assert run_folder(tiny) == trained
    assert provenance.measuring_key(tiny) != measured
    monkeypatch.setattr(provenance, "sources", lambda start: "other sources")
    assert run_folder(tiny) != trained


def test_the_sources_are_those_the_numbers_run_through():
    training, measuring = (
        {path.relative_to(ROOT).as_posix() for path in provenance._reached(ROOT / start)}
        for start in (provenance.TRAINING, provenance.MEASURING)
    )
    assert {"empirical/networks/mlp.py", "empirical/training/checkpoints.py", "empirical/data/permuted_labels.py"} <= training
    assert {"empirical/geometry/readings.py", "theory/geometry/anchors.py", "empirical/training/train.py"} <= measuring
    assert not training & {"empirical/geometry/readings.py", "theory/geometry/anchors.py"}
    assert not measuring & {"empirical/separability/largest_margin.py", "empirical/__main__.py", "theory/capacity/balls.py"}


def test_measuring_before_training_says_so(tiny_file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(workers, "ProcessPoolExecutor", lambda *_, **__: Here())
    assert main(["measure", str(tiny_file), "--cache", str(tmp_path)]) == 1
    assert "train first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bundle", "digit"], "no run 'digit'; did you mean digits or "),
        (["data", "cifar10"], "dataset must be one of digits, cifar100, mnist; received 'cifar10'"),
        (["train", "digits", "--cache", "/dev/null/cache"], "set GEOMEM_CACHE"),
        (["bundle", "digits", "--into", "/dev/null/evidence"], "cannot write /dev/null/evidence"),
    ],
)
def test_the_command_line_explains_errors_in_one_line(arguments, words, capsys):
    assert main(arguments) == 1
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize("number", ["-3", "0", "two", "1.5"])
def test_workers_are_one_or_more(number, capsys):
    with pytest.raises(SystemExit):
        main(["train", "digits", "--workers", number])
    assert f"--workers: must be a whole number, 1 or more; received '{number}'" in capsys.readouterr().err


def test_data_describes_the_digits(capsys):
    assert main(["data"]) == 0
    assert "1797 images of 1x8x8, 10 classes" in capsys.readouterr().out
