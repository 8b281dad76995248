"""``python -m empirical measure`` for what is shown at once: the geometry of your own network, a checkpoint or a bundle."""

import argparse
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from empirical.errors import GeomemError, StorageError, how_to_install
from empirical.evidence import geometry_tables
from empirical.evidence.bundle import MANIFEST, read_bundle
from empirical.pipeline import own_options
from empirical.runs import runspec
from empirical.storage import write_atomic

CHECKPOINT = ".safetensors"
# Where there is no terminal to ask for its width.
COLUMNS = 140
METHODS = ("cavity", "published")
# One point or probe has no spread.
FEWEST = {"points": 2, "probes": 2}
OF_A_CHECKPOINT = ("of", "points", "probes", "correlations", "resamples", "joint_draws")


class WrongTarget(GeomemError):
    """The target cannot be measured, or an option does not apply to it."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for a network of the user and for a checkpoint; ``--layers`` and ``--csv`` apply to a bundle too."""
    own_options.add_options(parser)
    only = parser.add_argument_group("your own network, a checkpoint, or a bundle (--layers and --csv)")
    only.add_argument("--layers", type=_names, help="names, with commas between (default: all)")
    only.add_argument("--csv", type=Path, help="also write the table there, with every digit")
    only.add_argument(
        "--run", dest="of", metavar="NAME_OR_TOML", help="the run that trained the checkpoint, where it is not found"
    )
    only.add_argument("--points", type=int, help="images of each class (default: 50, or the run's)")
    only.add_argument("--probes", type=int, help="Gaussian probes on each manifold (default: 300, or the run's)")
    only.add_argument(
        "--correlations",
        type=_correlations,
        help="how correlations between manifolds are treated: cavity, published, or a number of directions to remove "
        "(default: cavity)",
    )
    only.add_argument(
        "--resamples", type=int, help="random halves of the points, for errors that cover the choice of points (default: 8)"
    )
    only.add_argument("--joint-draws", type=int, help="dichotomies for the joint capacity; 0 leaves it out (default: 20)")


def shown(options: argparse.Namespace) -> bool:
    """True after showing the geometry of the target; False for a run, which is measured elsewhere.

    :param options: the parsed words of the command.
    :raises GeomemError: the target is neither, or cannot be read, or an option does not apply to it.
    """
    kind = _kind(options)
    if kind is None:
        _refuse(
            options,
            kind="a run, whose TOML says how it is measured",
            names=("layers", "csv", *OF_A_CHECKPOINT, *own_options.NAMES),
        )
        return False
    _require_enough(options)
    if options.csv is not None:
        _require_writable(options.csv)
    options.interrupted = "nothing was written"
    out = _console()
    rows, shown = kind(options, out)
    if options.csv is not None:
        write_atomic(options.csv, geometry_tables.csv_text(rows).encode())
    for one in shown:
        out.print(one, markup=False, highlight=False)
    return True


def _console() -> Console:
    out = Console()
    return out if out.is_terminal or os.environ.get("COLUMNS") else Console(width=COLUMNS)


def _kind(options: argparse.Namespace) -> Callable | None:
    target = options.run
    path = Path(target)
    if path.is_dir() and (path / MANIFEST).is_file():
        return _bundle
    if own_options.is_own(options):
        return _own
    if target in runspec.names() or path.suffix == ".toml":
        return None
    if path.suffix == CHECKPOINT:
        return _checkpoint
    if path.is_dir():
        raise WrongTarget(
            f"{path} has no {MANIFEST}, so it is not the folder of a bundle; python -m empirical bundle RUN prints such a "
            "folder. For your own network give what builds it: FILE.py:NAME --images FOLDER"
        )
    if path.exists():
        raise WrongTarget(
            f"{path} is no run (.toml), no checkpoint ({CHECKPOINT}), no folder of a bundle and no network (FILE.py:NAME); "
            "give one of these"
        )
    return None


def _own(options, out: Console):
    _refuse(options, kind="your own network", names=("cache", "workers", "of"))
    with _needing_torch("your own network"):
        from empirical.pipeline import own_network
    own = own_network.prepared(options)
    for heading, words in own.told:
        out.print(f"{heading:8} {words}", markup=False, highlight=False, soft_wrap=True)
    with _noted():
        rows = own_network.measured(own, options)
    one = rows[0]
    words = f"P = {one.n_manifolds}, M = {one.n_points:g}, {one.n_probes // one.n_manifolds} probes each"
    return rows, [f"{own.name}: {words}", rows]


def _checkpoint(options, out: Console):
    _refuse(options, kind="a checkpoint", names=("cache", "workers", *own_options.NAMES))
    with _needing_torch("a checkpoint"):
        from empirical.geometry.checkpoint_geometry import checkpoint_geometry
    given = {name: getattr(options, name) for name in ("correlations", "resamples", "joint_draws")}
    measured = {"n_points": options.points, "n_probes": options.probes, "device": options.device}
    measured |= {name: value for name, value in given.items() if value is not None}
    with _noted():
        rows = checkpoint_geometry(Path(options.run), options.layers, run=options.of, seed=options.seed, **measured)
    one = rows[0]
    words = f"P = {one.n_manifolds}, M = {one.n_points:g}, {one.n_probes // one.n_manifolds} probes each"
    title = f"{one.run}, network {one.network}, epoch {one.epoch}: {words}"
    return rows, [geometry_tables.geometry_table(rows, title)]


@contextmanager
def _needing_torch(what: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise WrongTarget(
            f"measuring {what} needs {error.name}, which is not installed: {how_to_install('networks')}"
        ) from error


@contextmanager
def _noted() -> Iterator[None]:
    """Warnings of what runs inside are printed on stderr when it is done, each once."""
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        yield
    for note in dict.fromkeys(str(note.message) for note in notes):
        Console(stderr=True, highlight=False).print(f"geomem: {note}", markup=False)


def _bundle(options, out: Console):
    _refuse(
        options,
        kind="a bundle, whose numbers are recorded",
        names=("seed", "device", "cache", "workers", *OF_A_CHECKPOINT, *own_options.NAMES),
    )
    bundle = read_bundle(Path(options.run))
    rows = geometry_tables.recorded_geometry(bundle, options.run, options.layers)
    first, last = (rows[index].epoch for index in (0, -1))
    words = f"{bundle.manifest.get('world', options.run)}: geometry of {max(row.n_networks for row in rows)} networks"
    return rows, [geometry_tables.recorded_table(rows, f"{words}, epochs {first} and {last}, as recorded")]


def _refuse(options, kind: str, names) -> None:
    for name in names:
        if getattr(options, name) is not None:
            flag = "run" if name == "of" else name.replace("_", "-")
            raise WrongTarget(f"--{flag} does not go with {kind}; leave it out")


def _require_enough(options) -> None:
    for name, fewest in FEWEST.items():
        given = getattr(options, name)
        if given is not None and given < fewest:
            raise WrongTarget(f"--{name} must be {fewest} or more; received {given}: give more, or leave it out")


def _require_writable(path: Path) -> None:
    """Raise the error before minutes of measuring, not after."""
    if path.is_dir() or not path.parent.is_dir():
        raise StorageError(f"--csv {path} must be a file in a folder that exists; make the folder, or choose another")
    if not os.access(path.parent, os.W_OK):
        raise StorageError(f"--csv {path} cannot be written, because its folder is read-only; choose another folder")


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError(f"must name one layer or more, with commas between them; received {text!r}")
    return names


def _correlations(text: str) -> int | str:
    if text in METHODS or text.isdecimal():
        return text if text in METHODS else int(text)
    raise argparse.ArgumentTypeError(f"must be cavity, published, or a whole number, 0 or more; received {text!r}")
