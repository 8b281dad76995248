"""The page *Judge in your own repository*, run from an installed wheel in a repository that is not this one."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.release]

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "elsewhere.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "own-repository"
# What a wheel is built from.
SOURCES = ("geomem", "theory", "empirical", "verify", "pyproject.toml", "README.md", "LICENSE")
# The folder of the commands of an environment that has the wheel, as `tox -e wheel` sets it; it is built here elsewhere.
INSTALLED = "GEOMEM_INSTALLED"
FILES = dict(re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
COMMANDS = re.findall(r"^```bash\n(.*?)^```(?:\n\n```text\n(.*?)^```)?", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="session")
def commands(tmp_path_factory):
    """The folder of commands of an environment in which the wheel is installed; its dependencies are those of this one."""
    if given := os.environ.get(INSTALLED):
        return Path(given)
    place = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, place / name)
    pip = [sys.executable, "-m", "pip", "-q"]
    subprocess.run([*pip, "wheel", ".", "--no-deps", "-w", "built"], cwd=place, check=True)
    venv.create(place / "venv", with_pip=False)
    folder = Path(sysconfig.get_path("purelib", "venv", {"base": str(place / "venv"), "platbase": str(place / "venv")}))
    # Without the line that leads to this checkout, which is in a file of its own there.
    (folder / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    (wheel,) = (place / "built").glob("geomem-*.whl")
    python = place / "venv" / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--ignore-installed", wheel], check=True)
    (place / "venv" / "bin" / "pytest").write_text(f"#!{python}\nimport pytest\nraise SystemExit(pytest.console_main())\n")
    (place / "venv" / "bin" / "pytest").chmod(0o755)
    return place / "venv" / "bin"


@pytest.fixture
def run(commands, tmp_path):
    """Run a line in an empty repository with those commands; the exit status, and what it printed on both."""
    subprocess.run(["git", "init", "-q", tmp_path / "repository"], check=True)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "160"}
    environment |= {"GEOMEM_CACHE": str(tmp_path / "cache"), "PYTEST_ADDOPTS": "-p no:cacheprovider"}

    def run(line: str) -> tuple[int, str]:
        done = subprocess.run(
            line, shell=True, cwd=tmp_path / "repository", env=environment, capture_output=True, text=True, encoding="utf-8"
        )
        return done.returncode, done.stdout + done.stderr

    run.folder = tmp_path / "repository"
    return run


def test_the_page_shows_the_files_of_the_example():
    assert set(FILES) == {"pyproject.toml", "claims/claim_kept.py", ".github/workflows/gate.yml"}
    for name, text in FILES.items():
        assert text == (EXAMPLE / name).read_text(encoding="utf-8"), name


def test_its_ci_is_ten_lines_and_runs_a_command_of_the_page():
    lines = FILES[".github/workflows/gate.yml"].splitlines()
    assert len(lines) == 10
    assert lines[-1].removeprefix("      - run: ").replace("judge", "judge -q") in "".join(line for line, _ in COMMANDS)


def test_every_step_of_the_page_does_what_stands_beneath_it(run):
    shutil.copytree(EXAMPLE, run.folder, dirs_exist_ok=True)
    for lines, expected in COMMANDS:
        printed = ""
        for line in lines.splitlines():
            status, text = run(line)
            assert status == int("exit status 1" in line), f"{line}\n{text}"
            printed += text
        assert not missing(expected, printed), printed
    ledger = (run.folder / ".geomem" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    version = re.escape(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    assert all(re.fullmatch(rf"{version} \(wheel\) [0-9a-f]{{12}}", json.loads(line)["judge"]) for line in ledger)


# Commands of the checkout, in whose place a wheel has a console script.
OURS = re.compile("python -m (verify|empirical)")


def missing(expected: str, printed: str) -> list[str]:
    """The expected lines that were not printed, each looked for after the one before it; spaces count once."""
    rest, absent = [" ".join(line.split()) for line in printed.splitlines()], []
    for line in (" ".join(line.split()) for line in expected.splitlines() if line != "..."):
        places = [place for place, other in enumerate(rest) if line in other]
        absent += [] if places else [line]
        rest = rest[places[0] + 1 :] if places else rest
    return absent


def test_in_an_empty_folder_the_evidence_of_the_package_is_judged_and_nothing_is_trained(run):
    status, text = run("geomem judge -q --claim S-02 --claim C-00 --require S-02@cifar100-small=SUPPORTED")
    assert status == 0, text
    assert "required S-02@cifar100-small=SUPPORTED: found SUPPORTED" in text
    assert "geomem board --long" in text
    assert not OURS.search(" ".join(text.split())), text
    worlds = {json.loads(line)["world"] for line in (run.folder / ".geomem" / "ledger.jsonl").read_text().splitlines()}
    assert {"theory", "cifar100-small"} <= worlds
    assert not {"digits-live", "digits-mlp-live"} & worlds
    assert not (run.folder.parent / "cache" / "runs").exists()
    status, text = run("pytest -q -p geomem.pytest --pyargs verify --collect-only")
    assert status == 0, text
    assert re.search(r"^\d{3} tests collected", text, re.MULTILINE)


def test_pytest_finds_the_claims_of_the_package_without_the_plugin_but_collects_no_verdicts_with_processes(run):
    status, text = run("pytest -q --pyargs verify -k C-01")
    assert status == 0, text
    assert "ledger: " in text
    status, text = run("pytest -q --pyargs verify -k C-01 -n 1")
    assert status != 0
    assert "with -n the plugin must be named, so that verdicts are collected: pytest -p geomem.pytest" in text


def test_a_wheel_is_never_written_to(run):
    run("geomem judge -q --claim S-02 --world digits-permuted --world cifar100-small")
    for line in ('geomem pin --reason "mine"', "geomem history"):
        status, text = run(line)
        assert (status, text.count("\n")) == (1, 1)
        assert "no file is named to write to: give --" in text
        assert "docs/" not in text


def test_what_a_user_is_told_to_do_can_be_done_with_a_wheel(run):
    status, text = run("geomem list --world resnet18-widths")
    assert status == 0, text
    assert "geomem bundle resnet18-widths --into FOLDER, and judge with --evidence FOLDER" in " ".join(text.split())
    status, text = run("geomem explain qqq")
    assert (status, text) == (1, "geomem: there is no claim qqq; geomem list shows them all\n")
    status, text = run("geomem explain S-18")
    assert status == 0, text
    assert not OURS.search(" ".join(text.split())), text
    assert "verify/" not in text


def test_the_plugin_reports_what_is_wrong_in_one_line(run):
    (run.folder / "claims").mkdir()
    (run.folder / "pyproject.toml").write_text('[tool.geomem]\nclaims = ["claims"]\n')
    (run.folder / "claims" / "claim_bad.py").write_text("import geomem\n\ngeomem.claims\n")
    status, text = run("geomem judge")
    assert status == 4
    assert "claims/claim_bad.py, line 3 cannot be imported: AttributeError" in text
    (run.folder / "pyproject.toml").write_text('[tool.geomem]\nclaim = ["claims"]\n')
    for line in ("geomem list", "pytest -p geomem.pytest"):
        status, text = run(line)
        assert status in (1, 4)
        assert "[tool.geomem]: there is no key claim; known: claims, evidence, deviations, worlds; did you mean claims?" in text
