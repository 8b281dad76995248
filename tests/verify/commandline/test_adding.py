"""Tests of the page *Add your own claim in 15 lines*: its claims are collected, judged and refuted as the page says."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys

import pytest

from empirical.evidence.bundle import write_bundle
from tests.verify.conftest import ROOT
from tests.verify.synthetic import paper
from verify.judging import error_rates
from verify.judging.verdicts import Status
from verify.registry import CLAIMS, REGISTRY
from verify.report.ledger import read

PAGE = CLAIMS / "README.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def shown(tmp_path):
    """The page's claims by id, imported from files as `pytest verify/` would find them; forgotten afterwards."""
    kept, modules = dict(REGISTRY), []
    REGISTRY.clear()
    for index, block in enumerate(BLOCKS):
        path = tmp_path / f"claim_{index}.py"
        path.write_text(block, encoding="utf-8")
        name = f"verify.claims.shown.claim_{index}"
        spec = importlib.util.spec_from_file_location(name, path)
        modules.append(name)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    yield dict(REGISTRY)
    REGISTRY.clear()
    REGISTRY.update(kept)
    for name in modules:
        del sys.modules[name]


def lines_of_code(source):
    documented = ast.get_docstring(ast.parse(source), clean=False)
    return sum(bool(line.strip()) for line in source.replace(f'"""{documented}"""', "").splitlines())


@pytest.mark.parametrize("block", BLOCKS)
def test_a_claim_is_at_most_15_lines(block):
    assert lines_of_code(block) <= 15


@pytest.mark.settled(reads=["verify/claims/README.md"])
def test_the_claims_are_supported_and_their_counterfeits_are_not(shown, synthetic):
    assert set(shown) == {"X-01", "X-02"}
    runs = synthetic(paper.rows())
    for claim in shown.values():
        given = runs if claim.needs else None
        assert claim.judge(error_rates.of_claim(0, claim.id), given).status == Status.SUPPORTED
        assert claim.judge_counterfeit(error_rates.of_claim(0, claim.id), given).status == Status.REFUTED


def test_the_page_names_every_relation(shown):
    import verify

    relations = set(verify.__all__) - {"Relation", "claim", "given"}
    assert relations <= set(re.findall(r"`(\w+)\(", PAGE.read_text(encoding="utf-8")))


@pytest.mark.slow
def test_a_file_dropped_among_the_claims_is_judged(tmp_path):
    """In a copy of the checkout: nothing but the files is added."""
    for room in ("theory", "empirical", "verify"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "verify" / "claims" / "mine2026").mkdir()
    for index, block in enumerate(BLOCKS):
        (tmp_path / "verify" / "claims" / "mine2026" / f"claim_{index}.py").write_text(block, encoding="utf-8")
    write_bundle(tmp_path / "evidence" / "synthetic", paper.manifest(), paper.rows())
    command = "-m pytest verify/ -k X-0 --evidence evidence --world synthetic --world theory --ledger ledger.jsonl"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *command.split()], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    verdicts = {(entry.id, entry.world): entry.verdict.status for entry in read(tmp_path / "ledger.jsonl")}
    assert verdicts == {("X-01", "synthetic"): Status.SUPPORTED, ("X-02", "theory"): Status.SUPPORTED}
