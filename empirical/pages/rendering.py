"""Templates of several folders and how a page is written: equal values give equal bytes, and every text is escaped."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from empirical.storage import make_folder, write_atomic

OWN = Path(__file__).with_name("templates")
STYLE = "style.css"


def environment(folders: Iterable[Path] = (), filters: Mapping[str, Callable[..., Any]] | None = None) -> Environment:
    """The templates of these folders, and of this room: ``page.html`` and ``charts.html``.

    :param filters: functions that the templates call by these names.
    """
    loader = FileSystemLoader([*folders, OWN])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(filters or {})
    return made


def write_page(into: Path, name: str, text: str) -> None:
    """Write a page of this name, "claim/S-07.html", into the folder of the pages.

    :raises StorageError: the folder or the file cannot be written.
    """
    make_folder((into / name).parent)
    write_atomic(into / name, text.encode())


def write_style(into: Path) -> None:
    """Write the style that all pages share; raises as :func:`write_page`."""
    write_page(into, STYLE, (OWN / STYLE).read_text(encoding="utf-8"))
