"""Notebooks as pages of the site: their text, their code, and the outputs that are stored in them. Nothing is executed.

``docs/NAME.ipynb`` becomes the page ``NAME.md``, its pictures files beside it.
"""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

# The kinds of pictures in outputs, the best first, with the suffix of their files.
PICTURES = {"image/svg+xml": "svg", "image/png": "png"}
# Colours of a terminal.
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
DOWNLOAD = '<p><a href="{0}" download>Download this page as a notebook</a></p>'


def on_files(files: "Files", config: "MkDocsConfig") -> "Files":
    """The files of the site, with a page for each notebook."""
    from mkdocs.structure.files import File

    for notebook in [file for file in files if file.src_uri.endswith(".ipynb")]:
        text, pictures = page(Path(str(notebook.abs_src_path)))
        files.append(File.generated(config, str(Path(notebook.src_uri).with_suffix(".md")), content=text))
        for name, content in pictures.items():
            files.append(File.generated(config, (Path(notebook.src_uri).parent / name).as_posix(), content=content))
    return files


def page(notebook: Path) -> tuple[str, dict[str, bytes]]:
    """The text of a notebook in markdown, and the content of its pictures by the name of their files."""
    pictures: dict[str, bytes] = {}
    parts = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
        elif cell["cell_type"] == "code" and source.strip():
            parts.append(fenced(source, "python"))
            parts += [part for output in cell["outputs"] for part in shown(output, notebook.stem, pictures)]
    # The link stands beneath the title, with which a page begins.
    parts.insert(1, DOWNLOAD.format(notebook.name))
    return "\n\n".join(parts) + "\n", pictures


def shown(output: dict, stem: str, pictures: dict[str, bytes]) -> Iterator[str]:
    """An output in markdown: its picture, which is added to ``pictures``, or else its text."""
    data = output.get("data", {})
    for kind, suffix in PICTURES.items():
        if kind in data:
            content = "".join(data[kind])
            name = f"{stem}-{len(pictures) + 1}.{suffix}"
            pictures[name] = base64.b64decode(content) if suffix == "png" else content.encode()
            yield f"![figure]({name})"
            return
    text = "".join(output.get("text", "") or output.get("traceback", "") or data.get("text/plain", ""))
    if text.strip():
        yield fenced(ESCAPES.sub("", text), "text")


def fenced(text: str, language: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```"
