import json
import os

import numpy as np
import pytest

from benchmarks import geometry, worlds
from benchmarks.case import operations


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", os.environ.get("OMP_NUM_THREADS", "1"))


@pytest.fixture
def cifar(tmp_path):
    """Records of the form of CIFAR-100's: 60 classes of six images."""
    labels = np.repeat(np.arange(60), 6)
    records = np.random.default_rng(0).integers(0, 256, (len(labels), worlds.RECORD), dtype=np.uint8)
    records[:, 1] = labels
    path = tmp_path / worlds.TRAIN
    path.parent.mkdir()
    records.tofile(path)
    return tmp_path


def test_a_quick_run_measures_every_case(cifar, tmp_path, capsys):
    """What it measures, not how long that takes."""
    file = tmp_path / "found.json"
    assert geometry.main(["--quick", "--data", str(cifar), "--json", str(file)]) == 0
    found = json.loads(file.read_text())
    cases = {case["name"]: case for case in found["cases"]}
    assert {"README example", "small VGG input", "small VGG conv7", "small VGG linear3", "CIFAR-100 pixels"} <= cases.keys()
    assert cases["CIFAR-100 pixels"]["shape"] == [6, 5, 3072]
    for case in cases.values():
        assert 0 < case["fastest"] <= case["seconds"] <= case["slowest"]
        assert 0 <= sum(case["shares"].values()) <= 1
        assert 0 <= case["bytes_before"] <= case["peak_bytes"]
        assert case["kkt_residual"] < 1e-9
    assert [(one["grows"], len(one["seconds"])) for one in found["scaling"]] == [
        (name, 4) for name in ("P", "M", "N", "n_t", "P")
    ]
    assert "README example" in capsys.readouterr().out


def test_wide_layers_and_torch_devices(capsys):
    pytest.importorskip("torch")
    assert geometry.main(["--quick", "--device", "cpu"]) == 0
    assert geometry.main(["--quick", "--layers", "vgg16"]) == 0
    assert "3, 3, 1048576" in capsys.readouterr().out


def test_a_folder_without_images_is_an_error(tmp_path, capsys):
    assert geometry.main(["--data", str(tmp_path)]) == 1
    assert "no cifar-100-binary/train.bin in" in capsys.readouterr().err


def test_operations_are_those_of_the_products():
    assert operations(2, 3, 5, 0) == 2 * 5 * 2 * (9 + 6 + 2)
    assert operations(2, 3, 5, 7) - operations(2, 3, 5, 0) == 2 * 2 * 7 * 9 * 24
