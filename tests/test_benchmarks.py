import dataclasses
import json
import os

import numpy as np
import pytest

from benchmarks import against, capacity, compare_ledgers, coverage, estimators, geometry, perturbations, populations, worlds
from benchmarks.manifold_products import operations


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


@pytest.mark.release
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


@pytest.mark.release
@pytest.mark.slow
def test_wide_layers_and_torch_devices(capsys):
    pytest.importorskip("torch")
    assert geometry.main(["--quick", "--device", "cpu"]) == 0
    assert geometry.main(["--quick", "--layers", "moment"]) == 0
    out = capsys.readouterr().out
    assert all(f"moment, {words}" in out for words in geometry.CORRECTIONS)
    assert "of GEMM rate" in out
    assert geometry.main(["--quick", "--layers", "vgg16"]) == 0
    assert "3, 3, 1048576" in capsys.readouterr().out


def test_a_folder_without_images_is_an_error(tmp_path, capsys):
    assert geometry.main(["--data", str(tmp_path)]) == 1
    assert "has no cifar-100-binary/train.bin" in capsys.readouterr().err


@pytest.fixture
def released(tmp_path):
    """A file of one case: two seconds where the machine made a hundred products a second."""
    case = {"name": "README example", "shape": [6, 5, 30], "fastest": 2.0, "product_rate": 100.0}
    path = tmp_path / "released.json"
    path.write_text(json.dumps({"cases": [case, {"name": "network vgg16", "shape": [3, 3, 9], "seconds": 1.0}]}))
    return path, case


def test_times_are_compared_in_products_of_the_machine(released):
    before = against.load(released[0])
    assert against.ratio(released[1], before) == 1
    slow_machine = {**released[1], "fastest": 4.0, "product_rate": 50.0}
    assert against.ratio(slow_machine, before) == 1
    assert against.slower([{**released[1], "fastest": 2.39}], before) == {}
    assert against.slower([{**released[1], "fastest": 2.5}], before) == {"README example": 1.25}


def test_what_was_not_measured_then_is_not_compared(released):
    before = against.load(released[0])
    assert against.ratio({**released[1], "name": "another"}, before) is None
    assert against.ratio({**released[1], "shape": [1, 1, 1]}, before) is None
    assert against.ratio({"name": "README example", "shape": [6, 5, 30], "seconds": 1.0}, before) is None


@pytest.mark.parametrize("content", [None, "", "[]", '{"cases": [{}]}'])
def test_a_file_without_numbers_is_an_error(content, tmp_path, capsys):
    path = tmp_path / "numbers.json"
    if content is not None:
        path.write_text(content)
    assert geometry.main(["--quick", "--against", str(path)]) == 1
    assert f"--against {path}: " in capsys.readouterr().err


@pytest.mark.release
@pytest.mark.slow
def test_where_nothing_can_be_compared_it_fails(released, capsys):
    """The released case has other sizes than a quick run."""
    path, case = released
    path.write_text(json.dumps({"cases": [{**case, "shape": [1, 1, 1]}]}))
    assert geometry.main(["--quick", "--no-scaling", "--against", str(path)]) == 1
    assert "it has none of these cases in this size" in capsys.readouterr().err


@pytest.mark.release
@pytest.mark.slow
def test_a_slowdown_fails(tmp_path, capsys):
    file = tmp_path / "now.json"
    assert geometry.main(["--quick", "--no-scaling", "--json", str(file)]) == 0
    numbers = json.loads(file.read_text())
    for case in numbers["cases"]:
        case["fastest"] /= 100
    file.write_text(json.dumps(numbers))
    assert geometry.main(["--quick", "--no-scaling", "--against", str(file)]) == 1
    told = capsys.readouterr()
    assert "README example takes" in told.err
    assert "of the time then" in " ".join(told.out.split())


def test_operations_are_those_of_the_products():
    assert operations(2, 3, 5, 0) == 2 * 5 * 2 * (9 + 6 + 2)
    assert operations(2, 3, 5, 7) - operations(2, 3, 5, 0) == 2 * 2 * 7 * 9 * 24


@pytest.mark.release
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
    assert "did you mean digits" in capsys.readouterr().err


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


@pytest.mark.release
@pytest.mark.slow
def test_a_quick_run_compares_every_capacity(tmp_path, capsys):
    """That every table has its rows, not what they say."""
    pytest.importorskip("torch")
    file = tmp_path / "found.json"
    assert capacity.main(["--quick", "--seed", "3", "--json", str(file)]) == 0
    found = json.loads(file.read_text())
    assert found["seed"] == 3
    rows = found["layers"] + found["populations"]
    assert len(found["layers"]) == 4 * 4
    assert {"linear2 shuffled", "tree, shared 0.8", "layer-like, P = 5"} <= {row["name"] for row in rows}
    assert all(one["value"] > 0 and one["se"] >= 0 for row in rows for one in row["estimates"].values())
    assert [row["name"] for row in found["coverage"]][:3] == ["conv2 capacity", "conv2 radius", "conv2 dimension"]
    assert all(0 <= row["covered"] <= 1 and row["spread"] > 0 for row in found["coverage"])
    assert len(found["noise"]) == 4 * len(perturbations.PERTURBATIONS)
    out = capsys.readouterr().out
    assert "capacity of layers" in out
    assert "cavity more than 10% from separated" in out


def test_the_capacity_needs_the_images_that_it_is_told_to_use(tmp_path, capsys):
    pytest.importorskip("torch")
    assert capacity.main(["--data", str(tmp_path)]) == 1
    assert "has no cifar-100-binary/train.bin" in capsys.readouterr().err


@pytest.mark.slow
def test_groups_of_a_permuted_network():
    """Every permuted image has another label than its own; so it has in the shuffled baseline."""
    pytest.importorskip("torch")
    from benchmarks.permuted_network import DIGITS, PermutedNetwork

    network = PermutedNetwork(None, dataclasses.replace(DIGITS, epochs=1), 0)
    groups, true = network.groups(np.random.default_rng(0)), network.labels.true
    assert groups.keys() == {"unpermuted", "permuted", "restored", "shuffled"}
    for label, (permuted, shuffled, restored) in enumerate(zip(*(groups[name] for name in GROUPS), strict=True)):
        assert not np.any(true[np.concatenate([permuted, shuffled])] == label)
        assert np.all(true[restored] == label)
    permuted, shuffled, restored = (np.sort(np.concatenate(groups[name])) for name in GROUPS)
    np.testing.assert_array_equal(permuted, restored)
    np.testing.assert_array_equal(permuted, shuffled)
    assert network.clouds("conv7", groups["permuted"], 20, np.random.default_rng(0)).shape == (10, 20, 256)


def test_balls_share_their_centres_as_strongly_as_asked():
    """Centres of strength s have s^2 of their variance in three directions; the balls have radius 0.25 in the mean."""
    clouds = populations.balls(0.8, np.random.default_rng(0), 400)
    centers = clouds.mean(1)
    value = np.linalg.svd(centers, compute_uv=False) ** 2
    assert value[:3].sum() / value.sum() == pytest.approx(0.64, abs=0.05)
    assert np.mean(np.sum((clouds - centers[:, None]) ** 2, axis=2)) == pytest.approx(0.25**2 * 14 / 15, rel=0.02)


@pytest.mark.slow
def test_every_estimator_finds_the_capacity_of_unstructured_clouds():
    """Points of independent manifolds in general position: 2 / M."""
    clouds = np.random.default_rng(0).standard_normal((40, 5, 400))
    found = estimators.capacities(clouds, 30, 100, 0, center_mean=False)
    for name in estimators.ESTIMATORS:
        assert found[name]["value"] == pytest.approx(0.4, abs=0.04), name
    assert found["separated"]["ratio"] == 1


@pytest.mark.slow
def test_where_nothing_separates_all_manifolds_parts_of_them_are_separated():
    clouds = np.random.default_rng(0).standard_normal((30, 5, 40))
    found = estimators.capacities(clouds, 20, 60, 0, center_mean=False)
    separated = found["separated"]
    assert separated["bound"] == 30 / 40
    assert separated["part"] == int(found["cavity"]["held"] * 30) < 30
    assert separated["value"] == pytest.approx(0.4, abs=0.05)
    assert estimators.separated_parts(clouds, 30, 4, 0) == {"value": None, "se": None, "part": 30, "separated": 0, "parts": 4}


def test_intervals_that_are_wide_enough_cover(monkeypatch):
    """Redraws of 1, 2 and 3 from classes four times as large: deviations are divided by sqrt(3/4)."""
    answers = iter([1.0, 2.0, 3.0])
    monkeypatch.setattr(coverage, "_redrawn", lambda *_: dict.fromkeys(coverage.QUANTITIES, (next(answers), 0.6, 0.3)))
    monkeypatch.setattr(coverage, "QUANTITIES", ("capacity",))
    one = coverage.coverage([np.zeros((20, 2))] * 3, 5, 3, 2, 10, 0)["capacity"]
    assert one["spread"] == pytest.approx(np.sqrt(4 / 3))
    assert one["covered"] == 1
    assert (one["with"], one["without"]) == pytest.approx((0.6 * np.sqrt(3 / 4), 0.3 * np.sqrt(3 / 4)))


def test_small_changes_of_the_clouds_change_little():
    clouds = [populations.layer_like(5, np.random.default_rng(0), 6, 50)]
    found = perturbations.changes(clouds, 20, 0, center_mean=True)
    for name in ("noise 1e-6", "float32"):
        assert abs(found[name]["cavity"]["relative"][0]) < 1e-5
    again = found["another seed"]["cavity"]
    assert 0 < abs(again["in_errors"][0]) < 8
    assert again["in_errors"][0] * again["relative"][0] > 0


GROUPS = ("permuted", "shuffled", "restored")
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


@pytest.mark.release
@pytest.mark.slow
def test_a_quick_run_ranks_labels_by_every_detector(tmp_path, capsys):
    """That every detector has its line, not what it says; cleanlab has none where it is not installed."""
    pytest.importorskip("torch")
    from benchmarks import label_errors

    file = tmp_path / "found.json"
    assert label_errors.main(["--quick", "--data", "digits", "--json", str(file)]) == 0
    found = json.loads(file.read_text())
    names = {"geomem, class-mean margin", "geomem, loss", "AUM, all epochs", "AUM, to 2E", "kNN, features of epoch E"}
    assert [cell["noise"] for cell in found["cells"]] == ["uniform 10 %", "class-dependent 40 %"]
    for cell in found["cells"]:
        assert len(cell["runs"]) == 2
        for run in cell["runs"]:
            assert names <= run.keys()
            assert any("cleanlab" in name for name in run) == bool(found["cleanlab"])
            assert all(0 <= precision <= 1 and seconds >= 0 for precision, seconds in run.values())
    told = capsys.readouterr().out
    assert "goals" in told
    assert ("cleanlab: absent" in told) != bool(found["cleanlab"])


def test_detectors_of_labels_are_what_their_papers_say():
    pytest.importorskip("torch")
    from benchmarks import label_error_detectors as detectors

    logits, labels = np.zeros((3, 2, 3)), np.array([0, 2])
    logits[:, 0, 0], logits[1, 1] = [1, -1, 3], [4, 0, 7]
    assert detectors.margins(logits, labels).tolist() == [[1, 0], [-1, 3], [3, 0]]
    assert detectors.aum(logits, labels).tolist() == [-1, -1]
    assert detectors.aum(logits, labels, 1).tolist() == [-1, 0]
    assert detectors.forgetting(logits, labels).tolist() == [1, 1]
    assert detectors.forgetting(logits, np.array([1, 1])).tolist() == [1, 3]
    np.testing.assert_allclose(detectors.el2n(np.zeros((3, 2, 4)), labels), np.sqrt(3 / 16 + 9 / 16))
    far = np.concatenate([np.zeros((11, 2)), np.full((11, 2), 9.0)])
    assert detectors.neighbours(far, np.array([0] * 10 + [1] + [1] * 11)).argmax() == 10


def test_missed_goals_are_told():
    pytest.importorskip("torch")
    from benchmarks import label_errors

    run = {"geomem, class-mean margin": [0.9, 0.1], "geomem, loss": [0.9, 0.1], "AUM, all epochs": [0.85, 5.0]}
    cells = [
        {"data": "digits", "noise": "uniform 10 %", "runs": [{**run, "AUM, to 2E": [0.95, 0.0]}] * 2},
        {"data": "digits", "noise": "class-dependent 40 %", "runs": [{**run, "cleanlab, self-confidence": [0.7, 2.0]}] * 2},
    ]
    lines = label_errors.summary(cells).splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["MISSED", "MISSED", "met", "MISSED"]
    assert "within .01 of the best other (AUM, to 2E): -0.050" in lines[2]
    assert "1/20" in lines[5]
