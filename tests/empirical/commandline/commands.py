"""What the command line says and writes."""

import csv
import subprocess
import sys
from pathlib import Path

from empirical.__main__ import main

ROOT = Path(__file__).parents[3]
# An entry None in sys.modules would do for our own code, and makes scipy.stats fail, which looks at the entry.
WITHOUT_TORCH = """
import sys

class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")

sys.meta_path.insert(0, Absent())
from empirical.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def without_torch(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def error(arguments, capsys) -> str:
    """The one line that a command which fails says."""
    assert main(["measure", *map(str, arguments)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("geomem: ")
    assert said.err.count("\n") == 1
    return said.err
