"""The figures of worlds as SVG files whose text is text, drawn once: files of the same evidence and code are kept."""

import hashlib
import importlib.util
import json
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path

from empirical.runs import provenance
from empirical.storage import cache_root, make_folder, write_atomic
from verify.judging.verdicts import EvidenceError
from verify.site.material import Material
from verify.worlds import recorded
from verify.worlds.world import World

FOLDER = "figure"
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None
# What draws the figures.
ALBUM = "verify/figures/album.py"
# Written last: a folder without it was left by a command that was stopped.
COMPLETE = "complete.json"


def draw(material: Material, into: Path, names: Iterable[str]) -> None:
    """Put the figures of worlds into ``figure/WORLD``, and enter their names into the material; a world on each core.

    :raises StorageError: a file could not be written.
    """
    folders = {name: folder for name in names if (folder := material.folder(name))}
    kept = kept_under(folders.values())
    worlds = [(material.worlds[name], kept / name) for name in folders]
    missing = [pair for pair in worlds if not (pair[1] / COMPLETE).is_file()]
    if missing:
        with ProcessPoolExecutor(min(len(missing), os.cpu_count() or 1)) as pool:
            list(pool.map(draw_world, *zip(*missing, strict=True)))
    for world, folder in worlds:
        drawn = json.loads((folder / COMPLETE).read_text(encoding="utf-8"))
        _copy(folder, into / FOLDER / world.name, drawn)
        material.drawings[world.name] = drawn


def kept_under(folders: Iterable[Path]) -> Path:
    """The folder that keeps the figures of this evidence, which compare worlds, as this code and this matplotlib draw them."""
    from verify.figures.album import ABOUT

    manifests = [recorded.manifests(folder) for folder in folders]
    # The digest of the sources leaves out docstrings, whose first lines describe the figures.
    drawn_by = [metadata.version("matplotlib"), provenance.sources(ALBUM), ABOUT]
    digest = hashlib.sha256(json.dumps([manifests, drawn_by], sort_keys=True).encode())
    return cache_root() / "figures" / digest.hexdigest()[:16]


def draw_world(world: World, out: Path) -> None:
    """Draw the figures of one world, and write the names of those that its evidence allows; raises as :func:`draw`."""
    from verify.figures.album import draw as draw_album

    try:
        files = list(draw_album(world.runs(None), world.folder(None), out, as_text=True))
    except EvidenceError:
        files = []
    drawn = [path.stem for path, missing in files if not missing]
    write_atomic(make_folder(out) / COMPLETE, json.dumps(drawn).encode())


def _copy(folder: Path, into: Path, names: Iterable[str]) -> None:
    for name in names:
        write_atomic(make_folder(into) / f"{name}.svg", (folder / f"{name}.svg").read_bytes())
