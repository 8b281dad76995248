"""Measuring a network of the user: what the command shows and writes, and what it says of networks that cannot be built."""

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

from empirical.__main__ import main
from empirical.data import pictures
from empirical.errors import how_to_install
from empirical.geometry import layer_geometry
from tests.empirical.commandline.commands import ROOT, rows_of, without_torch
from tests.empirical.commandline.user_projects import CLASSES, QUICK, error, shown


@pytest.mark.slow
def test_its_numbers_are_those_of_layer_geometry(inside, tmp_path, capsys):
    out = shown(capsys, "net.py:build", "--images", "photos", "--points", 5, "--seed", 3, "--csv", tmp_path / "out.csv")
    assert "net.py:build: Net, 55 parameters" in out
    assert "15 of 18 in photos, 3 classes; each 1x9x8" in out
    assert "0..1 (divided by 255); not normalized" in out
    files = [inside / "photos" / name / f"image {number}.png" for name in CLASSES for number in range(6)]
    images = torch.from_numpy(pictures.cropped(sorted(files))[0].astype(np.float32) / 255)
    sys.path.insert(0, str(inside))
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


@pytest.mark.slow
def test_networks_of_other_precision_or_whose_shapes_are_open_are_measured(inside, capsys):
    (inside / "kinds.py").write_text(
        "from torch import nn\n\ndouble = nn.Sequential(nn.Flatten(), nn.Linear(72, 4)).double()\n"
        "lazy = nn.Sequential(nn.Flatten(), nn.LazyLinear(4))\n"
    )
    for name in ("double", "lazy"):
        assert f"kinds.py:{name}: Sequential, 292 parameters" in shown(capsys, f"kinds.py:{name}", "--images", "photos")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("net.py", "net.py does not say what makes the network; give FILE.py:NAME"),
        ("absent.py:build", "the file absent.py does not exist (in {})"),
        ("absent.package:build", "there is no module absent; run the command in the folder that has it"),
        ("torch.absent:build", "there is no module torch.absent;"),
        (
            "net.py:biuld",
            "net.py has no biuld; it has Net, Coloured, build, wide, pair, fails, ends, ready; did you mean build?",
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
            "as torch.float32 (2, 3, 9, 8), failed in {}/net.py, line 19: ",
        ),
        (["--images", "photos", "--mean", "0,0,0"], "--mean has 3 numbers, and the channels of the images are 1"),
        (["--images", "photos", "--points", "0"], "--points must be 2 or more; received 0: give more"),
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


@pytest.mark.parametrize("width", [60, 80])
def test_the_table_fits_a_narrow_terminal_and_says_what_it_leaves_out(inside, width, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    (inside / "deep.py").write_text(
        "from torch import nn\nfrom net import Net\n\n\nclass Deep(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.encoder_with_a_long_name = nn.ModuleDict({'and_another_long_name_in_it': Net()})\n\n"
        "    def forward(self, images):\n        return self.encoder_with_a_long_name['and_another_long_name_in_it'](images)\n"
    )
    out = shown(capsys, "deep.py:Deep", "--images", "photos")
    table = out[out.index("deep.py:Deep: P") :]
    assert max(map(len, table.splitlines())) <= width
    headings = set(re.findall(r"\w+", table.splitlines()[2]))
    assert {"layer", "capacity"} <= headings
    told = " ".join(table.partition(f"not shown in {width} columns: ")[2].split()).split(", ")
    assert {"centre corr.", *told} | headings >= {"joint", "features", "D", "R", "shuffled"}
    assert not headings & set(told)


def test_layers_without_a_geometry_are_told_beneath_the_table(inside, tmp_path, capsys):
    (inside / "dead.py").write_text(
        "from net import Net\n\n\ndef build():\n    net = Net()\n    net.body[0].weight.data.zero_()\n"
        "    net.body[0].bias.data.fill_(-1)\n    return net\n"
    )
    assert main(["measure", "dead.py:build", "--images", "photos", "--csv", str(tmp_path / "x.csv"), *QUICK]) == 0
    said = capsys.readouterr()
    assert "head: no geometry: returned the same for all inputs" in said.out
    assert "see their notes" not in said.err
    notes = {row["layer"]: row["note"] for row in rows_of(tmp_path / "x.csv")}
    assert "the same for all inputs" in notes["head"]


@pytest.mark.slow
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
        # Tests that run in the background ignore the signal, and their children with them.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        assert running.stdout is not None
        while not running.stdout.readline().startswith("pixels"):
            assert running.poll() is None
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    finally:
        # A command that heeds no signal would measure for hours.
        running.kill()
    assert running.returncode == 130
    assert told.splitlines()[-1] == "geomem: interrupted; nothing was written"
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []
