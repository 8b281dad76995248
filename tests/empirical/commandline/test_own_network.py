"""Measuring a network of the user: what the command shows and writes, from files as users have them."""

import importlib
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from PIL import Image

from empirical.__main__ import main
from empirical.data import pictures
from empirical.errors import how_to_install
from empirical.geometry import layer_geometry
from tests.empirical.commandline.commands import ROOT, rows_of, without_torch
from tests.empirical.commandline.user_projects import CLASSES, write_images, write_project

QUICK = ("--probes", "5", "--resamples", "2", "--joint-draws", "2")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return write_project(tmp_path_factory.mktemp("user"))


@pytest.fixture
def inside(project, monkeypatch):
    monkeypatch.chdir(project)
    return project


def shown(capsys, *arguments) -> str:
    """What a command that succeeds prints on stdout."""
    assert main(["measure", *map(str, arguments), *QUICK]) == 0
    return capsys.readouterr().out


def test_its_numbers_are_those_of_layer_geometry(inside, tmp_path, capsys, monkeypatch):
    out = shown(capsys, "net.py:build", "--images", "photos", "--points", 5, "--seed", 3, "--csv", tmp_path / "out.csv")
    assert "net.py:build: Net, 55 parameters" in out
    assert "15 of 18 in photos, 3 classes; each 1x9x8" in out
    assert "0..1 (divided by 255); not normalized" in out
    files = [inside / "photos" / name / f"image {number}.png" for name in CLASSES for number in range(6)]
    images = torch.from_numpy(pictures.cropped(sorted(files)).astype(np.float32) / 255)
    monkeypatch.syspath_prepend(str(inside))
    torch.manual_seed(3)
    model, labels = importlib.import_module("net").Net(), np.repeat(range(3), 6)
    wanted = layer_geometry(model, images, labels, n_points=5, n_probes=5, resamples=2, joint_draws=2, seed=3)
    rows = rows_of(tmp_path / "out.csv")
    assert [row["layer"] for row in rows] == ["input", "body.0", "head"]
    assert [float(row["capacity"]) for row in rows] == pytest.approx([row.capacity for row in wanted], rel=1e-6)


def test_what_the_users_code_prints_is_not_among_the_numbers(inside, capsys):
    assert main(["measure", "net.py:Net", "--images", "photos", *QUICK]) == 0
    said = capsys.readouterr()
    assert "the user's file prints" in said.err
    assert "so does its network" in said.err
    assert said.out.startswith("model    net.py:Net: Net, 55 parameters\n")


@pytest.mark.parametrize("source", ["net.py:ready", "./net.py:Net", "{}/net.py:build", "torch.nn:Flatten", "net.py:ready.body"])
def test_a_network_is_named_in_many_ways(inside, source, capsys):
    assert "P = 3, M = 6, 5 probes each" in shown(capsys, source.format(inside), "--images", "photos")


def test_networks_of_other_precision_or_whose_shapes_are_open_are_measured(inside, capsys):
    (inside / "kinds.py").write_text(
        "from torch import nn\n\ndouble = nn.Sequential(nn.Flatten(), nn.Linear(72, 4)).double()\n"
        "lazy = nn.Sequential(nn.Flatten(), nn.LazyLinear(4))\n"
    )
    for name in ("double", "lazy"):
        assert f"kinds.py:{name}: Sequential, 292 parameters" in shown(capsys, f"kinds.py:{name}", "--images", "photos")


def saved(project, form: str):
    """The weights of a network whose every weight is 0.5, in a file of a user."""
    from safetensors.torch import save_file

    sys.path.insert(0, str(project))
    try:
        import net  # pyright: ignore[reportMissingImports]
    finally:
        sys.path.remove(str(project))
    model = net.Net()
    state = {name: torch.full_like(value, 0.5) for name, value in model.state_dict().items()}
    model.load_state_dict(state)
    example = torch.zeros(1, 1, 9, 8)
    path = project / f"weights.{'safetensors' if form == 'safetensors' else 'pt2' if form == 'exported' else 'pt'}"
    prefixed = {"_orig_mod.module." + name: value for name, value in state.items()}
    contents = {
        "plain": state,
        "whole": model,
        "parallel": {"module." + name: value for name, value in state.items()},
        "lightning": {"state_dict": {"model." + name: value for name, value in state.items()}, "epoch": 3},
        "compiled": {"model": prefixed, "optimizer": {}},
        "whole inside": {"model": model, "epoch": 3},
        "other": {"epoch": 3, "loss": [0.5]},
        "list": [1, 2],
        "missing": {name: value for name, value in state.items() if "bias" not in name},
        "unknown": state | {f"extra.{n}": torch.zeros(1) for n in range(5)},
        "shapes": state | {"head.weight": torch.zeros(10, 4)},
    }
    if form == "safetensors":
        save_file(state, path)
    elif form == "scripted":
        torch.jit.trace(model, example).save(str(path))
    elif form == "exported":
        torch.export.save(torch.export.export(model, (example,)), path)
    else:
        torch.save(contents[form], path)
    sys.modules.pop("net")
    return path.name


@pytest.mark.parametrize(
    ("form", "told", "options"),
    [
        ("plain", "4 tensors of {}\n", ()),
        ("safetensors", "4 tensors of {}\n", ()),
        ("parallel", "4 tensors of {}, prefix module. removed\n", ()),
        ("lightning", "4 tensors of {} under its key 'state_dict', prefix model. removed\n", ()),
        ("compiled", "4 tensors of {} under its key 'model', prefix _orig_mod.module. removed\n", ()),
        ("whole", "4 tensors of {}\n", ("--trust",)),
        ("whole inside", "4 tensors of {} under its key 'model'\n", ("--trust",)),
    ],
)
def test_weights_in_every_form_are_loaded(inside, form, told, options, tmp_path, capsys, monkeypatch):
    name = saved(inside, form)
    monkeypatch.syspath_prepend(str(inside))
    out = shown(capsys, "net.py:build", "--weights", name, "--images", "photos", "--csv", tmp_path / "x.csv", *options)
    assert told.format(name) in out
    # All weights being equal, all features of a layer are one.
    assert {float(row["joint_capacity"]) for row in rows_of(tmp_path / "x.csv") if row["layer"] == "head"}


def error(capsys, *arguments) -> str:
    """The last line that a command which fails says; the user's own code may print lines before it."""
    assert main(["measure", *map(str, arguments), *QUICK]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("geomem: ")
    return last


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("plain", "has weights but no architecture (body.0.weight 4x1x3x3, body.0.bias 4, head.weight 3x4 and 1 more); give"),
        ("safetensors", "was not written by this program; if it has the weights of your own network, give what builds that"),
        ("whole", "with other objects than tensors (net.Net, torch.nn.modules.activation.ReLU, torch.nn.modules.con"),
        ("scripted", "is a TorchScript archive, whose layers cannot be read; measure the torch.nn.Module that it was made of"),
        ("exported", "is an exported program, whose layers cannot be read"),
        ("other", "has weights but no architecture (epoch, loss)"),
        ("list", "has weights but no architecture (it is a list)"),
    ],
)
def test_a_file_without_architecture_says_what_it_is(inside, form, words, capsys):
    assert words in error(capsys, saved(inside, form))


def test_a_whole_model_is_measured_where_it_is_trusted(inside, capsys, monkeypatch):
    monkeypatch.syspath_prepend(str(inside))
    out = shown(capsys, saved(inside, "whole"), "--trust", "--images", "photos")
    assert "model    weights.pt: Net, 55 parameters\nweights  those in weights.pt\n" in out


def test_a_whole_model_whose_class_is_elsewhere_says_so(inside, capsys, monkeypatch):
    name = saved(inside, "whole")
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place not in ("", str(inside))])
    assert "reading weights.pt failed: ModuleNotFoundError: No module named 'net'" in error(capsys, name, "--trust")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("missing", "do not fit the model; missing: body.0.bias, head.bias; build the model as it was"),
        ("unknown", "do not fit the model; unknown: extra.0, extra.1, extra.2 and 2 more"),
        ("shapes", "has other shapes than the model: head.weight 10x4, in the model 3x4"),
        ("other", "has no weights (epoch, loss); give a state dict"),
        ("list", "has no weights (it is a list)"),
        ("scripted", "is a TorchScript archive"),
    ],
)
def test_weights_that_do_not_fit_are_named(inside, form, words, capsys):
    assert words in error(capsys, "net.py:build", "--weights", saved(inside, form), "--images", "photos")


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\3\4 and no archive", bytes(1000)])
@pytest.mark.parametrize("end", ["pt", "safetensors"])
def test_damaged_weights_are_one_line(inside, content, end, capsys):
    (inside / f"damaged.{end}").write_bytes(content)
    words = error(capsys, "net.py:build", "--weights", f"damaged.{end}", "--images", "photos")
    assert "write the weights anew: torch.save(model.state_dict(), PATH)" in words


def test_weights_shared_by_layers_may_be_saved_once(inside, capsys):
    text = (
        "from torch import nn\ndef build():\n    net = nn.Sequential(nn.Flatten(), nn.Linear(72, 72), nn.Linear(72, 72))\n"
        "    net[2].weight = net[1].weight\n    return net\n"
    )
    (inside / "tied.py").write_text(text)
    torch.save({"1.weight": torch.eye(72), "1.bias": torch.zeros(72), "2.bias": torch.zeros(72)}, inside / "tied.pt")
    assert "3 tensors of tied.pt" in shown(capsys, "tied.py:build", "--weights", "tied.pt", "--images", "photos")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("net.py", "net.py does not say what makes the network; give FILE.py:NAME"),
        ("absent.py:build", "the file absent.py does not exist (in {})"),
        ("absent.package:build", "there is no module absent; run the command in the folder that has it"),
        ("torch.absent:build", "there is no module torch.absent;"),
        (
            "net.py:biuld",
            "net.py has no biuld; did you mean build? It has Net, Coloured, build, wide, pair, fails, ends, ready",
        ),
        ("net.py:wide", "net.py:wide needs arguments (width, depth); write a function that needs none"),
        ("net.py:pair", "net.py:pair returned a tuple (Net, dict), not a torch.nn.Module"),
        ("net.py:epochs", "net.py:epochs is a int; give"),
        ("net.py:fails", "calling net.py:fails failed in {}/net.py, line 14: "),
        ("net.py:ends", "calling net.py:ends failed in {}/net.py, line 44: SystemExit: 3"),
        (
            "broken.py:build",
            "importing broken.py failed in {}/broken.py, line 3: ModuleNotFoundError: No module named 'numpyy'",
        ),
        ("unfinished.py:build", "importing unfinished.py failed in {}/unfinished.py, line 1: SyntaxError: invalid syntax"),
        ("script.py:build", "script.py ends the program when it is imported; put what it runs under if __name__"),
    ],
)
def test_networks_that_cannot_be_built_say_where(inside, source, words, capsys):
    assert words.format(inside) in error(capsys, source, "--images", "photos")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "to measure net.py:build, images are needed: --images FOLDER"),
        (["--images", "absent"], "absent does not exist (in {}); give a folder of images"),
        (["--images", "net.py"], "net.py is neither an .npz archive nor a folder of images"),
        (["--images", "photos", "--layers", "body,haed"], "no layer 'haed'; layers: input, body, head; did you mean 'head'?"),
        (
            ["--images", "photos", "--channels", "3"],
            "as torch.float32 (1, 3, 9, 8), failed in {}/net.py, line 19: ",
        ),
        (["--images", "photos", "--mean", "0,0,0"], "--mean has 3 numbers, and the channels of the images are 1"),
        (["--images", "photos", "--points", "0"], "n_points must be at least 2, or None for all; received 0"),
        (["--images", "photos", "--device", "abacus"], "--device abacus cannot be used"),
        (["--images", "photos", "--csv", "/no/such/x.csv"], "--csv /no/such/x.csv must be a file in a folder that exists"),
        (["--images", "photos", "--workers", "2"], "--workers does not go with your own network"),
        (["--images", "photos", "--run", "digits"], "--run does not go with your own network"),
    ],
)
def test_options_that_cannot_be_are_one_line(inside, options, words, capsys):
    assert words.format(inside) in error(capsys, "net.py:build", *options)


def test_options_of_ones_own_network_do_not_go_with_a_run(tiny_file, capsys):
    assert main(["measure", str(tiny_file), "--size", "3"]) == 1
    assert "--size does not go with a run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--size=0", "must be pixels, such as 224, or height x width"),
        ("--size=2x3x4", "must be pixels"),
        ("--mean=a,b", "must be numbers with commas between"),
        ("--std=0.2,0", "must be above 0"),
        ("--channels=4", "invalid choice"),
    ],
)
def test_preprocessing_that_cannot_be_is_told_at_once(option, words, capsys):
    with pytest.raises(SystemExit):
        main(["measure", "net.py:build", option])
    assert words in capsys.readouterr().err


def test_images_of_several_kinds_become_one(inside, tmp_path, capsys):
    folder = write_images(tmp_path / "mixed", n=4, size=(12, 20), channels=3)
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 65536, (30, 30), dtype=np.uint16)).save(folder / "pears" / "16 bits.png")
    Image.fromarray(rng.integers(0, 256, (11, 14, 4), dtype=np.uint8)).save(folder / "pears" / "transparent.png")
    asked = ["net.py:Coloured", "--images", folder]
    assert re.search(r"images differ in size: .* --size 224", error(capsys, *asked))
    out = shown(capsys, *asked, "--size", "8x10", "--mean", "0.5,0.4,0.3", "--std", "0.2")
    assert "all 14 in" in out
    assert "each 3x8x10" in out
    assert "0..1 (divided by 255), cropped at the centre and resized to 8 x 10, less 0.5, 0.4, 0.3, divided by 0.2\n" in out
    (folder / "pears" / "zz.jpg").write_bytes(b"\xff\xd8\xff\xe0 no image")
    assert re.search(r"cannot read the image .*zz\.jpg: .*; remove it", error(capsys, *asked, "--size", 8))
    (folder / "empty").mkdir()
    assert "the class empty has no images" in error(capsys, *asked)


def test_one_class_is_too_few(inside, tmp_path, capsys):
    (tmp_path / "a").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "a" / "1.png")
    assert f"{tmp_path} has one class, a; give the images of two" in error(capsys, "net.py:build", "--images", tmp_path)


def test_an_archive_of_floats_is_taken_as_it_is(inside, tmp_path, capsys):
    path = tmp_path / "data.npz"
    values = np.random.default_rng(0).standard_normal((12, 8, 9, 1))
    np.savez(path, images=values, labels=np.array(["cat", "dog", "cow"] * 4))
    out = shown(capsys, "net.py:build", "--images", path, "--size", "6")
    assert f"as they are, {values.min():.3g} to {values.max():.3g}, cropped at the centre and resized to 6 x 6; not" in out
    assert "are for pixels within 0..1; leave them out" in error(capsys, "net.py:build", "--images", path, "--mean", 0.5)


def test_rows_of_numbers_are_inputs_too(inside, tmp_path, capsys):
    path = tmp_path / "rows.npz"
    (inside / "rows.py").write_text("from torch import nn\nmodel = nn.Sequential(nn.Linear(7, 3))\n")
    np.savez(path, images=np.random.default_rng(0).standard_normal((9, 7)), labels=np.arange(9) % 3)
    assert "all 9 in" in shown(capsys, "rows.py:model", "--images", path)
    assert "--size does not go with rows of numbers" in error(capsys, "rows.py:model", "--images", path, "--size", 3)


def test_without_torch_it_is_one_line(inside):
    done = without_torch("measure", "net.py:build", "--images", "photos")
    needed = f"measuring your own network needs torch, which is not installed: {how_to_install('networks')}"
    assert (done.returncode, done.stderr) == (1, f"geomem: {needed}\n")


@pytest.mark.slow
def test_an_interrupted_command_is_one_line_and_leaves_no_file(inside, tmp_path):
    file = tmp_path / "x.csv"
    asked = ["net.py:build", "--images", "photos", "--csv", str(file), "--probes", "1000000"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "empirical", "measure", *asked],
        cwd=inside, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    while not running.stdout.readline().startswith("pixels"):
        assert running.poll() is None
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert told.splitlines()[-1] == "geomem: interrupted; nothing was written"
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []
