"""What a source file says that numbers depend on: its code without its words, and the modules that it imports. Needs no torch.

To parse all sources takes a second of every process that asks. What a file said is therefore kept in the cache, one line for
each content that a file has had. A line that is damaged is not used.
"""

import ast
import hashlib
import json
import platform
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

from empirical.errors import StorageError
from empirical.storage import cache_root, make_folder

KEPT = "sources.jsonl"
# Ten thousand files; then the lines are written anew.
MOST_BYTES = 8_000_000


@dataclass(frozen=True)
class Source:
    """What one source file says.

    code: SHA-256 of the code, as :func:`code_of` returns it.
    imports: the names of all modules and members of modules that the file may import.
    """

    code: str
    imports: tuple[str, ...]


def source(path: Path) -> Source:
    """What the file says, parsed unless it was before, with this content, by this code and this version of Python."""
    content = path.read_bytes()
    key, file = hashlib.sha256(_manner() + content).hexdigest(), cache_root() / KEPT
    kept = _kept(file)
    if key not in kept:
        kept[key] = parsed(content.decode())
        _keep(file, key, kept[key])
    return kept[key]


def parsed(text: str) -> Source:
    """What a source says that has this text."""
    tree = ast.parse(text)
    # First: what has no words is made of the same tree.
    imports = tuple(sorted(_imported(tree)))
    return Source(hashlib.sha256(_without_words(tree).encode()).hexdigest(), imports)


def code_of(text: str) -> str:
    """The source without what no number depends on: comments, docstrings, annotations of functions, text of errors."""
    return _without_words(ast.parse(text))


def _without_words(tree: ast.Module) -> str:
    return ast.unparse(_WithoutWords().visit(tree))


class _WithoutWords(ast.NodeTransformer):
    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._undocumented(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._undocumented(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._undocumented(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
        return node

    def _undocumented(self, node):
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)


def _imported(tree: ast.Module) -> set[str]:
    names = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            # What is imported for the type checker alone is not run.
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)
    return names


@cache
def _manner() -> bytes:
    """What the reading of a source depends on besides its content."""
    return hashlib.sha256(Path(__file__).read_bytes() + platform.python_version().encode()).digest()


@cache
def _kept(file: Path) -> dict[str, Source]:
    """What earlier processes have kept, by key."""
    found: dict[str, Source] = {}
    with suppress(OSError):
        if file.stat().st_size > MOST_BYTES:
            file.unlink()
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            check, _, record = line.partition(" ")
            if check == _check(record):
                key, code, imports = json.loads(record)
                found[key] = Source(code, tuple(imports))
    return found


def _keep(file: Path, key: str, found: Source) -> None:
    record = json.dumps([key, *astuple(found)])
    # A folder that cannot be written is told by what has to be written there.
    with suppress(OSError, StorageError), open(make_folder(file.parent) / file.name, "a", encoding="utf-8") as lines:
        lines.write(f"{_check(record)} {record}\n")


def _check(record: str) -> str:
    return hashlib.sha256(record.encode()).hexdigest()[:16]
