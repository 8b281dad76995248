"""The figures of worlds as SVG files whose text is text, with a title and a description."""

import importlib.util
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from verify.judging.verdicts import EvidenceError
from verify.site.material import Material
from verify.worlds.world import World

FOLDER = "figure"
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None


def draw(material: Material, into: Path, names: Iterable[str]) -> None:
    """Draw the figures of worlds into ``figure/WORLD``, a world on each core, and enter their names into the material.

    :raises FigureError: a file could not be written.
    """
    worlds = [material.worlds[name] for name in names]
    with ProcessPoolExecutor(min(len(worlds), os.cpu_count() or 1) or 1) as pool:
        found = pool.map(draw_world, worlds, repeat(into))
        material.drawings.update((world.name, drawn) for world, drawn in zip(worlds, found, strict=True))


def draw_world(world: World, into: Path) -> list[str]:
    """Draw the figures of one world; the names of those that its evidence allows. Raises as :func:`draw`."""
    from verify.figures.album import draw as draw_album

    try:
        runs = world.runs(None)
    except EvidenceError:
        return []
    files = draw_album(runs, world.folder(None), into / FOLDER / world.name, as_text=True)
    return [path.stem for path, missing in files if not missing]
