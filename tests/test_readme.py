"""The README: short, with code that runs and verdicts that are the registered ones."""

import re
from collections import Counter
from pathlib import Path

import pytest

from verify.report import pins

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
MOST_LINES = 130
ASKED = ("SUPPORTED", "REFUTED", "INCONCLUSIVE")


def found() -> dict[str, Counter]:
    """The pinned statuses of every claim, with the number of worlds."""
    statuses: dict[str, Counter] = {}
    for pin in pins.load(pins.PINS).values():
        statuses.setdefault(pin.id, Counter())[pin.status] += pin.status in ASKED
    return statuses


def rows() -> dict[str, str]:
    """What the README says of each claim in its table, by the claim's id."""
    return dict(re.findall(r"^\| .*\(([A-Z]-\d\d[.\w]*)\) \| (.+) \|$", README, re.MULTILINE))


def test_it_is_short():
    assert len(README.splitlines()) <= MOST_LINES


def test_its_verdicts_are_the_registered_ones():
    assert len(rows()) == 6
    for claim, words in rows().items():
        statuses = found()[claim]
        if counted := re.match(r"SUPPORTED in (\d+) of (\d+)", words):
            assert tuple(map(int, counted.groups())) == (statuses["SUPPORTED"], statuses.total()), claim
        else:
            assert all(statuses[status] for status in ASKED if status in words), claim
        assert ("REFUTED" in words) == bool(statuses["REFUTED"]), claim


@pytest.mark.needs_torch
def test_its_code_measures_a_network(capsys):
    torch = pytest.importorskip("torch")
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
    labels = torch.arange(10).repeat(20)
    exec(code, {"model": model, "images": torch.randn(200, 1, 8, 8), "labels": labels})
    assert len(capsys.readouterr().out.splitlines()) == 3
