"""The quickstart: its commands and its code run, and print what stands beneath them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
QUICKSTART = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
LEFT_OUT = "..."
# The width of the page, on which the wrapping of what is printed depends.
COLUMNS = "100"
NUMBER = re.compile(r"\d+\.\d+")
# What is linked into the folder in which the commands run, so that they leave nothing in the repository.
ROOMS = ("theory", "empirical", "verify", "pyproject.toml")


def blocks(language: str) -> list[tuple[str, list[str]]]:
    """The code blocks of a language, each with the lines that stand beneath it as its output."""
    found = re.findall(rf"^```{language}\n(.*?)^```\n\n```text\n(.*?)^```", QUICKSTART, re.DOTALL | re.MULTILINE)
    assert len(found) == QUICKSTART.count(f"```{language}\n")
    return [(code, [line for line in output.splitlines() if line != LEFT_OUT]) for code, output in found]


def missing(expected: list[str], printed: str) -> list[str]:
    """The expected lines that were not printed, each looked for after the one before it."""
    rest, absent = [line.strip() for line in printed.splitlines()], []
    for line in expected:
        places = [place for place, other in enumerate(rest) if line.strip() in other]
        absent += [] if places else [line]
        rest = rest[places[0] + 1 :] if places else rest
    return absent


@pytest.mark.release
@pytest.mark.slow
def test_its_commands_print_what_stands_beneath_them(tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("jinja2")
    for name in ROOMS:
        (tmp_path / name).symlink_to(ROOT / name)
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "COLUMNS": COLUMNS, "PATH": scripts, "PYTHONPATH": str(tmp_path)}
    for commands, expected in blocks("bash"):
        done = subprocess.run(
            commands, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert not missing(expected, done.stdout), done.stdout


@pytest.mark.release
@pytest.mark.slow
@pytest.mark.needs_torch
def test_its_network_has_the_geometry_that_stands_beneath_it(capsys):
    pytest.importorskip("torch")
    ((code, expected),) = blocks("python")
    exec(code, {})
    printed = capsys.readouterr().out.splitlines()
    assert [NUMBER.sub("", line) for line in printed] == [NUMBER.sub("", line) for line in expected]
    # Other processors round otherwise, and train another network.
    for line, other in zip(printed, expected, strict=True):
        assert list(map(float, NUMBER.findall(line))) == pytest.approx(list(map(float, NUMBER.findall(other))), rel=0.2)
