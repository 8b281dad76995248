import ast
import json
from dataclasses import replace

import pytest

from empirical.runs import provenance
from empirical.storage import CACHE_VARIABLE
from verify.checking import kept_verdicts
from verify.judging import error_rates
from verify.judging.verdicts import Status, Verdict
from verify.registry import CLAIMS, SUPPORTED_ONLY, load_claims

CHANCE = error_rates.of_claim(0, "C-01")
FOUND = Verdict(Status.SUPPORTED, "rule", value=0.1, parts=(Verdict(Status.SUPPORTED, "part", values=(1.0, 2.0)),))


@pytest.fixture
def claim():
    return load_claims()["C-01"]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def judged():
    """A judge that counts its calls."""

    class Judge:
        calls, verdict = 0, FOUND

        def __call__(self):
            self.calls += 1
            return self.verdict

    return Judge()


def ask(claim, judge, chance=CHANCE, accept=SUPPORTED_ONLY, said=None):
    return kept_verdicts.kept_or_judged(claim, chance, accept, judge, [].append if said is None else said.append)


def test_a_verdict_is_read_the_second_time_to_the_last_digit(claim, cache, judged):
    assert ask(claim, judged) == (FOUND, False)
    assert ask(claim, judged) == (FOUND, True)
    assert judged.calls == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"chance": CHANCE.named("again")},
        {"chance": error_rates.of_claim(1, "C-01")},
        {"chance": replace(CHANCE, alarm=1e-4)},
        {"accept": frozenset({Status.REFUTED, Status.SUPPORTED})},
    ],
)
def test_another_seed_rate_or_accepted_verdict_is_judged_anew(claim, cache, judged, changed):
    ask(claim, judged)
    assert not ask(claim, judged, **changed)[1]


@pytest.mark.parametrize("name", ["sources", "machine"])
def test_other_sources_versions_or_processors_are_judged_anew(claim, cache, judged, name, monkeypatch):
    ask(claim, judged)
    monkeypatch.setattr(provenance, name, lambda *_: {"other": "now"})
    assert not ask(claim, judged)[1]


@pytest.mark.parametrize("name", kept_verdicts.THREADS)
def test_another_number_of_threads_is_judged_anew(claim, cache, judged, name, monkeypatch):
    ask(claim, judged)
    monkeypatch.setenv(name, "7")
    assert not ask(claim, judged)[1]


def test_nothing_is_kept_once_a_source_is_edited(claim, cache, judged, monkeypatch):
    edited, (path, at) = kept_verdicts._edited(), next(iter(kept_verdicts.AT_START.items()))
    monkeypatch.setattr(kept_verdicts, "_edited", lambda: edited | {path: at + 1})
    ask(claim, judged)
    monkeypatch.undo()
    monkeypatch.setenv(CACHE_VARIABLE, str(cache))
    assert not ask(claim, judged)[1]
    assert ask(claim, judged)[1]


# Modules that are found by their names when the program runs. No claim asks for the lazy names of a package, as the test below
# says; the registry finds claims; counterfeits, whose verdicts are not kept, find the formulas that they replace.
BY_NAME = {"empirical/geometry/__init__.py", "verify/registry.py", "verify/counterfeits/of_theory.py"}
BY_TEXT = {"import_module", "importlib.import_module", "importlib.util.spec_from_file_location", "__import__", "exec", "eval"}


def hidden(tree):
    """What a file imports and its imports do not show: modules by text, relative modules, lazy names of a package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in BY_TEXT:
            yield ast.unparse(node)
        if isinstance(node, ast.ImportFrom):
            package = provenance._file(str(node.module))
            lazy = package and package.name == "__init__.py" and "def __getattr__" in package.read_text(encoding="utf-8")
            names = [alias.name for alias in node.names if not provenance._file(f"{node.module}.{alias.name}")]
            if node.level or (lazy and names):
                yield ast.unparse(node)


@pytest.mark.slow
def test_no_import_of_a_claim_escapes_its_sources():
    reached = set().union(*map(provenance._reached, CLAIMS.glob("*/claim_*.py")))
    assert len(reached) > 300
    escaped = {
        path.relative_to(provenance.ROOT).as_posix(): found
        for path in reached
        if (found := list(hidden(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert escaped.keys() == BY_NAME


@pytest.mark.parametrize(
    "line",
    [
        "def f():\n    import importlib\n    importlib.import_module('theory.capacity.balls')",
        "def f():\n    from empirical.geometry import layer_geometry",
        "from . import balls",
    ],
)
def test_an_import_that_escapes_is_found(line):
    assert list(hidden(ast.parse(line)))
    assert not list(hidden(ast.parse("def f():\n    from empirical.geometry import layers")))


def test_every_source_that_a_claim_runs_through_is_watched():
    reached = provenance._reached(provenance.ROOT / "verify/claims/stephenson2021_questions/claim_q04.py")
    assert reached <= kept_verdicts.AT_START.keys()


def test_the_sources_of_a_claim_include_theory_measurement_and_judgement():
    reached = provenance._reached(provenance.ROOT / "verify/claims/stephenson2021_questions/claim_q04.py")
    names = {path.relative_to(provenance.ROOT).as_posix() for path in reached}
    assert {
        "theory/kernels/output_gaps.py",
        "empirical/toy_models/labelled_networks.py",
        "verify/judging/mean_tests.py",
        "verify/judging/drawn_examples.py",
        "verify/strategies/mislabeled.py",
    } <= names


@pytest.mark.parametrize("status", [Status.BROKEN, Status.UNTESTED])
def test_what_was_not_judged_is_not_kept(claim, cache, judged, status):
    judged.verdict = Verdict(status, "no torch")
    ask(claim, judged)
    assert not ask(claim, judged)[1]


def test_claims_of_other_repositories_are_judged_each_time(claim, cache, judged):
    def elsewhere():
        """Its file is not one of our claims'."""

    own = replace(claim, function=elsewhere)
    ask(own, judged)
    assert not ask(own, judged)[1]


@pytest.mark.parametrize("damage", ["", "{", json.dumps({"status": "SUPPORTED"}), json.dumps([1]), "\xff"])
def test_a_damaged_file_is_judged_anew_and_mended(claim, cache, judged, damage):
    ask(claim, judged)
    (file,) = (cache / "verdicts").iterdir()
    file.write_bytes(damage.encode("latin-1"))
    assert ask(claim, judged) == (FOUND, False)
    assert ask(claim, judged) == (FOUND, True)


def test_an_edited_verdict_is_not_believed_and_a_line_says_so(claim, cache, judged):
    said = []
    ask(claim, judged, said=said)
    (file,) = (cache / "verdicts").iterdir()
    file.write_text(file.read_text().replace('"value": 0.1', '"value": 0.2'))
    assert ask(claim, judged, said=said) == (FOUND, False)
    assert said == [f"{file} is damaged, and C-01 is judged again"]


def test_without_a_cache_claims_are_judged_each_time(claim, monkeypatch, judged):
    monkeypatch.setenv(CACHE_VARIABLE, "/dev/null/cache")
    ask(claim, judged)
    assert ask(claim, judged) == (FOUND, False)
