import json
import shutil
from dataclasses import asdict
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from filelock import FileLock, Timeout

from empirical.__main__ import main
from empirical.errors import GeomemError
from empirical.evidence.bundle import MANIFEST, TABLE, read_bundle
from empirical.identity import group_job, sweeps
from empirical.identity.images import network_images
from empirical.identity.make_bundles import make_bundles
from empirical.identity.quantities import MANY, ONE
from empirical.runs.folders import OUTPUTS
from empirical.storage import make_folder
from empirical.toy_models import one_image_networks
from empirical.toy_models.image_correlations import correlation
from empirical.toy_models.one_image_networks import Convolutional
from empirical.toy_models.one_image_training import train
from empirical.toy_models.stacked_optimizers import Adam
from tests.empirical.identity.small_world import CONNECTED, written

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return sweeps.load(written(tmp_path_factory.mktemp("file")))


@pytest.fixture(scope="module")
def made(sweep, tmp_path_factory):
    return make_bundles(sweep, tmp_path_factory.mktemp("cache"), workers=1)


def tables(bundles):
    return [(bundle / name).read_bytes() for bundle in bundles for name in (TABLE, OUTPUTS)]


def test_bundles_say_where_they_come_from(sweep, made):
    for spec, folder in zip(sweep.specs, made, strict=True):
        bundle = read_bundle(folder)
        assert bundle.broken == {}
        assert all(bundle.manifest["checks"].values())
        assert bundle.manifest["spec"] == asdict(spec)
        assert bundle.manifest["networks"] == list(range(5))
        assert {row.quantity for row in bundle.rows} == set(ONE) == spec.quantities()
        assert all(row.n > 0 and row.se >= 0 for row in bundle.rows)


def test_rows_are_of_the_networks_that_training_gives(sweep, made):
    """Trained again by hand, with the images and weights that the streams of the network's number give."""
    spec, rows = sweep.specs[1], read_bundle(made[1]).rows
    images = network_images(spec, 3)
    seed = int(spec.rng(3, "weights").integers(2**63))
    found = train(Convolutional(2, 3, 4, 1 / 3), images.training, [seed], Adam(0.02), 0.2)
    for (family, choice), shown in images.families.items():
        outputs = one_image_networks.outputs(found.architecture, found.weights, shown)[0]
        for quantity, other in (("corr_id", shown), ("corr_const", images.training)):
            where = (3, quantity, family, choice)
            (row,) = (row for row in rows if (row.network, row.quantity, row.group, row.choice) == where)
            assert row.value == pytest.approx(correlation(outputs, other).mean(), abs=1e-4)
    (loss,) = (row.value for row in rows if (row.network, row.quantity) == (3, "relative_loss"))
    assert loss == pytest.approx(found.relative_loss[0], rel=1e-3)
    assert loss <= 0.2


def test_a_made_world_is_not_made_again(sweep, made):
    before = [(folder / MANIFEST).stat().st_mtime_ns for folder in made]
    assert make_bundles(sweep, made[0].parents[2]) == made
    assert [(folder / MANIFEST).stat().st_mtime_ns for folder in made] == before


@pytest.mark.parametrize("before", [1, 3])
def test_a_killed_command_resumes_and_ends_with_the_same_tables(sweep, made, tmp_path, before):
    """Killed after some groups of networks: these are not trained again."""
    jobs, honest = [], group_job.train

    def killed(*arguments, **options):
        if len(jobs) == before:
            raise KeyboardInterrupt
        jobs.append(1)
        return honest(*arguments, **options)

    with patch.object(group_job, "train", killed), pytest.raises(KeyboardInterrupt):
        make_bundles(sweep, tmp_path, workers=1)
    with patch.object(group_job, "train", side_effect=honest) as trained:
        again = make_bundles(sweep, tmp_path, workers=1)
    assert trained.call_count == 4 - before
    assert tables(again) == tables(made)


@pytest.mark.parametrize("ending", [".csv", ".pictures.csv"])
def test_rows_and_pictures_that_are_touched_are_made_again(ending, sweep, made, tmp_path):
    shutil.copytree(made[0].parents[1], tmp_path / made[0].parents[1].name)
    copied = tmp_path / made[0].parents[1].name
    shutil.rmtree(copied / "small")
    rows = copied / "rows" / "small" / "depth-1" / f"networks-00-03{ending}"
    rows.write_text(rows.read_text().replace(",0.", ",1.", 1))
    assert tables(make_bundles(sweep, tmp_path, workers=1)) == tables(made)


def test_workers_change_nothing(sweep, made, tmp_path):
    assert tables(make_bundles(sweep, tmp_path, workers=2)) == tables(made)


def test_several_worlds_are_made_by_one_command(tmp_path, capsys):
    files = [str(written(tmp_path, name=name, n_networks=1)) for name in ("one", "other")]
    assert main(["bundle", *files, "--cache", str(tmp_path), "--workers", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split("/")[-2:] for line in printed] == [[n, f"depth-{d}"] for n in ("one", "other") for d in (1, 2)]
    assert all(read_bundle(Path(line)).broken == {} for line in printed)


def test_a_world_that_another_process_makes_comes_last(tmp_path, capsys):
    """Of two worlds the first is made elsewhere until the other one is there."""
    files = [written(tmp_path, name=name, n_networks=1) for name in ("one", "other")]
    one, other = (sweeps.load(file).folder(tmp_path) for file in files)
    elsewhere = FileLock(make_folder(one.parent) / ".one.lock")
    elsewhere.acquire()
    with pytest.raises(Timeout):
        make_bundles(sweeps.load(files[0]), tmp_path, workers=1, wait=False)

    def is_made_now(sweep, *arguments, **options):
        if sweep.name == "other":
            elsewhere.release()
        return make_bundles(sweep, *arguments, **options)

    with patch("empirical.identity.make_bundles.make_bundles", is_made_now):
        assert main(["bundle", *map(str, files), "--cache", str(tmp_path), "--workers", "1"]) == 0
    assert [Path(line).parent for line in capsys.readouterr().out.splitlines()] == [other, other, one, one]


def test_connected_networks_and_networks_of_many_images(tmp_path):
    sweep = sweeps.load(written(tmp_path, **CONNECTED, n_images=3, n_networks=1))
    for spec, folder in zip(sweep.specs, make_bundles(sweep, tmp_path, workers=1), strict=True):
        bundle = read_bundle(folder)
        assert {row.quantity for row in bundle.rows} == set(MANY) == spec.quantities()
        (parameters,) = (row.value for row in bundle.rows if row.quantity == "parameters")
        assert parameters == 64 * 64 if spec.depth == 1 else 2 * 64 * 12


@pytest.mark.settled
def test_circular_networks_make_a_constant_image_of_a_blank_one(tmp_path):
    """For which Pearson's correlation has no value."""
    sweep = sweeps.load(written(tmp_path, padding="circular", n_networks=1))
    for folder in make_bundles(sweep, tmp_path, workers=1):
        blank = {row.quantity: row.value for row in read_bundle(folder).rows if row.group == "blank"}
        assert blank["corr_const"] == pytest.approx(blank["corr_images"], abs=1e-5)
        assert "pearson_const" not in blank


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"most_steps": 2},
            r"small/depth-1: networks have not come down to the relative loss 0.2 in 2 steps. Networks and losses: 0 \(0\.\d",
        ),
        ({"depth": [3, 4], "width": 500_000}, "networks 0 to 3: 4 networks of .* weights need .* GB, and this machine has"),
        ({"side": 9}, "side must divide 8, or exceed it by an even number"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_the_cause(changes, message, tmp_path):
    with pytest.raises(GeomemError, match=message):
        make_bundles(sweeps.load(written(tmp_path, **changes)), tmp_path, workers=1)
    assert not list(tmp_path.rglob(MANIFEST))


def test_the_command_records_and_refuses_what_it_cannot_do(made, sweep, tmp_path, capsys):
    path = written(tmp_path, n_networks=1)
    assert main(["bundle", str(path), "--cache", str(tmp_path), "--workers", "1", "--into", str(tmp_path / "kept")]) == 0
    manifest = json.loads((tmp_path / "kept" / "small" / "depth-2" / MANIFEST).read_text())
    assert manifest["networks"] == [0]
    for command, message in (
        (["bundle", str(path), "--networks", "0"], "leave out --networks"),
        (["train", str(path)], "use the command bundle"),
        (["bundle", "identity-mnist15"], "did you mean identity-mnist14"),
    ):
        assert main(command) == 1
        assert message in capsys.readouterr().err


def test_unconverged_networks_break_the_bundle(sweep, tmp_path):
    """Were they let through, no claim could read their rows."""
    honest = group_job.train

    def too_early(*arguments):
        return honest(*arguments[:4], 0.9, arguments[5])

    with patch.object(group_job, "train", too_early):
        folder = make_bundles(sweep, tmp_path, workers=1)[0]
    bundle = read_bundle(folder)
    assert not bundle.manifest["checks"]["converged"]
    assert np.all(["converged" in reason for reason in bundle.broken.values()])
    assert {quantity for quantity, _ in bundle.broken} == set(ONE)
