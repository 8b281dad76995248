"""The house: which room and which folder may import which, and that no imports go round in a circle."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {"theory", "empirical", "verify", "geomem", "tests"}
ALLOWED = {
    "theory": {"theory"},
    "empirical": {"empirical"},
    "verify": {"theory", "empirical", "verify"},
    "geomem": {"theory", "empirical", "verify", "geomem"},
    "tests": ROOMS,
}
# The doors from empirical to theory: the measuring instrument.
DOORS = {f"empirical/geometry/{name}.py": {"theory"} for name in ("measures", "layer_rows")}
# What each folder of a room may import besides itself. Files of the room itself stand here by their names.
_DATA = {"errors", "storage", "data"}
_RUNS = {*_DATA, "runs"}
_TRAINED = {*_RUNS, "evidence", "training", "networks", "activations", "layer_tables", "separability"}
_JUDGED = {"judging", "registry", "measurements"}
_WORLDS = {*_JUDGED, "written_commands", "worlds", "figures"}
_GATED = {*_WORLDS, "report", "gate"}
FOLDERS = {
    "theory": {
        "numerics": set(),
        "geometry": {"numerics"},
        "kernels": {"numerics"},
        "learning": {"numerics", "kernels"},
        "identity": {"numerics"},
        "descent": {"numerics"},
        "capacity": {"numerics", "geometry"},
    },
    "empirical": {
        "errors": set(),
        "installation": set(),
        "pipes": set(),
        "storage": {"errors"},
        "pages": {"errors", "storage"},
        "data": {"errors", "storage"},
        "networks": {"errors"},
        "separability": {"errors"},
        "adversarial": {"errors", "data"},
        "toy_models": {"errors", "networks", "separability"},
        "runs": {*_DATA, "installation"},
        "evidence": _RUNS,
        "training": {*_RUNS, "networks"},
        "activations": {*_RUNS, "evidence", "networks"},
        "layer_tables": {*_RUNS, "evidence"},
        "geometry": _TRAINED,
        "label_errors": {"errors", "storage", "pages", "data", "training", "networks"},
        "instruments": {*_TRAINED, "geometry", "adversarial", "label_errors"},
        "pipeline": {*_TRAINED, "geometry", "instruments"},
        "identity": {*_RUNS, "evidence", "toy_models", "separability"},
        "commands": {*_TRAINED, "pipeline", "identity", "label_errors"},
        "__main__": {"errors", "pipes", "data", "pipeline", "label_errors", "commands"},
    },
    "verify": {
        "judging": set(),
        "written_commands": set(),
        "registry": {"judging", "measurements"},
        "strategies": {"judging"},
        "measurements": {"judging"},
        "counterfeits": _JUDGED,
        "figures": {*_JUDGED, "strategies"},
        "worlds": {*_JUDGED, "written_commands"},
        "claims": {*_JUDGED, "counterfeits", "strategies"},
        "report": _WORLDS,
        "gate": {*_WORLDS, "report"},
        "site": {*_WORLDS, "report"},
        "project": _WORLDS,
        "claim_modules": {*_WORLDS, "project"},
        "commands": {*_WORLDS, "report", "gate", "site", "project", "claim_modules"},
        "__main__": {*_WORLDS, "report", "site", "project", "commands"},
        "checking": {*_GATED, "project", "claim_modules"},
        "plugin": {*_GATED, "claim_modules", "checking"},
        "conftest": {"checking", "plugin"},
        # The face of the room: the words that a claim is written with.
        "__init__": {"judging", "registry"},
    },
    # What other repositories use; its rooms are imported on first use.
    "geomem": {"pytest": set(), "judge": set(), "__main__": set(), "__init__": set()},
}
MOST_FILES = 15
# Where statements stand within a statement; no expression has an import.
BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
INSIDE = [path for path in FILES if not path.is_relative_to(ROOT / "tests")]
IN_FOLDERS = [path for path in INSIDE if path.parent.parent != ROOT or path.name != "__init__.py"]


@cache
def imported(path: Path) -> frozenset[str]:
    """Names of modules that a file imports when it runs, and of what it imports from them."""
    names = set()
    waiting = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            waiting += [statement for block in BLOCKS for statement in getattr(node, block, ())]
    return frozenset(names)


@cache
def imported_files(path: Path) -> frozenset[Path]:
    """The files of the rooms behind these names; a package is its ``__init__.py``."""
    found = set()
    for name in imported(path):
        base = ROOT.joinpath(*name.split("."))
        found |= {file for file in (base.with_suffix(".py"), base / "__init__.py") if file.is_file() and file != path}
    return frozenset(found)


def folder(path: Path) -> str:
    """The folder of a room that a file is in; its own name where it is in the room itself."""
    inside = path.relative_to(ROOT).parts
    return inside[1] if len(inside) > 2 else path.stem


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def breaches(path: Path) -> list[str]:
    """The imports of a file that go against the table of folders, each with the arrow that it breaks."""
    room, own = path.relative_to(ROOT).parts[0], folder(path)
    allowed = FOLDERS[room].get(own)
    if allowed is None:
        return [f"{name(path)}: {room}/{own} is not in the table FOLDERS of {name(Path(__file__))}"]
    found = []
    for file in sorted(imported_files(path)):
        other = folder(file)
        # The room's own __init__.py is its docstring, and in verify what claims are written with.
        of_room = other == "__init__" and (room != "verify" or own in ("claims", "registry", "figures"))
        if file.relative_to(ROOT).parts[0] == room and other != own and other not in allowed and not of_room:
            arrows = ", ".join(sorted(allowed)) or "no other folder"
            found.append(f"{name(path)} imports {name(file)}: {room}/{own} may import {arrows}, not {other}")
    return found


def circles(files) -> list[str]:
    """The first circle of imports among the files, as their names in order."""
    graph = {name(path): {name(file) for file in imported_files(path)} for path in files}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def strays(path: Path) -> list[str]:
    """The imports of a file from rooms to which its room has no arrow."""
    inside = path.relative_to(ROOT)
    allowed = ALLOWED[inside.parts[0]] | DOORS.get(inside.as_posix(), set())
    others = {module for module in imported(path) if module.split(".")[0] in ROOMS - allowed}
    return [
        f"{inside} imports {module}: {inside.parts[0]} may import {', '.join(sorted(allowed))}" for module in sorted(others)
    ]


def within(room: str, files) -> list[Path]:
    """Those of the files that are in a room, which has some."""
    found = [path for path in files if path.is_relative_to(ROOT / room)]
    assert found
    return found


@pytest.mark.slow
@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_where_its_arrows_point(room):
    assert not (found := [stray for path in within(room, FILES) for stray in strays(path)]), "\n".join(found)


@pytest.mark.parametrize("room", sorted(FOLDERS))
def test_a_folder_imports_only_folders_to_its_left(room):
    files = [path for path in within(room, INSIDE) if path.name != "__init__.py" or folder(path) != "__init__"]
    assert not (found := [breach for path in files for breach in breaches(path)]), "\n".join(found)


def test_no_files_import_each_other_in_a_circle():
    assert not (found := circles(INSIDE)), " imports ".join(found)


def test_no_folder_has_more_files_than_a_reader_surveys():
    counted = {}
    for path in INSIDE:
        counted[path.parent] = counted.get(path.parent, 0) + (path.name != "__init__.py")
    many = {name(path): n for path, n in counted.items() if n > MOST_FILES and "claims" not in path.parts}
    assert not many


def test_every_folder_says_what_it_is_for_and_names_its_files():
    """In reading order; the claims are found by their ids, and runs by their names."""
    for path in INSIDE:
        if path.name == "__init__.py" and path.parent.parent != ROOT:
            told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            files = {file.stem for file in path.parent.glob("*.py")} - {"__init__"}
            assert not (missing := [file for file in sorted(files) if file not in told]), f"{name(path)} leaves out {missing}"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A room of two folders, written by the test."""
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    monkeypatch.setitem(FOLDERS, "theory", {"left": set(), "right": {"left"}})

    def build(**files) -> list[Path]:
        paths = []
        for module, text in files.items():
            path = tmp_path / "theory" / f"{module.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            paths.append(path)
        return paths

    yield build
    imported.cache_clear()
    imported_files.cache_clear()


def test_an_import_to_the_right_is_told_with_its_arrow(house):
    left, right = house(left__a="from theory.right import b", right__b="from theory.left.a import x")
    monkeyed = breaches(left)
    assert len(monkeyed) == 1
    assert "theory/left/a.py imports theory/right/b.py: theory/left may import no other folder, not right" in monkeyed[0]
    assert breaches(right) == []


def test_a_circle_is_told_in_order(house):
    assert circles(house(left__a="import theory.left.b", left__b="import theory.left.c", left__c="x = 1")) == []
    imported.cache_clear()
    imported_files.cache_clear()
    found = circles(house(left__a="import theory.left.b", left__b="import theory.left.a"))
    assert set(found) == {"theory/left/a.py", "theory/left/b.py"}


def test_theory_never_names_torch():
    packages = {"torch", "safetensors", "sklearn"}
    found = {name(path): names for path in within("theory", FILES) if (names := packages & roots(imported(path)))}
    assert not found


def roots(modules) -> set[str]:
    """The packages of modules."""
    return {module.split(".")[0] for module in modules}


# What judges, and what is read, written or fitted beside networks.
WITHOUT_TORCH = (
    "theory.capacity.balls",
    "theory.learning.permuted_gradient",
    "empirical.separability.points_and_balls",
    "empirical.evidence.bundle",
    "empirical.runs.runspec",
    "empirical.identity.sweeps",
    "empirical.geometry.compression",
    "empirical.data.examples",
    "empirical.label_errors",
    "verify.worlds.world",
    "verify.site.history",
    "verify.site.material",
    "verify",
    "geomem",
)


@pytest.mark.slow
def test_judging_does_not_load_torch():
    """In one process: what loads none after all of these were imported is loaded by none of them."""
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    assert 'torch' not in sys.modules, name"
    )
    done = subprocess.run([sys.executable, "-c", code, *WITHOUT_TORCH], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
