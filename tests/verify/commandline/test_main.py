"""Tests of `python -m verify` as users run it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.verify.conftest import ROOT
from tests.verify.settled_parts import RUNS, files_of_claims
from verify.__main__ import main
from verify.judging.verdicts import Status, Verdict
from verify.registry import load_claims
from verify.report import ledger
from verify.report.ledger import Entry
from verify.report.lookup import in_order
from verify.worlds import world

draws = pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed")


def write_ledger(path, *statuses, evidence=""):
    def entry(id, status):
        verdict = Verdict(status, "why", 0.01, -0.01, 0.03, "accuracy", 10, "networks")
        return Entry(id, "synthetic", verdict, False, "", "words", None, evidence)

    ledger.write(path, [entry(id, status) for id, status in statuses])


def test_every_claim_is_listed_with_its_worlds_and_verdicts(verify, place):
    write_ledger(place / ".geomem" / "ledger.jsonl", ("S-02", Status.REFUTED))
    status, out, _ = verify("list")
    assert status == 0
    assert all(claim.id in out for claim in load_claims().values())
    assert "S-02 with permuted labels, test accuracy peaks and then falls REFUTED ! in synthetic" in out
    assert "S-07.joint S-07 by joint anchors" in out
    assert "limits and dualities no verdict in theory" in out


def shown(**_):
    """What is listed and explained: every claim, and the recorded worlds."""
    return [*files_of_claims(), *map(Path, (*RUNS, "verify/evidence"))]


# The evidence of every world that asks the claim is read.
S_07 = pytest.param(["explain", "S-07"], marks=pytest.mark.settled(of=shown, words=True))


@pytest.mark.parametrize(
    "command",
    [["list"], S_07, ["explain", "C-14"], ["board"], ["board", "--long"], ["board", "--paper", "zhang2020"]],
    ids=" ".join,
)
def test_what_is_printed_fits_into_eighty_columns(place, capsys, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    write_ledger(place / ".geomem" / "ledger.jsonl", *((id, Status.REFUTED) for id in load_claims()))
    assert main(command) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_paper_or_a_world_is_listed_alone(verify):
    assert "S-01" not in verify("list", "--world", "theory")[1]
    assert "C-01" not in verify("list", "--world", "synthetic")[1]
    assert "C-01" not in verify("list", "--paper", "stephenson2021")[1]


def test_a_project_lists_what_its_worlds_judge(verify, place):
    (place / "pyproject.toml").write_text('[tool.geomem]\nworlds = ["synthetic"]\n')
    out = verify("list")[1]
    assert "S-01" in out
    assert "C-01" not in out
    assert "only claims that are judged in the worlds of [tool.geomem]: synthetic; --world NAME lists another" in out
    assert "C-01" in verify("list", "--world", "theory")[1]
    (place / "pyproject.toml").write_text('[tool.geomem]\nworlds = ["synthetik"]\n')
    assert verify("list")[::2] == (1, "geomem: there is no world synthetik; did you mean synthetic?")


def test_claims_are_in_order_of_their_numbers():
    ids = [claim.id for claim in in_order(load_claims().values())]
    assert ids.index("S-03") < ids.index("S-17.batch") < ids.index("S-17.eval") < ids.index("S-19.zero")


def test_a_claim_is_explained(verify):
    status, out, _ = verify("explain", "s-02")
    assert status == 0
    assert "judged by the mean over networks is above 0, and not all of its interval is below 0.02 accuracy" in out
    assert "source remembered, and not compared with the text of Stephenson" in out
    assert "judge it pytest verify/ --claim S-02" in out


def test_a_stem_explains_all_that_continue_it(verify):
    out = verify("explain", "S-17")[1]
    assert "--claim S-17.batch" in out
    assert "--claim S-17.eval" in out


def test_an_id_is_explained_alone_and_its_variants_are_named(verify):
    out = verify("explain", "S-07")[1]
    assert "variants S-07.choices, S-07.independent, S-07.joint, S-07.precision" in out
    assert out.count("judge it") == 1


def test_a_verdict_is_registered_for_its_evidence(verify, place):
    """The evidence that was judged, though other evidence stands in its place now."""
    write_ledger(place / "mine.jsonl", ("S-02", Status.REFUTED), evidence="judged")
    (place / "mine.toml").write_text("")
    given = ("--ledger", "mine.jsonl", "--deviations", "mine.toml", "--reason", "nothing is forgotten")
    status, out, _ = verify("accept", "S-02", *given, "--also", "INCONCLUSIVE")
    assert status == 0
    written = (place / "mine.toml").read_text()
    assert 'accept = ["REFUTED", "INCONCLUSIVE"]' in written
    assert 'evidence = "judged"' in written
    assert " ".join(written.split()) in out


@pytest.mark.slow
@draws
def test_figures_are_drawn_into_the_worlds_folder(verify, place):
    status, out, _ = verify("figures", "synthetic")
    assert status == 0
    assert ".geomem/figures/synthetic/accuracies.svg" in out
    assert "left out geometry.svg: no layer was measured in this world" in out
    assert (place / ".geomem" / "figures" / "synthetic" / "accuracies.svg").is_file()


@pytest.mark.slow
@draws
def test_figures_of_a_bundle_by_its_folder(verify, place):
    assert verify("figures", "evidence/synthetic", "--out", "pictures")[0] == 0
    assert [path.name for path in (place / "pictures").iterdir()] == ["accuracies.svg"]


def test_a_verdict_on_other_evidence_is_accepted_with_its_folder(place, capsys):
    write_ledger(place / ".geomem" / "ledger.jsonl", ("S-02", Status.REFUTED))
    assert main(["accept", "S-02", "--reason", "r"]) == 1
    assert "S-02 in synthetic was judged on other evidence than" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "paper"), [("zhang", "zhang2020"), ("Chung", "chung2018"), ("stephenson2021", "stephenson2021")]
)
def test_a_part_of_a_papers_name_is_enough(verify, text, paper):
    status, out, _ = verify("list", "--paper", text)
    assert status == 0
    assert out.startswith(f"{paper}: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", "S-2"], "there is no claim S-2; did you mean"),
        (["explain", "qqq"], "there is no claim qqq; python -m verify list shows them all"),
        (
            ["list", "--paper", "stephenson"],
            "paper stephenson means stephenson2021 or ",
        ),
        (["list", "--world", "digitz"], "there is no world digitz; known: theory, synthetic"),
        pytest.param(["figures", "digitz"], "there is no world digitz; known: synthetic", marks=draws),
        pytest.param(["figures", "synthetic", "--out", "/dev/null/x"], "give --out a folder you can write to", marks=draws),
        (
            ["accept", "S-02", "--reason", "r"],
            ".geomem/ledger.jsonl has no verdicts; judge the claim first: pytest verify/ --claim S-02",
        ),
        (["accept", "S-17", "--reason", "r"], "name one of them"),
        (["board"], ".geomem/ledger.jsonl has no verdicts; judge the claims first: pytest verify/"),
        (
            ["board", "--paper", "stephenson"],
            "paper stephenson means stephenson2021 or ",
        ),
        (["pin", "--reason", " "], "--reason is empty"),
        (["pin", "--reason", "r", "--claim", "S-17"], "S-17 means S-17.batch, S-17.eval"),
        (["pin", "--reason", "r", "--world", "digitz"], "there is no world digitz; known: theory, synthetic"),
        (["pin", "--reason", "r"], "has no verdicts; judge the claims first"),
        (["list", "--ledger", "evidence/synthetic/manifest.json"], "is not a ledger of this version"),
    ],
)
def test_what_is_wrong_is_one_line(verify, arguments, words):
    status, _, err = verify(*arguments)
    assert status == 1
    assert err.startswith("geomem: ")
    assert words in err


def test_an_evidence_folder_that_is_not_there_is_named(place, capsys):
    assert main(["list", "--evidence", "typo"]) == 1
    assert "--evidence typo is not a folder" in capsys.readouterr().err


@draws
def test_a_live_world_that_was_not_made_says_the_command(verify, monkeypatch):
    monkeypatch.setattr(world, "LIVE", ("digits-live",))
    status, _, err = verify("figures", "digits-live", "--seed", "3")
    assert status == 1
    assert "digits-live has no measurements to draw: python -m empirical bundle digits-live --seed 3" in err


def test_without_matplotlib_the_command_that_installs_it(verify, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    status, _, err = verify("figures", "synthetic")
    assert status == 1
    assert "figures need matplotlib, which is not installed: python -m pip install -e '.[figures]'" in err


@pytest.mark.slow
def test_neither_torch_nor_matplotlib_is_needed_to_read(place):
    commands = "; ".join(f"m.main({command})" for command in (["list"], ["explain", "C-01"]))
    code = f"import sys, verify.__main__ as m; {commands}; sys.exit(bool({{'torch', 'matplotlib'}} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
