"""Claim files as modules: those of the package, and those of another repository."""

import ast
import importlib
import importlib.util
import sys
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

from empirical.errors import GeomemError
from verify.project import FILE, Project
from verify.registry import CLAIMS, Claim, load_claims

PATTERN = "claim_*.py"
# The modules of own claim files have names of their own, so that no installed package has the same.
OWN = "claims_of"
# The modules that have the decorator of claims.
FACES = ("geomem", "verify", "verify.registry")


class ClaimFileError(GeomemError):
    """A claim file cannot be imported; the message names the file, the cause and its line."""


def registry_of(project: Project, files: Iterable[Path] = ()) -> dict[str, Claim]:
    """All claims by id: those of the package, the project's own, and those in further files.

    :raises ClaimFileError: an own file cannot be imported, or a claim has the id of another.
    """
    registry = load_claims()
    if project.claims and str(project.root) not in sys.path:
        # Own claims may import what lies beside their folder; last, so that nothing there hides an installed package.
        sys.path.append(str(project.root))
    for path in (*own_files(project.claims), *files):
        load(path)
    return registry


def own_files(folders: Iterable[Path]) -> list[Path]:
    """The claim files in folders and below them, in order."""
    return [path for folder in folders for path in sorted(folder.rglob(PATTERN))]


def is_claim_file(path: Path) -> bool:
    """Whether a file has the name of a claim file, and is among the claims where it is in the package."""
    return fnmatch(path.name, PATTERN) and (path.is_relative_to(CLAIMS) or not path.is_relative_to(CLAIMS.parent))


def has_claims(path: Path) -> bool:
    """Whether a file, which is not imported, takes the decorator of claims from geomem; not where it cannot be parsed."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except (OSError, SyntaxError, ValueError):
        return False
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module in FACES]
    words = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute) and node.attr == "claim"}
    return any(alias.name in ("claim", "*") for node in froms for alias in node.names) or bool(
        words & {f"{face}.claim" for face in FACES}
    )


def load(path: Path) -> ModuleType:
    """The module of a claim file, imported once, under the same name whatever pytest's way of importing is.

    :raises ClaimFileError: a file outside the package cannot be imported.
    """
    there, ours = path.resolve(), CLAIMS.resolve()
    if there.is_relative_to(ours):
        return importlib.import_module(".".join(("verify.claims", *there.relative_to(ours).with_suffix("").parts)))
    name = ".".join((OWN, *(part.replace(".", "_") for part in there.with_suffix("").parts[1:])))
    return sys.modules.get(name) or _imported(name, there)


def _imported(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ClaimFileError(f"{path} is not a file of Python; a claim file is named {PATTERN}")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise ClaimFileError(f"{path}{_line(error, path)} cannot be imported: {type(error).__name__}: {error}") from error
    return module


def _line(error: Exception, path: Path) -> str:
    """The line of the file at which the import stopped, as ", line 3"."""
    lines, here = [], error.__traceback__
    while here:
        lines += [here.tb_lineno] * (here.tb_frame.f_code.co_filename == str(path))
        here = here.tb_next
    return f", line {lines[-1]}" if lines else ""


def is_of_package(claim: Claim) -> bool:
    """Whether a claim comes with the package."""
    return claim.function.__module__.startswith("verify.claims.")


def how_to_name(path: Path, start: Path) -> str:
    """Why a claim file that nothing names is not judged, and what to do.

    :param start: the folder of the run.
    """
    there = path if path.is_absolute() else start / path
    folder = there.parent.relative_to(start).as_posix() if there.is_relative_to(start) else str(there.parent)
    return (
        f'{path} has claims, which are not judged, because nothing names its folder: write claims = ["{folder}"] under '
        f"[tool.geomem] of {start / FILE}"
    )


def claims_in(module: ModuleType) -> list[Claim]:
    """The claims of a module, in the order in which they stand there."""
    return [one for one in vars(module).values() if isinstance(one, Claim)]
