"""The page of examples: its code runs on networks as people have them, and prints what stands beneath it."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.printed_blocks import MEASURING, agree, blocks

pytest.importorskip("torch")
pytest.importorskip("transformers", reason="transformers is not installed: pip install -e '.[tests]' -c constraints.txt")
image = pytest.importorskip("PIL.Image")

PAGE = (Path(__file__).parents[1] / "docs" / "own-networks.md").read_text(encoding="utf-8")
pytestmark = [pytest.mark.settled(reads=["docs/own-networks.md", *MEASURING]), pytest.mark.needs_torch]


def scripts() -> dict[str, str]:
    """The blocks that are files, by the name in their first line."""
    return dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL))


def examples() -> list[tuple[str, str]]:
    """The other blocks of Python, each with the lines beneath it."""
    return [(code, expected) for code, expected in blocks(PAGE) if not re.match(r"# \w+\.py\n", code)]


def test_its_examples_print_what_stands_beneath_them(capsys):
    assert len(examples()) == len(blocks(PAGE)) - len(scripts()) == 3
    names = {}
    for code, expected in examples():
        assert expected
        exec(code, names)
        agree(capsys.readouterr().out, expected)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The files that the command of the page needs."""
    torch, datasets = pytest.importorskip("torch"), pytest.importorskip("sklearn.datasets")
    for name, text in scripts().items():
        (tmp_path / name).write_text(text)
    names = {"__name__": "net"}
    torch.manual_seed(0)
    exec(scripts()["net.py"], names)
    torch.save(names["build"]().state_dict(), tmp_path / "net.pt")
    digits = datasets.load_digits()
    for label in range(10):
        (tmp_path / "photos" / str(label)).mkdir(parents=True)
        for place in np.flatnonzero(digits.target == label)[:40]:
            picture = image.fromarray((digits.images[place] * 15).astype(np.uint8))
            picture.save(tmp_path / "photos" / str(label) / f"{place}.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def test_its_command_prints_what_stands_beneath_it(project, capsys):
    from empirical.__main__ import main

    ((command, expected),) = re.findall(r"```bash\npython -m empirical (.*?)\n```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert main(command.split()) == 0
    printed = capsys.readouterr().out
    wanted = expected.splitlines()[:-1]
    assert [line.rstrip() for line in printed.splitlines()[: len(wanted)]] == wanted
    assert len((project / "layers.csv").read_text().splitlines()) == 1 + 4


def test_its_options_are_those_of_the_command():
    from empirical.__main__ import parser

    rows = re.findall(r"^\| (`.*?) \| .* \|$", PAGE, re.MULTILINE)
    told = {option for row in rows for option in re.findall(r"--[\w-]+", row)}
    known = set(re.findall(r"--[\w-]+", parser()._subparsers._group_actions[0].choices["measure"].format_help()))
    assert told <= known
    # The rest are of runs and checkpoints.
    assert known - told == {"--help", "--cache", "--workers", "--run"}
