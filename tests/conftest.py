"""Where torch is missing, the tests that need it are left out and say so; ``-m "not needs_torch"`` leaves them out anywhere.

``-m "not slow"`` leaves out what takes too long to be run at every change. Of the slow tests, those marked ``settled`` are run
when their parts change, by the plugin in tests/settled.
"""

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest

pytest_plugins = ["tests.settled.plugin"]
ROOT = Path(__file__).parents[1]
# What comes with the extra "networks".
EXTRA = {"torch", "safetensors", "sklearn", "threadpoolctl", "pooch", "requests"}
MISSING = importlib.util.find_spec("torch") is None
# A file whose tests are all slow.
ALL_SLOW = re.compile(r"^pytestmark = [^\n]*\bpytest\.mark\.(slow|settled)\b", re.MULTILINE)


def pytest_configure(config):
    config.addinivalue_line("markers", "needs_torch: the test, or a file that it imports, needs the extra 'networks'")
    config.addinivalue_line("markers", "release: slow, and of what seldom changes; run by `tox run -e release` alone")
    config.addinivalue_line("markers", "slow: takes seconds, or trains networks; left out by `tox run -e fast`")


def pytest_ignore_collect(collection_path, config):
    """A file that cannot be imported is left out, and counted at the end; one whose tests ``-m`` leaves out is not imported."""
    if not collection_path.name.startswith("test_"):
        return None
    if MISSING and needs_torch(collection_path):
        config.stash.setdefault(LEFT_OUT, []).append(collection_path.relative_to(ROOT).as_posix())
        return True
    if "not slow" in config.option.markexpr.split(" and ") and ALL_SLOW.search(collection_path.read_text(encoding="utf-8")):
        return True
    return None


LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(items, config):
    # All sources are read to find out.
    matters = MISSING or "needs_torch" in config.option.markexpr
    for item in items:
        if matters and needs_torch(item.path):
            item.add_marker("needs_torch")
        if item.get_closest_marker("settled"):
            item.add_marker("slow")
        if MISSING and item.get_closest_marker("needs_torch"):
            item.add_marker(pytest.mark.skip(reason="torch is not installed"))


def pytest_terminal_summary(terminalreporter, config):
    if left_out := config.stash.get(LEFT_OUT, []):
        terminalreporter.write_line(f"left out {len(left_out)} files that need torch, which is not installed")


@cache
def needs_torch(path: Path) -> bool:
    """Whether importing the file imports a package of the extra, by itself or through files of the rooms."""
    return any(needs(node) for node in _run_when_imported(path))


def needs(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import statement needs the extra."""
    names = {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        names = {str(node.module), *(f"{node.module}.{one}" for one in names)}
    return any(name.split(".")[0] in EXTRA or any(map(needs_torch, _files(name))) for name in names)


def _run_when_imported(path: Path):
    """The import statements of a file outside of functions, of conditions, and of what is for the type checker."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _files(name: str) -> list[Path]:
    base = ROOT.joinpath(*name.split("."))
    return [file for file in (base.with_suffix(".py"), base / "__init__.py") if file.is_file()]
