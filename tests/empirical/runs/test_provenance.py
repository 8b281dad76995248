import json
import re
import subprocess
from dataclasses import fields, replace
from pathlib import Path

import pytest

from empirical import installation
from empirical.runs import provenance, runspec
from empirical.runs.folders import run_folder
from empirical.runs.provenance import commit, fingerprint, measuring_key, training_key
from empirical.runs.training_spec import TrainingSpec

EVIDENCE = Path(__file__).parents[3] / "verify" / "evidence"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of its own, with one file in each room that makes numbers, and one elsewhere."""
    for name in ("theory/a.py", "empirical/b.py", "verify/c.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("")
    git("init", "-q", at=tmp_path)
    git("add", ".", at=tmp_path)
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "one", at=tmp_path)
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    monkeypatch.setattr(installation, "ROOT", tmp_path)
    commit.cache_clear()
    yield tmp_path
    commit.cache_clear()


def git(*words: str, at) -> str:
    return subprocess.run(["git", "-C", at, *words], capture_output=True, text=True, check=True).stdout.strip()


def test_the_commit_is_told_with_what_differs_from_it(checkout):
    head = git("rev-parse", "HEAD", at=checkout)
    assert commit() == head
    (checkout / "verify" / "c.py").write_text("changed = 1")
    commit.cache_clear()
    assert commit() == head
    (checkout / "empirical" / "new.py").write_text("")
    commit.cache_clear()
    assert commit() == f"{head}+changes"


def test_without_git_the_commit_is_unknown(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert commit() == "unknown"


def test_a_wheel_in_a_repository_has_the_digest_of_its_sources_and_not_that_commit(checkout, monkeypatch):
    inside = checkout / "site-packages"
    monkeypatch.setattr(installation, "ROOT", inside)
    found = []
    for source in ("one = 1", "one = 2"):
        (inside / "theory").mkdir(parents=True, exist_ok=True)
        (inside / "theory" / "a.py").write_text(source)
        commit.cache_clear()
        installation.without_commit.cache_clear()
        found.append(commit())
    installation.without_commit.cache_clear()
    assert all(re.fullmatch(r"geomem \S+ \(wheel\) [0-9a-f]{12}", one) for one in found)
    assert found[0] != found[1]


def test_no_key_depends_on_the_commit(tiny, monkeypatch):
    before = run_folder(tiny), measuring_key(tiny)
    monkeypatch.setattr(provenance, "commit", lambda: "another")
    monkeypatch.setattr(provenance, "_git", lambda *_: "another")
    assert (run_folder(tiny), measuring_key(tiny)) == before
    assert "another" not in str(fingerprint(tiny))


def test_device_and_precision_are_those_of_the_run(tiny, monkeypatch):
    monkeypatch.setattr(provenance, "_gpu", lambda: "a GPU")
    here, there = (fingerprint(replace(tiny, device=device, precision="bfloat16")) for device in ("cpu", "cuda"))
    assert (fingerprint(tiny)["device"], fingerprint(tiny)["dtype"]) == ("cpu", "float32")
    assert (here["device"], there["device"]) == ("cpu", "a GPU")
    assert there["dtype"] == "float32, products in training bfloat16"
    assert run_folder(replace(tiny, device="cuda")) != run_folder(tiny)


@pytest.mark.parametrize(
    "measuring",
    [
        {"n_networks": 3},
        {"name": "another"},
        {"fitted": 0.9},
        {"instruments": ("geometry",)},
        {"group_images": 7},
        {"gradient_permutations": 9},
        {"geometry_points": 9},
        {"geometry_probes": 9},
    ],
    ids=lambda measuring: next(iter(measuring)),
)
def test_training_has_a_key_of_its_own_fields(tiny, measuring):
    assert training_key(replace(tiny, **measuring)) == training_key(tiny)
    assert replace(tiny, **measuring).training_digest == tiny.training_digest


OTHERWISE_TRAINED = {
    "dataset": "mnist",
    "architecture": "mlp",
    "width": 3,
    "batch_norm": False,
    "dropout": 0.5,
    "seed": 1,
    "n_classes": 9,
    "train_images": 299,
    "split": "published",
    "permuted_fraction": 0.4,
    "epochs": 4,
    "batch_size": 99,
    "learning_rate": 0.01,
    "momentum": 0.8,
    "device": "cuda",
    "precision": "bfloat16",
    "noise": "inputs",
    "noise_share": 0.3,
    "schedule": "constant",
    "regularizers": "dropout=0.3",
}


def test_every_field_of_training_is_in_its_key(tiny):
    assert {field.name for field in fields(TrainingSpec)} == OTHERWISE_TRAINED.keys()
    noisy = replace(tiny, noise="pixels", noise_share=0.5)
    for name, value in OTHERWISE_TRAINED.items():
        spec = noisy if name.startswith("noise") else tiny
        assert replace(spec, **{name: value}).training_digest != spec.training_digest, name


def test_a_field_at_its_default_is_in_no_digest(tiny):
    """So that a field can be added without another digest for every earlier run."""
    added = {"noise", "noise_share", "schedule", "regularizers", "rewound_images", "epoch_spacing"}
    assert not added & tiny.digested().keys()
    assert {field.name for field in fields(tiny)} - added == tiny.digested().keys()
    assert replace(tiny, schedule="constant").digested().keys() & added == {"schedule"}


@pytest.mark.parametrize("path", sorted(EVIDENCE.glob("**/manifest.json")), ids=lambda path: path.parent.name)
def test_recorded_specifications_keep_their_digests(path):
    about = json.loads(path.read_text())
    if "instruments" not in about["spec"]:
        pytest.skip("recorded before a specification named its instruments: this version cannot make it again")
    assert runspec.from_values(about["spec"]).digest == about["provenance"]["spec_sha256"]


def test_measuring_has_a_key_that_more_networks_leave_alone(tiny):
    assert measuring_key(replace(tiny, n_networks=5, name="another", fitted=0.5)) == measuring_key(tiny)
    for changes in ({"group_images": 7}, {"geometry_points": 9}, {"instruments": ("geometry",)}, {"seed": 9}):
        assert measuring_key(replace(tiny, **changes)) != measuring_key(tiny)


def test_a_new_instrument_leaves_training_alone(tiny):
    reached = {
        path.relative_to(provenance.ROOT).as_posix() for path in provenance._reached(provenance.ROOT / provenance.TRAINING)
    }
    assert "empirical/runs/training_spec.py" in reached
    assert not {path for path in reached if path.startswith(("empirical/instruments/", "empirical/geometry/", "theory/"))}
    assert not reached & {"empirical/runs/runspec.py", "empirical/runs/instruments.py", "empirical/evidence/quantities.py"}
