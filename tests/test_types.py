"""Types, which pyright checks beside the other tests, when any source changes."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def sources() -> list[Path]:
    """The files that pyright checks."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pyright"]
    return [path for room in settings["include"] for path in sorted((ROOT / room).rglob("*.py"))]


# A comment may be an instruction to pyright.
@pytest.mark.settled(of=sources, reads=["pyproject.toml"], words=True)
def test_pyright_finds_no_error():
    pytest.importorskip("pyright")
    done = subprocess.run([sys.executable, "-m", "pyright"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
