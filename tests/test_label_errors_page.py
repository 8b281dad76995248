"""The page on wrong labels: its loop runs, and finds what it says."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "label-errors.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_its_loop_finds_exchanged_labels(tmp_path, monkeypatch, capsys):
    pytest.importorskip("sklearn")
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    found = dict(re.findall(r"by (\w+): (\d+) of the 30 most suspicious labels are wrong", capsys.readouterr().out))
    assert found.keys() == {"loss", "geometry"}
    assert min(map(int, found.values())) >= 20
    assert len((tmp_path / "label-errors.csv").read_text().splitlines()) == 1798


def test_its_commands_are_those_of_the_command_line():
    from empirical.__main__ import parser

    commands = re.findall(r"^python -m empirical (.*?)(?:\s+#.*)?$", PAGE, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        assert parser().parse_args(command.split()).into
