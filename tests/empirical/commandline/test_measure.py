import re

import pytest

from empirical.__main__ import main
from empirical.errors import how_to_install
from empirical.geometry.readings import geometry_readings
from empirical.runs import runspec
from empirical.training import checkpoints
from empirical.training.subject import Subject
from empirical.training.train import train
from tests.empirical.commandline.commands import error, rows_of, without_torch

# Where only the way matters on which the numbers come about.
FEW = ("--resamples", "2", "--joint-draws", "2")


@pytest.fixture(scope="module")
def folder(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("network-01")
    train(Subject.of(tiny, 1), folder)
    return folder


@pytest.fixture
def checkpoint(folder):
    return checkpoints.path_of(folder, 3)


@pytest.fixture
def shipped(tiny_file, monkeypatch):
    """The tiny run as if it came with the package."""
    monkeypatch.setattr(runspec, "RUNS", tiny_file.parent)


@pytest.mark.slow
def test_a_checkpoints_geometry_is_that_of_the_bundle_where_centres_are_left(tiny, checkpoint, shipped, tmp_path, capsys):
    file = tmp_path / "geometry.csv"
    plain = ["--resamples", "0", "--joint-draws", "0", "--correlations", "0"]
    assert main(["measure", str(checkpoint), *plain, "--csv", str(file)]) == 0
    assert "tiny, network 1, epoch 3: P = 10, M = 4, 5 probes each" in capsys.readouterr().out
    rows = rows_of(file)
    subject = Subject.of(tiny, 1)
    model = subject.at(checkpoint.parent, 3)
    exact = {
        (r.layer, r.group, r.choice, r.quantity): r for r in geometry_readings(model, subject, ["input", "conv4", "readout"], 3)
    }
    found = {
        (row["layer"], row["group"], row["choice"], name): row for row in rows for name in ("capacity", "radius", "dimension")
    }
    assert len(rows) == 8 * 5
    for key, reading in exact.items():
        if key[-1] in ("capacity", "radius", "dimension"):
            row = found[key]
            assert (float(row[key[-1]]), float(row[f"{key[-1]}_se"])) == pytest.approx((reading.value, reading.se), rel=1e-4)
    assert {(row["run"], row["network"], row["epoch"], row["center_rank"]) for row in rows} == {("tiny", "1", "3", "0")}


@pytest.mark.slow
def test_layers_points_and_probes_may_be_chosen(checkpoint, tiny_file, tmp_path, capsys):
    file = tmp_path / "geometry.csv"
    chosen = ["--layers", "conv6, input", "--points", "3", "--probes", "7", "--run", str(tiny_file), "--csv", str(file)]
    assert main(["measure", str(checkpoint), *chosen, *FEW]) == 0
    out = capsys.readouterr().out
    assert "M = 3, 7 probes each" in out
    assert "P = 10: below 30 manifolds" in out
    assert out.index("conv6") < out.index("input")
    rows = rows_of(file)
    assert [row["layer"] for row in rows] == ["conv6"] * 5 + ["input"] * 5
    assert [row["group"] for row in rows[:5]] == ["unpermuted", "permuted", "permuted", "restored", "test"]
    assert {row["n_probes"] for row in rows} == {"70"}
    assert {(row["n_points"], row["correlations"], row["center_rank"]) for row in rows} == {("3.0", "cavity", "")}
    assert all(float(row["baseline"]) > 0 and float(row["joint_capacity"]) > 0 for row in rows)


@pytest.mark.slow
def test_the_state_to_resume_from_can_be_measured_too(folder, shipped, capsys):
    assert main(["measure", str(folder / checkpoints.LAST), "--layers", "conv1", *FEW]) == 0
    assert "epoch 3" in capsys.readouterr().out


def test_a_checkpoint_of_no_known_run_says_which_option_to_give(checkpoint, tiny_file, capsys):
    assert re.search(
        r"not trained by any of the runs .*digits.* with its own seed; give .* --run NAME_OR_TOML", error([checkpoint], capsys)
    )
    assert "not trained by run digits" in error([checkpoint, "--run", "digits"], capsys)
    assert "with seed 5" in error([checkpoint, "--run", tiny_file, "--seed", 5], capsys)
    assert "no run 'tinny'" in error([checkpoint, "--run", "tinny"], capsys)


@pytest.mark.slow
def test_the_seed_finds_a_run_whose_seed_was_replaced(tiny, tiny_file, folder, checkpoint, tmp_path, capsys):
    text = re.sub(r"(?m)^seed = .*$", "seed = 4", tiny_file.read_text())
    (tmp_path / "other.toml").write_text(text)
    asked = [str(checkpoint), "--layers", "conv1", "--run", str(tmp_path / "other.toml")]
    assert "--seed N" in error(asked, capsys)
    assert main(["measure", *asked, *FEW, "--seed", str(tiny.seed)]) == 0


@pytest.mark.parametrize("keep", [0, 5, 100, -1])
def test_a_truncated_checkpoint_is_one_line(checkpoint, tmp_path, keep, capsys):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(checkpoint.read_bytes()[:keep])
    assert "train its network again" in error([damaged], capsys)


def test_an_altered_checkpoint_is_one_line(checkpoint, tmp_path, capsys):
    damaged = tmp_path / "damaged.safetensors"
    content = bytearray(checkpoint.read_bytes())
    content[-5] ^= 1
    damaged.write_bytes(content)
    assert re.search(r"was altered: .*digest; train its network again", error([damaged], capsys))


def test_weights_of_another_program_are_one_line(tmp_path, capsys):
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "foreign.safetensors"
    for metadata in (None, {"geomem": "[]"}, {"geomem": "{}"}):
        save_file({"a": torch.zeros(2)}, path, metadata=metadata)
        assert "measure FILE.py:NAME --weights" in error([path], capsys)


def test_weights_that_do_not_fit_their_run_are_one_line(tiny, tmp_path, shipped, capsys):
    import torch

    path = tmp_path / "odd.safetensors"
    checkpoints.save(path, {"a": torch.zeros(2)}, Subject.of(tiny, 0).owner, 1)
    assert "has other weights than its run's network" in error([path], capsys)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--layers", "conv7"], "no layer 'conv7'; layers: input, conv1"),
        (["--probes", "1"], "--probes must be 2 or more; received 1"),
        (["--points", "1"], "--points must be 2 or more; received 1"),
        (["--correlations", "9"], "group unpermuted: layer input: rank must be at most"),
        (["--csv", "/no/such/folder/x.csv"], "--csv /no/such/folder/x.csv must be a file in a folder that exists"),
        (["--csv", "."], "--csv . must be a file"),
        (["--workers", "2"], "--workers does not go with a checkpoint"),
    ],
)
def test_options_that_cannot_be_are_one_line(checkpoint, shipped, options, words, capsys):
    assert words in error([checkpoint, *options], capsys)


@pytest.mark.parametrize("rank", ["-1", "some", "1.5"])
def test_correlations_are_a_method_or_a_number(checkpoint, rank, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["measure", str(checkpoint), f"--correlations={rank}"])
    assert stopped.value.code == 2
    assert "must be cavity, published, or a whole number" in capsys.readouterr().err


@pytest.mark.slow
def test_a_checkpoint_without_torch_is_one_line(checkpoint):
    done = without_torch("measure", str(checkpoint))
    assert done.returncode == 1
    needed = f"measuring a checkpoint needs torch, which is not installed: {how_to_install('networks')}"
    assert done.stderr == f"geomem: {needed}\n"
