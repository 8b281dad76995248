import ast
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[2] / "theory"
FOLDERS = sorted(path.parent for path in ROOM.glob("*/__init__.py"))


def listed(path: Path) -> list[str]:
    """The first words of the indented lines of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")), clean=False) or ""
    return [line.split()[0] for line in text.splitlines() if line.startswith("    ")]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_lists_its_files(folder):
    assert sorted(listed(folder / "__init__.py")) == sorted(path.stem for path in folder.glob("[!_]*.py"))


def test_the_room_lists_its_folders():
    assert sorted(listed(ROOM / "__init__.py")) == [folder.name for folder in FOLDERS]
