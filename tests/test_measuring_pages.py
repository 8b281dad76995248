"""The pages on tables of layers and on point clouds: their code runs, block after block, and prints what stands beneath it."""

import warnings
from pathlib import Path

import pytest

from tests.printed_blocks import MEASURING, agree, blocks

DOCS = Path(__file__).parents[1] / "docs"


def require_printed(page: str, capsys) -> None:
    """Every block of a page prints what stands beneath it, and all that is printed on the page stands beneath a block."""
    text, names = (DOCS / page).read_text(encoding="utf-8"), {}
    assert sum(bool(expected) for _, expected in blocks(text)) == text.count("```text") > 0
    for code, expected in blocks(text):
        exec(code, names)
        agree(capsys.readouterr().out, expected)


@pytest.mark.settled(reads=["docs/layer-tables.md", *MEASURING])
@pytest.mark.needs_torch
def test_the_code_on_tables_of_layers(capsys, monkeypatch, tmp_path):
    pytest.importorskip("sklearn")
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    require_printed("layer-tables.md", capsys)
    assert {path.name for path in tmp_path.iterdir()} == {"trained.json", "trained.csv", "layers.png"}


@pytest.mark.settled(reads=["docs/point-clouds.md", *MEASURING])
def test_the_code_on_point_clouds(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        require_printed("point-clouds.md", capsys)
