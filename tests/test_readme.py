"""The README: short, with code that runs and verdicts that are the registered ones."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.printed_blocks import MEASURING
from verify.report import pins
from verify.report.papers import PAPERS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
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


def test_it_names_every_paper_of_which_claims_are_judged():
    papers = README.partition("The papers: ")[2].partition("\n\n")[0].lower().replace("-", "")
    named = [re.fullmatch(r"([a-z]+)(\d{4})(?:_\w+)?", folder) for folder in PAPERS]
    missing = [one[0] for one in named if one and not re.search(rf"{one[1]}\b[^;]*\b{one[2]}\b", papers, re.DOTALL)]
    assert not missing


def test_it_and_the_front_page_lead_to_every_page():
    front = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {path.name for kind in ("*.md", "*.ipynb") for path in (ROOT / "docs").glob(kind)} - {"index.md"}
    assert not {page for page in pages if f"(docs/{page})" not in README}
    assert not {page for page in pages if f"({page})" not in front}


FIRST_AND_NUMBER = {
    "mlp": ("input", 3),
    "resnet": ("input", 4),
    "vit": ("input", 10),
    "bert": ("embeddings.word_embeddings", 10),
}


@pytest.mark.settled(reads=["README.md", "tests/other_networks.py", *MEASURING])
@pytest.mark.needs_torch
@pytest.mark.parametrize("network", FIRST_AND_NUMBER)
def test_its_code_measures_networks_as_people_have_them(network, capsys):
    torch = pytest.importorskip("torch")
    from tests import other_networks

    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    torch.manual_seed(0)
    model, inputs = getattr(other_networks, network)()
    exec(code, {"model": model, "inputs": inputs, "labels": other_networks.LABELS})
    printed = capsys.readouterr().out.splitlines()
    assert (printed[0].split()[0], len(printed)) == FIRST_AND_NUMBER[network]
    unmeasured = [line.split()[0] for line in printed if "nan" in line]
    embeddings = ["embeddings.token_type_embeddings", "embeddings.position_embeddings"]
    assert unmeasured == (embeddings if network == "bert" else [])


@pytest.mark.needs_torch
def test_its_command_is_one_of_the_command_line():
    from empirical.__main__ import parser

    (command,) = re.findall(r"^python -m empirical (measure .*)$", README, re.MULTILINE)
    assert parser().parse_args(command.split()).size == (224, 224)
