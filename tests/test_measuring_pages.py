"""The pages on tables of layers and on point clouds: their code runs, block after block, and prints what stands beneath it."""

import re
import warnings
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def printed(page: str, capsys) -> list[tuple[str, str]]:
    """What each block of a page should print, and what it prints."""
    names, found = {}, []
    for code, expected in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        exec(code, names)
        found.append((expected, capsys.readouterr().out))
    return found


def agree(expected: str, real: str) -> None:
    """The words are the same; other processors round otherwise, and train another network."""
    assert words(real) == words(expected)
    for one, other in zip(NUMBER.findall(real), NUMBER.findall(expected), strict=True):
        assert float(one) == pytest.approx(float(other), rel=0.5, abs=0.1)


def words(text: str) -> list[str]:
    """The words without numbers, without lines of tables, and without what hangs on a number's size."""
    return re.findall(r"[A-Za-z]+", re.sub(r"(more than|within) two errors.*", "", NUMBER.sub("", text)))


@pytest.mark.slow
@pytest.mark.needs_torch
def test_the_code_on_tables_of_layers(capsys, monkeypatch, tmp_path):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for expected, real in printed("layer-tables.md", capsys):
        agree(expected, real)
    assert {path.name for path in tmp_path.iterdir()} == {"trained.json", "trained.csv", "layers.png"}


@pytest.mark.slow
def test_the_code_on_point_clouds(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for expected, real in printed("point-clouds.md", capsys):
            agree(expected, real)
