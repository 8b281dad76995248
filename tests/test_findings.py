"""The findings: every count of verdicts, and every number of the table of signs, is the registered one."""

import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from verify.judging.verdicts import Status
from verify.report import pins
from verify.report.sentences import SENTENCES, outcomes

PAGE = (Path(__file__).parents[1] / "docs" / "findings.md").read_text(encoding="utf-8")
PINNED = pins.load(pins.PINS)
ASKED = ("SUPPORTED", "REFUTED", "INCONCLUSIVE")
# The part of each claim whose number the table of signs has.
SIGNS = {
    "S-07": "gain of deep layers",
    "S-09": "radius lost, deep layers",
    "S-12": "permuted over restored, deep layers",
    "S-13.suffix": "deep layers together",
    "S-13.prefix": "",
    "M-01": "",
}


def counts(claim: str) -> tuple[int, ...]:
    """The number of worlds of each status, in the order of ASKED."""
    found = Counter(pin.status for pin in PINNED.values() if pin.id == claim)
    return tuple(found[status] for status in ASKED)


def cell(claim: str, world: str) -> str:
    pin = next(pin for pin in PINNED.values() if (pin.id, pin.world) == (claim, world))
    numbers = [f" {level.value:+.2f} ({level.se:.2f})" for level in pin.numbers if level.about == SIGNS[claim]]
    return pin.status + "".join(numbers[:1])


def test_the_sentences_of_the_abstract_have_the_registered_verdicts():
    entries = [
        SimpleNamespace(id=pin.id, world=pin.world, verdict=SimpleNamespace(status=Status[pin.status.replace(" ", "_")]))
        for pin in PINNED.values()
    ]
    for words, outcome in outcomes(entries).items():
        numbers = " | ".join(str(len(worlds)) for worlds in (outcome.holds, outcome.against, outcome.unclear))
        assert f"| {words} | {', '.join(SENTENCES[words])} | {numbers} |" in PAGE, words


@pytest.mark.parametrize("row", re.findall(r"^\| ([A-Z]-\d\d[.\w]*) \|.*?\| (\d+) \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE))
def test_a_row_of_a_table_of_verdicts_has_the_registered_counts(row):
    assert tuple(map(int, row[1:])) == counts(row[0])


def test_claims_counted_in_prose_have_the_registered_counts():
    found = re.findall(r"([A-Z]-\d\d[.\w]*) is SUPPORTED in\s(\d+)\sof\s(\d+)", PAGE)
    assert found
    assert all((int(n), int(total)) == (counts(claim)[0], sum(counts(claim))) for claim, n, total in found)


@pytest.mark.parametrize("row", re.findall(r"^\| `([\w-]+)` \| [\d.]+ \| (.+) \|$", PAGE, re.MULTILINE))
def test_a_row_of_the_table_of_signs_has_the_registered_numbers(row):
    assert row[1].split(" | ") == [cell(claim, row[0]) for claim in SIGNS]
