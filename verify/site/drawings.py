"""The figures of worlds as SVG files whose text is text, with a title and a description."""

import importlib.util
from collections.abc import Iterable
from pathlib import Path

from verify.judging.verdicts import EvidenceError
from verify.site.material import Material

FOLDER = "figure"
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None


def draw(material: Material, into: Path, names: Iterable[str]) -> None:
    """Draw the figures of recorded worlds into ``figure/WORLD``, and enter their names into the material.

    :raises FigureError: a file could not be written.
    """
    from verify.figures.album import draw as draw_album

    for name in names:
        world = material.worlds[name]
        try:
            runs = world.runs(None)
        except EvidenceError:
            continue
        files = draw_album(runs, world.folder(None), into / FOLDER / name, as_text=True)
        material.drawings[name] = [path.stem for path, missing in files if not missing]
