import json
import os

import numpy as np
import pytest

from benchmarks import compare_ledgers, geometry, worlds
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_wide_layers_and_torch_devices(capsys):
    pytest.importorskip("torch")
    assert geometry.main(["--quick", "--device", "cpu"]) == 0
    assert geometry.main(["--quick", "--layers", "vgg16"]) == 0
    assert "3, 3, 1048576" in capsys.readouterr().out


def test_a_folder_without_images_is_an_error(tmp_path, capsys):
    assert geometry.main(["--data", str(tmp_path)]) == 1
    assert "has no cifar-100-binary/train.bin" in capsys.readouterr().err


def test_operations_are_those_of_the_products():
    assert operations(2, 3, 5, 0) == 2 * 5 * 2 * (9 + 6 + 2)
    assert operations(2, 3, 5, 7) - operations(2, 3, 5, 0) == 2 * 2 * 7 * 9 * 24


@pytest.mark.slow
def test_training_beside_its_products(tmp_path, capsys):
    """What is measured, not how long it takes: digits in batches of 32, the last one smaller."""
    pytest.importorskip("torch")
    from benchmarks import training

    file = tmp_path / "found.json"
    assert training.main(["digits", "--images", "80", "--rounds", "2", "--json", str(file)]) == 0
    found = json.loads(file.read_text())
    assert (found["images"], found["device"], found["precision"]) == (80, "cpu", "float32")
    assert all(len(found[name]) == 2 and min(found[name]) > 0 for name in ("training", "products", "training_processor"))
    assert training.shares(found) == [bare / whole for bare, whole in zip(found["products"], found["training"], strict=True)]
    assert "digits, with BatchNorm, 80 images, float32, on cpu" in capsys.readouterr().out
    assert training.main(["digit"]) == 1
    assert "known runs" in capsys.readouterr().err


def test_products_are_those_of_training():
    """Forward and both backward products as autograd has them, for convolutions and linear maps; the first has one less."""
    torch = pytest.importorskip("torch")
    from torch import nn

    from benchmarks.products import operations, products_of

    model = nn.Sequential(nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.Flatten(), nn.Linear(12, 5))
    images = torch.randn(7, 2, 4, 4)
    (forward, (to_images, to_weight, _)), linear = (product() for product in products_of(model, images, torch.float32))
    torch.testing.assert_close(forward, model[0](images) - model[0].bias.view(-1, 1, 1))
    assert to_images is None
    assert to_weight.shape == model[0].weight.shape
    assert [tuple(one.shape) for one in linear] == [(7, 5), (5, 12), (7, 12)]
    convolution, linear_map = 2 * 7 * 3 * 4 * 2 * 9, 2 * 7 * 12 * 5
    assert operations(model, images) == 2 * convolution + 3 * linear_map


ENTRY = {"id": "S-02", "world": "digits", "verdict": {"status": "SUPPORTED", "value": 0.25, "parts": [{"value": float("nan")}]}}


@pytest.fixture
def ledger(tmp_path):
    def write(name, *entries):
        path = tmp_path / name
        path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
        return str(path)

    return write


def test_equal_ledgers_have_no_difference(ledger, capsys):
    assert compare_ledgers.main([ledger("old", ENTRY), ledger("new", ENTRY)]) == 0
    assert capsys.readouterr().out == ""


def test_a_last_digit_and_a_missing_claim_are_differences(ledger, capsys):
    other = {**ENTRY, "verdict": {**ENTRY["verdict"], "value": 0.25000000000000006}}
    old, new = ledger("old", ENTRY, {**ENTRY, "id": "S-07"}), ledger("new", other)
    assert compare_ledgers.main([old, new]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "S-02 in digits: verdict.value: 0.25 -> 0.25000000000000006",
        "S-07 in digits: only in the old ledger",
    ]
    assert compare_ledgers.main(["--common", old, new]) == 1
    assert "S-07" not in capsys.readouterr().out


def test_what_is_no_ledger_is_said(ledger, tmp_path, capsys):
    (tmp_path / "text").write_text("not a ledger")
    assert compare_ledgers.main([ledger("old", ENTRY), str(tmp_path / "text")]) == 2
    told = capsys.readouterr().err
    assert f"{tmp_path / 'text'} is not a ledger" in told
    assert "write a ledger with pytest verify/ --ledger PATH" in told
    assert compare_ledgers.main([ledger("old", ENTRY), str(tmp_path / "none")]) == 2
    assert "none" in capsys.readouterr().err
