"""The page of the most suspicious images, each with its given label, a suggestion and its scores; and that of a sample."""

import base64
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from empirical.data.examples import Examples
from empirical.errors import LabelsError
from empirical.label_errors.table import LabelTable

WORST = 40
# Pairs of given and suggested labels that are shown, and of how many suspicious examples they are counted.
PAIRS, COUNTED = 8, 0.05
TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Card:
    """One example: its place in the ranking (0 in a sample), name, picture as a data URI ("" for none), labels and scores."""

    rank: int
    name: str
    picture: str
    given: str
    suggested: str = ""
    loss: float = np.nan
    geometry: float = np.nan
    q: float = np.nan
    held_out: bool = False


def write_worst(into: Path, table: LabelTable, examples: Examples, rate: float, title: str) -> Path:
    """Write the page of the most suspicious examples that nobody has verified; its path.

    :param rate: of false discoveries, up to which labels are reported as wrong.
    :raises LabelsError: jinja2 or pillow is not installed. :raises StorageError: the folder cannot be written.
    """
    places = np.flatnonzero(table.verified < 0)[:WORST]
    cards = [_card(table, examples, place) for place in places.tolist()]
    summary = {"reported": len(table.reported(rate)), "rate": rate, "pairs": pairs(table, examples.classes, rate)}
    return _write(into, "index.html", title, {"table": table, "cards": cards, "examples": examples, **summary})


def write_sample(into: Path, name: str, index: np.ndarray, examples: Examples) -> Path:
    """Write the page of a sample to verify, in the order of its file; parameters and errors as for :func:`write_worst`."""
    words = examples.words(index)
    cards = [
        Card(0, _name(examples, number), picture(examples, number), word)
        for number, word in zip(index.tolist(), words, strict=True)
    ]
    values = {"table": None, "cards": cards, "examples": examples, "reported": 0, "rate": 0.0, "pairs": []}
    return _write(into, name, "A random sample to verify", values)


def pairs(table: LabelTable, classes: Sequence[str], rate: float) -> list[tuple[str, str, int]]:
    """The most frequent pairs of given and suggested labels, with their numbers, among labels reported as wrong.

    Without a verified sample they are counted among the most suspicious twentieth.
    """
    chosen = table.q <= rate if not table.why_no_p else np.arange(len(table)) < COUNTED * len(table)
    given, suggested = ([str(classes[label]) for label in column[chosen].tolist()] for column in (table.given, table.suggested))
    return [(*pair, n) for pair, n in Counter(zip(given, suggested, strict=True)).most_common(PAIRS)]


def picture(examples: Examples, number: int) -> str:
    """The image as the data URI of a PNG; "" where the example is a row of numbers.

    :raises LabelsError: pillow is not installed.
    """
    if not examples.have_pictures:
        return ""
    try:
        from PIL import Image
    except ImportError as error:
        raise LabelsError(f"pages need pillow, which is not installed: python -m pip install pillow ({error})") from error
    values = np.moveaxis(examples.images[number], 0, 2)[:, :, :3]
    low, high = (0, 255) if values.dtype == np.uint8 and values.max() > 32 else (float(values.min()), float(values.max()))
    shown = np.clip((values.astype(float) - low) / max(high - low, 1e-12) * 255, 0, 255).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(shown if shown.shape[2] == 3 else shown[:, :, 0]).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _card(table: LabelTable, examples: Examples, place: int) -> Card:
    number = int(table.index[place])
    given, suggested = (examples.classes[label] for label in (table.given[place], table.suggested[place]))
    loss, geometry, q = (float(column[place]) for column in (table.loss, table.geometry, table.q))
    shown = (_name(examples, number), picture(examples, number))
    return Card(place + 1, *shown, given, suggested, loss, geometry, q, bool(table.held_out[place]))


def _name(examples: Examples, number: int) -> str:
    return examples.names[number] if examples.names else str(number)


def _write(into: Path, name: str, title: str, values: dict) -> Path:
    try:
        from empirical.pages.rendering import environment, write_page, write_style
    except ImportError as error:
        raise LabelsError(f"pages need jinja2, which is not installed: python -m pip install jinja2 ({error})") from error
    text = environment([TEMPLATES]).get_template("label_errors.html").render(root="", menu=(), footer="", title=title, **values)
    write_style(into)
    # Templates leave empty lines and indents.
    write_page(into, name, re.sub(r"\n\s+", "\n", text))
    return into / name
