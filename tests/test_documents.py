"""The documents: their links lead somewhere, what they name exists, every term is defined once."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.test_rooms import FOLDERS

ROOT = Path(__file__).parents[1]
ARCHITECTURE, GLOSSARY = ROOT / "docs" / "architecture.md", ROOT / "docs" / "glossary.md"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "verify" / "claims" / "README.md"]
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
# A function or a class that a journey names, with its file.
NAMED = re.compile(r"\[`([\w.]+)`\]\(([^)\s]+\.py)\)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def prose(path: Path) -> str:
    """The text of a document without its blocks of code."""
    return re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def headings(path: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)


def anchor(heading: str) -> str:
    """The fragment that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links(path: Path) -> list[tuple[Path, str]]:
    """The relative links of a document: the path that each leads to, and its fragment."""
    targets = [target for _, target in LINK.findall(prose(path)) if "://" not in target]
    parts = [target.partition("#") for target in targets]
    return [((path.parent / file).resolve() if file else path, fragment) for file, _, fragment in parts]


@cache
def defined(path: Path) -> frozenset[str]:
    """The functions and classes of a file, methods as ``Class.method``."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{method.name}" for method in node.body if isinstance(method, ast.FunctionDef)}
    return frozenset(found)


def journeys() -> list[tuple[str, str]]:
    """The numbered steps of the architecture, each with the journey it belongs to."""
    text = prose(ARCHITECTURE)
    sections = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return [
        (title, step)
        for title, section in zip(sections[::2], sections[1::2], strict=True)
        for step in re.split(r"^\d+\. ", section, flags=re.MULTILINE)[1:]
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_relative_link_leads_to_a_file(path):
    missing = [str(file) for file, _ in links(path) if not file.exists()]
    assert not missing, f"{name(path)} links to {', '.join(missing)}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_link_into_a_document_leads_to_a_heading(path):
    wanted = [(file, fragment) for file, fragment in links(path) if fragment and file.suffix == ".md"]
    missing = [f"{name(file)}#{one}" for file, one in wanted if one not in map(anchor, headings(file))]
    assert not missing, f"{name(path)} links to {', '.join(missing)}"


def test_what_the_architecture_names_is_in_the_file_it_links_to():
    found = NAMED.findall(prose(ARCHITECTURE))
    missing = [f"{one} in {file}" for one, file in found if one not in defined((ARCHITECTURE.parent / file).resolve())]
    # Folders and the command lines are linked to by the names of their files.
    assert [one for one in missing if not one.startswith("__")] == []


def test_every_step_of_a_journey_begins_with_the_function_that_takes_it():
    steps = journeys()
    assert {title for title, _ in steps} == {"A probe", "An image", "A claim"}
    missing = [f"{title}: {step:.60}" for title, step in steps if not NAMED.search(step)]
    assert not missing


@pytest.mark.parametrize("room", FOLDERS)
def test_the_architecture_has_the_table_of_arrows(room):
    """Row by row as tests/test_rooms.py has it."""
    section = prose(ARCHITECTURE).partition(f"### {room}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| \[`?(\w+)`?\]\([^)]+\) \|[^|]*\|([^|]*)\|$", section, re.MULTILINE)
    assert {folder: {one.strip() for one in may.split(",")} - {""} for folder, may in rows} == FOLDERS[room]


def test_the_glossary_defines_each_term_once_in_alphabetical_order():
    terms = [heading.lower() for heading in headings(GLOSSARY)[1:]]
    assert all(one < after for one, after in pairwise(terms)), [pair for pair in pairwise(terms) if pair[0] >= pair[1]]


@pytest.mark.parametrize("path", [ROOT / "README.md", ARCHITECTURE, ROOT / "verify" / "claims" / "README.md"], ids=name)
def test_who_meets_a_term_first_is_led_to_the_glossary(path):
    assert GLOSSARY in {file for file, _ in links(path)}
