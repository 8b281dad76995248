"""A small ledger of claims that exist, its pages, and what they link to."""

import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from empirical.evidence.bundle import write_bundle
from tests.verify.report.pages import entry, measured
from tests.verify.synthetic import paper
from verify.judging.verdicts import Status, Verdict
from verify.registry import THEORY
from verify.report import ledger
from verify.report.ledger import Entry

ATTACK = "<script>alert('x')</script>"
VALUES = (0.41, 0.47, 0.5, 0.55, 0.58)


class Page(HTMLParser):
    """The links, sources and fragments of a page, its scripts and its text."""

    def __init__(self, text: str):
        super().__init__()
        self.links, self.fragments, self.tags, self.text = [], set(), [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.links += [found[name] for name in ("href", "src") if name in found]
        self.fragments |= {found["id"]} if "id" in found else set()

    def handle_data(self, data):
        self.text += data


def entries(evidence: str = "") -> list[Entry]:
    """Verdicts of every kind, with layers, parts, a reason that would be markup, and a claim that draws its examples."""
    layers = tuple(measured(value, about=name, values=VALUES) for name, value in (("fc1", 0.4), ("fc2", 0.6)))
    deep = measured(about="gain of deep layers", effect=0.1, rule="direction", alarm=1e-3, false_support=0.01)
    deep = replace(deep, values=VALUES, layers=layers)
    slope = measured(0.02, about="gain per layer", unit="accuracy/layer")
    drawn = Verdict(Status.SUPPORTED, "exact", 1e-12, unit="relative", n=9, counted="comparisons", rule="identity", examples=2)
    many = replace(drawn, parts=(replace(drawn, where="n=3"), replace(drawn, where="n=4")))
    fake = measured(-0.3, Status.REFUTED)
    open_ = measured(0.01, Status.INCONCLUSIVE, leans="SUPPORTED", needed=20)
    return [
        entry("S-07", "synthetic", verdict=[deep, slope], counterfeit=fake, judge="0.1.0 abc", evidence=evidence),
        entry("S-02", "synthetic", verdict=replace(open_, reason=f"leans {ATTACK}"), judge="0.1.0 abc"),
        entry("S-05", "synthetic", status=Status.REFUTED, accepted=False, objection=f"moved {ATTACK}", judge="0.1.0 abc"),
        entry("S-06", "synthetic", verdict=Verdict(Status.NOT_ASKED, "not fitted"), judge="0.1.0 abc"),
        entry("C-01", THEORY, verdict=many, judge="0.1.0 abc"),
        entry("gone", "synthetic", judge="0.1.0 abc"),
    ]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to be in, with a recorded synthetic world in ``evidence`` and its verdicts in ``ledger.jsonl``."""
    monkeypatch.chdir(tmp_path)
    write_bundle(tmp_path / "evidence" / "synthetic", paper.manifest(), paper.rows())
    ledger.write(tmp_path / "ledger.jsonl", entries())
    return tmp_path


@pytest.fixture(scope="session")
def chromium():
    """The program of a browser."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no chromium is installed, which these tests drive: apt-get install chromium")
    return program
