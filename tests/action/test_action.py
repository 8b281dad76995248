"""The GitHub action, whose steps are run here one after another with bash; actions that a step uses are left out."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from empirical.evidence.bundle import write_bundle
from tests.verify.report.pages import entry
from tests.verify.synthetic import paper
from tests.verify.test_claim_modules import CLAIM
from verify.judging.verdicts import Status
from verify.report import ledger

# It comes with dask.
yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action" / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step}
# A python that writes down what pip would install.
PYTHON = f"""#!/usr/bin/env bash
if [ "$1 $2" = "-m pip" ]; then echo "$@ $PIP_EXTRA_INDEX_URL" >> "$TOLD"; else exec {shlex.quote(sys.executable)} "$@"; fi
"""


@pytest.fixture
def step(tmp_path):
    """Run a step of the action in a repository of its user; the finished process."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text(PYTHON)
    (tmp_path / "bin" / "python").chmod(0o755)
    (tmp_path / "repository").mkdir()

    def run(name: str, **inputs: str) -> subprocess.CompletedProcess:
        given = {key: one["default"] for key, one in ACTION["inputs"].items()} | inputs
        environment = {key: filled(text, given) for key, text in STEPS[name]["env"].items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
            cwd=tmp_path / "repository",
            env={**os.environ, **environment, **of_the_runner(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def filled(text: str, inputs: dict[str, str]) -> str:
    """A value of ``env`` with the inputs put in."""
    return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], text)


def of_the_runner(folder: Path) -> dict[str, str]:
    return {
        "GITHUB_ACTION_PATH": str(ROOT / "action"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TOLD": str(folder / "told"),
    }


def test_no_script_has_an_input_in_its_text():
    """What a caller writes reaches a script as a variable, never as code; every input is used, and every one used exists."""
    assert not [name for name, one in STEPS.items() if "${{" in one["run"]]
    used = re.findall(r"\$\{\{ inputs\.(\w+) \}\}", str(ACTION["runs"]))
    assert set(used) == set(ACTION["inputs"])


@pytest.mark.parametrize(
    ("inputs", "torch"),
    [
        ({}, True),
        ({"world": "digits-live"}, True),
        ({"world": "cifar100-small digits-live"}, True),
        ({"world": "theory"}, True),
        ({"world": "cifar100-small digits-mlp-widths"}, False),
        ({"world": "mine", "evidence": "kept"}, False),
        ({"world": "cifar100-small", "evidence": "kept"}, True),
    ],
)
def test_torch_is_installed_where_a_world_is_not_recorded(step, tmp_path, inputs, torch):
    (tmp_path / "repository" / "kept" / "mine").mkdir(parents=True)
    assert step("install", **inputs).returncode == 0
    told = (tmp_path / "told").read_text().strip()
    extra, index = ("networks,report", "https://download.pytorch.org/whl/cpu") if torch else ("report", "")
    assert told == f"-m pip install -e {ROOT}[{extra}] -c {ROOT}/constraints.txt {index}".strip()


@pytest.mark.release
@pytest.mark.slow
def test_a_repository_is_judged_and_its_summary_written(step, tmp_path):
    repository = tmp_path / "repository"
    write_bundle(repository / "kept" / "synthetic", paper.manifest(), paper.rows())
    # A folder of the same name as one of ours, which must not be imported.
    (repository / "verify").mkdir()
    (repository / "verify" / "__init__.py").write_text("raise ImportError('of the repository')")
    (repository / "own claims").mkdir()
    (repository / "own claims" / "claim_own.py").write_text(CLAIM.format(id="OWN-01"))
    (repository / "helper.py").write_text("EFFECT = 0.1\n")
    (repository / "pyproject.toml").write_text('[tool.geomem]\nclaims = ["own claims"]\n')
    ledger.write(repository / "before.jsonl", [entry("S-02", "synthetic", Status.REFUTED), entry("S-03", "synthetic")])
    inputs = {
        "world": "synthetic",
        "evidence": "kept",
        "require": "S-02@synthetic=SUPPORTED S-03@synthetic=refuted",
        "against": "before.jsonl",
        "options": "--claim S-02 --claim OWN-01 -p no:cacheprovider",
    }
    judged = step("judge", **inputs)
    assert judged.returncode == 1, judged.stdout
    assert [one.id for one in ledger.read(repository / "geomem-report" / "ledger.jsonl")] == ["OWN-01", "S-02"]
    drawn = step("pages", **inputs)
    assert drawn.returncode == 0, drawn.stderr
    assert "S-02" in (repository / "geomem-report" / "pages" / "index.html").read_text()
    told = step("summarize", **inputs)
    assert told.returncode == 1, told.stderr
    summary = (tmp_path / "summary.md").read_text()
    assert "- required S-02@synthetic=SUPPORTED: found SUPPORTED (" in summary
    assert "- required S-03@synthetic=REFUTED: not judged" in summary
    assert "| S-02 | 1 | 0 | 0 |" in summary
    assert "| S-02 | synthetic | REFUTED | SUPPORTED |" in summary
    assert "### verdicts that are gone: 1" in summary


@pytest.mark.slow
def test_what_cannot_be_judged_is_in_the_summary(step, tmp_path):
    assert step("judge", world="digitz").returncode == 4
    assert step("pages", world="digitz").returncode == 0
    assert step("summarize", world="digitz").returncode == 0
    assert "--world: there is no world digitz" in (tmp_path / "summary.md").read_text()


def test_an_earlier_ledger_that_is_not_there_stops_the_run(step):
    done = step("judge", against="nothing.jsonl")
    assert done.returncode != 0
    assert "nothing.jsonl" in done.stderr
    assert "collected" not in done.stdout
