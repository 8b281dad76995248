"""The arrows between the rooms: who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {"theory", "empirical", "verify", "tests"}
ALLOWED = {"theory": {"theory"}, "empirical": {"empirical"}, "verify": {"theory", "empirical", "verify"}, "tests": ROOMS}
# The one door from empirical to theory: the measuring instrument.
DOORS = {"empirical/geometry/layers.py": {"theory"}}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_where_its_arrows_point(path):
    inside = path.relative_to(ROOT)
    allowed = ALLOWED[inside.parts[0]] | DOORS.get(inside.as_posix(), set())
    assert imported(path) & ROOMS <= allowed


@pytest.mark.parametrize("path", [p for p in FILES if p.is_relative_to(ROOT / "theory")], ids=lambda path: path.name)
def test_theory_never_names_torch(path):
    assert not imported(path) & {"torch", "safetensors", "sklearn"}


@pytest.mark.parametrize(
    "module",
    [
        "theory.capacity.balls",
        "theory.learning.permuted_gradient",
        "empirical.separability.points_and_balls",
        "empirical.evidence.bundle",
        "verify.worlds.world",
        "verify",
    ],
)
def test_judging_does_not_load_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
