"""All pages of a ledger, written into a folder: the same bytes for the same ledger and evidence."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from empirical.pages.rendering import environment, write_page, write_style
from verify.report import long_board
from verify.report.papers import cite
from verify.site import claim_pages, drawings, overview, paper_pages, words, world_pages
from verify.site.material import Material
from verify.written_commands import JUDGE

TEMPLATES = Path(__file__).with_name("templates")
FILTERS = {
    "kind": words.kind,
    "measured": words.measured,
    "bare": words.bare,
    "over": long_board.over,
    "counted": words.counted,
    "cite": cite,
}
MENU = (("sentences", "index.html#sentences"), ("claims", "index.html#matrix"), ("worlds", "index.html#worlds"))


def build(material: Material, into: Path, with_figures: bool = True) -> list[Path]:
    """Write the pages, and the figures first, because pages link to them; the files of the pages.

    :raises StorageError: the folder cannot be written.
    """
    write_style(into)
    if with_figures:
        drawings.draw(material, into, [name for name in material.places if material.manifests(name)])
    made, written = environment([TEMPLATES], FILTERS), []
    for name, template, values in pages(material):
        shared = {
            "root": "../" * name.count("/"),
            "menu": MENU,
            "footer": footer(material),
            "judge": JUDGE,
            "material": material,
        }
        text = made.get_template(template).render(**shared, words=words, **values)
        # Templates leave empty lines and indents.
        write_page(into, name, re.sub(r"\n\s+", "\n", text))
        written.append(into / name)
    return written


def pages(material: Material) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(file, template, values) of every page."""
    yield "index.html", "index.html", overview.values(material)
    for claim in material.shown:
        yield f"claim/{claim.id}.html", "claim.html", claim_pages.values(material, claim)
    for paper in material.papers:
        yield f"paper/{paper}.html", "paper.html", paper_pages.values(material, paper)
    for name in material.places:
        yield f"world/{name}.html", "world.html", world_pages.values(material, name)


def footer(material: Material) -> str:
    """What the pages were made from."""
    judges = sorted({entry.judge for entry in material.entries})
    return f"Judged by geomem {', '.join(judges)}. Ledger: sha256 {material.ledger}."
