"""Writes docs/claims.md from the registry and the planted errors: python -m tests.verify.catalogue.page."""

import sys
from pathlib import Path

from tests.verify.calibration import alarm_counts
from tests.verify.catalogue import entries
from tests.verify.planted.comparisons import CHOICE_LEAKED, COMPARED
from tests.verify.planted.drawn import DRAWN
from tests.verify.planted.instruments import CHECKED, LAYERS, MEASURING
from tests.verify.planted.label_errors import LABEL_ERRORS
from tests.verify.planted.slips.every import SLIPS
from tests.verify.planted.slips.twenty import TWENTY
from tests.verify.planted.small_networks import SMALL_NETWORKS
from tests.verify.planted.sweeps import PEAK_LEAKED, SWEEPS
from verify.registry import Claim, load_claims
from verify.report.lookup import in_order
from verify.report.papers import cite

FILE = Path(__file__).parents[3] / "docs" / "claims.md"
# The papers in the order of the page: the one that the project began with, the theory it measures with, and the others by year.
PAPERS = {
    "stephenson2021": "Stephenson et al. 2021",
    "stephenson2021_questions": "Stephenson et al. 2021, open questions",
    "cover1965": "Cover 1965",
    "chung2018": "Chung, Lee & Sompolinsky 2018",
    "cohen2020": "Cohen et al. 2020",
    "wakhloo2023": "Wakhloo, Sussman & Chung 2023",
    "chou2025": "Chou et al. 2025",
    "arpit2017": "Arpit et al. 2017",
    "rolnick2017": "Rolnick et al. 2017",
    "novak2018": "Novak et al. 2018",
    "advani2020": "Advani, Saxe & Sompolinsky 2020",
    "zhang2020": "Zhang et al. 2020",
    "ortizjimenez2021": "Ortiz-Jimenez et al. 2021",
    "wang2022": "Wang & Yang 2022",
    "schneider2022": "Schneider 2022",
    "maini2023": "Maini et al. 2023",
    "ketha2025": "Ketha & Ramaswamy 2025",
    "wang2025": "Wang et al. 2025",
    "liang2025": "Liang et al. 2025",
}
HEAD = """# Claims

A claim is a sentence that can be true or false. This page has {claims} claims of {papers} papers, paper by paper: first all
sentences of the paper, then an entry for each. `python -m tests.verify.catalogue.page` writes the page from the files of the
claims, and a test compares the two. It has no verdicts, because every `pytest verify/` judges again: `python -m verify list`
shows the last ones, and [findings](findings.md) says what they come to.

An entry has the sentence, how it is measured, and then:

- **From**: where in the paper the sentence is, or that it is ours.
- **Rule**: what the evidence must show for SUPPORTED. "Above 0, and not all of its interval is below 0.1" means that the
  interval of the mean over networks lies above 0 and reaches the smallest effect worth arguing about, here 0.1. What is refuted
  and what stays open, and how often either is wrong, is on the page of [verdicts](verdicts.md). Where an effect depends on the
  number of classes it is given for ten.
- **Needs**: the quantities that the claim reads, and of which networks. Quantities are defined in
  [quantities.py](../empirical/evidence/quantities.py), words in the [glossary](glossary.md).
- **Counterfeit**: a world in which the claim is false. It must not come out SUPPORTED there.
- **Planted errors**: errors of ours that were planted in the code and that this claim detects. Those that a test detects are at
  [the end of the page](#planted-errors).

`python -m verify explain S-07` shows the same of one claim, with the layers, the evidence and the last verdict in each world.
"""
PLANTED = """## Planted errors

`tests/verify/planted` plants {} wrong theories, wrong instruments and slips of the code, one at a time. Of these, {} are
detected by a claim and stand in its entry. The table has the others, with the test that detects each. Twenty of the slips were
chosen before any of them was planted; {} of these were detected by the claims and tests of that time.
"""
ALARMS = "## Alarms\n"


def text() -> str:
    """The text of the page."""
    claims = in_order(load_claims().values())
    papers = [(name, short, [one for one in claims if one.paper == name]) for name, short in PAPERS.items()]
    sections = [part for paper in papers for part in _paper(*paper)]
    head = HEAD.format(claims=len(claims), papers=len(papers))
    alarms = [ALARMS, alarm_counts.text(alarm_counts.recorded())]
    return "\n".join([head, *(f"{section}\n" for section in sections), _planted(), *alarms, ""])


def _paper(name: str, short: str, claims: list[Claim]) -> list[str]:
    """The sections of a paper: its citation with a table of sentences, and the entry of each claim."""
    own = [claim for claim in claims if not claim.variant_of]
    rows = [f"| {entries.link(claim.id)} | {_cell(entries.sentence(claim))} |" for claim in own]
    table = "\n".join(["| claim | sentence |", "| --- | --- |", *rows])
    return [f"## {short}\n\n{cite(name)}.\n\n{table}", *(_entry(claim, claims) for claim in claims)]


def _entry(claim: Claim, claims: list[Claim]) -> str:
    if claim.variant_of:
        return entries.variant(claim)
    variants = [other for other in claims if other.variant_of == claim.id]
    return entries.entry(claim, variants, [error for error in _errors() if error.claim == claim.id])


def _errors() -> list:
    return DRAWN + COMPARED + MEASURING + LAYERS + SWEEPS + SMALL_NETWORKS + LABEL_ERRORS + SLIPS


def _planted() -> str:
    """The section of the planted errors, with a table of those that no single claim detects."""
    checked, errors = [*CHECKED, PEAK_LEAKED, CHOICE_LEAKED], _errors()
    rest = [(error.name, error.wrong, _test(error.detector)) for error in errors if not error.claim] + checked
    rows = [f"| {' | '.join(_cell(word) for word in row)} |" for row in rest]
    n_first = sum(error.first == "caught" for error in TWENTY)
    words = PLANTED.format(len(errors) + len(checked), sum(bool(error.claim) for error in errors), n_first)
    return "\n".join([words, "| error | what is wrong | what detects it |", "| --- | --- | --- |", *rows, ""])


def _test(detector: str) -> str:
    """A test in two words, between which a line may be broken."""
    file, _, name = detector.partition("::")
    return f"`{file}` `{name}`"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    sys.exit(0)
