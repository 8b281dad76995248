"""What the command line says and writes."""

import csv
import subprocess
import sys
from pathlib import Path

from empirical.__main__ import main

ROOT = Path(__file__).parents[3]


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def without_torch(*arguments) -> subprocess.CompletedProcess:
    code = "import sys; sys.modules['torch'] = None; from empirical.__main__ import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def error(arguments, capsys) -> str:
    """The one line that a command which fails says."""
    assert main(["measure", *map(str, arguments)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("geomem: ")
    assert said.err.count("\n") == 1
    return said.err
