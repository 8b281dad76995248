"""The documents: their links lead somewhere, what they name exists, every term is defined once, and the site can be built."""

import ast
import base64
import importlib.util
import json
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.test_rooms import FOLDERS

ROOT = Path(__file__).parents[1]
ARCHITECTURE, GLOSSARY = ROOT / "docs" / "architecture.md", ROOT / "docs" / "glossary.md"
WITH_DOCUMENTS = ("docs", "verify", "action", "theory", "empirical", "benchmarks", "tests")
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *(path for name in WITH_DOCUMENTS for path in sorted((ROOT / name).rglob("*.md")))]
# The target of a link or of a picture.
LINK = re.compile(r"\]\(([^)\s]+)[)\s]")
# What a page loads, in its HTML, as opposed to what it links to.
LOADED = re.compile(r'<(?:script|img|iframe|link rel="(?:stylesheet|preconnect|icon)")[^>]*(?:src|href)="(https?:[^"]+)"')
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
    targets = [target for target in LINK.findall(prose(path)) if "://" not in target]
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


@pytest.mark.slow
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


needs_mkdocs = pytest.mark.skipif(
    importlib.util.find_spec("material") is None, reason="mkdocs-material is not installed: the extra 'docs'"
)


@pytest.mark.release
@pytest.mark.slow
@needs_mkdocs
def test_the_site_is_built_and_loads_nothing_from_other_hosts(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {page.stem: page.read_text(encoding="utf-8") for page in tmp_path.glob("*.html")}
    assert {"index", "readme", "contributing", "changelog", "your-own-claim"} <= set(pages)
    assert 'id="s-07"' in pages["claims"]
    assert "/blob/main/verify/deviations.toml" in pages["findings"]
    assert {name: found for name, page in pages.items() if (found := LOADED.findall(page))} == {}


def hook(name: str):
    """The file of what mkdocs does for this repository, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "theme" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_mkdocs
def test_a_link_to_a_file_that_is_no_page_leads_to_the_repository_and_must_exist():
    from mkdocs.exceptions import PluginError
    from mkdocs.structure.files import Files

    def linked(written: str) -> str:
        return hook("repository_links").site_link(written, "docs/findings.md", "findings.md", "https://host/name", Files([]))

    assert linked("../verify/deviations.toml") == "https://host/name/blob/main/verify/deviations.toml"
    assert linked("../verify/evidence") == "https://host/name/tree/main/verify/evidence"
    with pytest.raises(PluginError, match=r"no verify/missing\.toml"):
        linked("../verify/missing.toml")


def test_a_notebook_becomes_a_page_with_its_stored_outputs(tmp_path):
    png = base64.b64encode(b"picture").decode()
    outputs = [
        {"output_type": "stream", "text": ["one\n", "two\n"]},
        {"output_type": "display_data", "data": {"image/png": png, "text/plain": ["<Figure size 640x480>"]}},
    ]
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "\n", "See [data](data.md)."]},
        {"cell_type": "code", "source": ["print('one')"], "outputs": outputs},
    ]
    (tmp_path / "tour.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    text, pictures = hook("notebooks").page(tmp_path / "tour.ipynb")
    assert text.startswith("# Title")
    assert "```python\nprint('one')\n```\n\n```text\none\ntwo\n```\n\n![figure](tour-1.png)\n" in text
    assert pictures == {"tour-1.png": b"picture"}
