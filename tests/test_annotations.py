"""Every public function says the types of its arguments and of what it returns, which pyright then checks."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("theory", "empirical", "verify", "benchmarks")


def public_functions(path: Path):
    """Functions of a file and methods of its classes whose names, and whose classes' names, begin with no underscore."""
    waiting = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            waiting += node.body
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def unannotated(function: ast.FunctionDef) -> list[str]:
    """The arguments without a type, and "return" where that has none; a method's first is its object or class."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    missing = [one.arg for one in arguments if one.annotation is None and one.arg not in ("self", "cls")]
    if function.returns is None:
        missing.append("return")
    return missing


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_public_functions_are_annotated(room):
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    found = [
        f"{path.relative_to(ROOT)}: {function.name} has no types for {', '.join(missing)}"
        for path in files
        for function in public_functions(path)
        if (missing := unannotated(function))
    ]
    assert not found, "\n".join(found)
