"""What the outcome of a settled test follows from, and its digest.

Of source files of the rooms only the code counts, as for kept networks: comments, docstrings and the text of errors do not. All
other files count byte for byte.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from empirical.runs import provenance

CONSTRAINTS = "constraints.txt"
# The packages that draw examples, compute, judge and plot: where one has another version than constraints.txt, nothing is known
# of a test.
PACKAGES = provenance.PACKAGES + provenance.DRAWING + ("matplotlib",)


class Dependencies:
    """What one test depends on: source files, other files, and values by their text.

    Sources are those that the test's file and the files of its fixtures reach by their imports.

    :param item: the test.
    :param reads: files and folders besides, relative to the root. A source file counts with all that it imports.
    :param of: a function of the test's parameters that returns more of them as paths, and values of any other type.
    :param lists: files whose imports are not followed, because they only collect the parameters of the tests.
    :param words: whether comments, docstrings and the text of errors count as well.
    """

    def __init__(
        self,
        item: pytest.Item,
        *,
        reads: Iterable[str] = (),
        of: Callable[..., Iterable[Any]] | None = None,
        lists: Iterable[str] = (),
        words: bool = False,
    ):
        parameters = getattr(item, "callspec", None) and item.callspec.params  # type: ignore[attr-defined]
        more = list(of(**(parameters or {}))) if of else []
        root = provenance.ROOT
        named = {root / path for path in (*reads, *(path for path in more if isinstance(path, Path)))}
        lone = frozenset(root / path for path in lists)
        starts = {item.path, *_files_of_fixtures(item)} | {path for path in named if path.suffix == ".py"}
        self.words, self.values = words, [repr(value) for value in more if not isinstance(value, Path)]
        self.sources = {path for start in starts for path in _reached(start, lone)}
        self.others = {root / CONSTRAINTS} | {file for path in named if path.suffix != ".py" for file in _data(path)}

    def digest(self) -> str:
        """16 hexadecimal digits that change with anything of it."""
        content = hashlib.sha256(f"python {sys.version_info[:2]} {self.values}\0".encode())
        for path in sorted(self.sources):
            content.update(f"{_name(path)}\0{_bytes(path) if self.words else _code(path)}\0".encode())
        for path in sorted(self.others):
            content.update(f"{_name(path)}\0{_bytes(path)}\0".encode())
        return content.hexdigest()[:16]

    def edited_since(self, moment: int) -> bool:
        """Whether a file of these changed after a moment, in ns: what was run may have been the earlier one."""
        states = [path.stat() for path in self.sources | self.others if path.exists()]
        return any(max(state.st_mtime_ns, state.st_ctime_ns) > moment for state in states)


def other_versions() -> list[str]:
    """The packages of :data:`PACKAGES` of which another version is installed than constraints.txt names, or none."""
    lines = (provenance.ROOT / CONSTRAINTS).read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    return [name for name in PACKAGES if name in pinned and _installed(name) != pinned[name]]


def _installed(package: str) -> str:
    """Its version, without the part that names a build: 2.13.0+cpu is 2.13.0."""
    try:
        return metadata.version(package).split("+")[0]
    except metadata.PackageNotFoundError:
        return ""


def _files_of_fixtures(item: pytest.Item) -> set[Path]:
    """The files of the repository that define what the test asks for by name, or is given unasked."""
    fixtures = getattr(item, "_fixtureinfo", None)
    found = [one for same in fixtures.name2fixturedefs.values() for one in same] if fixtures else []
    places = {Path(one.func.__code__.co_filename) for one in found if hasattr(one.func, "__code__")}
    # An environment of tox lies in the repository, and its packages are none of ours.
    ours = (path for path in places if path.is_relative_to(provenance.ROOT) and "site-packages" not in path.parts)
    return {path for path in ours if path.suffix == ".py"}


@cache
def _reached(start: Path, lists: frozenset[Path]) -> frozenset[Path]:
    """The files of the rooms that a file runs through, but for what those of ``lists`` import."""
    found, waiting = set(), [start]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [] if path in lists and path != start else provenance._files(path)
    return frozenset(found)


def _data(path: Path) -> list[Path]:
    """The file, or all files of the folder that are no sources."""
    if path.is_dir():
        return [file for file in path.rglob("*") if file.is_file() and file.suffix not in (".py", ".pyc")]
    return [path]


@cache
def _code(path: Path) -> str:
    return provenance._source(path).code


@cache
def _bytes(path: Path) -> str:
    """The digest of the content; "" where there is no such file, so that one that appears changes it."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _name(path: Path) -> str:
    return path.relative_to(provenance.ROOT).as_posix()
