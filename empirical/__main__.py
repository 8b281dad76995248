"""python -m empirical {data,train,measure,bundle,merge,label-errors}: real networks, from data to evidence; wrong labels."""

import argparse
import sys
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from rich.console import Console

from empirical.data import datasets
from empirical.errors import GeomemError, StorageError, near_or_all
from empirical.evidence.accuracy_table import accuracy_table
from empirical.evidence.bundle import read_bundle, record
from empirical.evidence.merge import merge_bundles
from empirical.identity import sweeps as identity_sweeps
from empirical.label_errors import command as label_errors
from empirical.pipeline import cluster, make_bundle, show_geometry
from empirical.pipeline.shown_progress import progress
from empirical.pipeline.workers import run_steps
from empirical.pipes import ends_with_its_reader
from empirical.runs import network_numbers, runspec, sweeps
from empirical.storage import explain, make_folder


@ends_with_its_reader
def main(arguments: list[str] | None = None, prog: str = "python -m empirical") -> int:
    """The exit status of one command: 0, or 1 after an error that the user can correct, which is one line on stderr.

    An interrupted command returns 130.

    :param arguments: the words of the command; None stands for those of the process. :param prog: what the user called.
    """
    options = parser(prog).parse_args(arguments)
    try:
        options.command(options)
    except GeomemError as error:
        print(f"geomem: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        again = getattr(options, "interrupted", "run the same command again: it resumes")
        print(f"geomem: interrupted; {again}", file=sys.stderr)
        return 130
    return 0


def parser(prog: str = "python -m empirical") -> argparse.ArgumentParser:
    """The commands and their options; ``prog`` is what the user called."""
    whole = argparse.ArgumentParser(prog=prog, description=f"{__doc__}".partition(": ")[2])
    commands = whole.add_subparsers(required=True, metavar="command")
    _add_data(commands.add_parser("data", help="describe a data set and check it; or bring it in"))
    train = commands.add_parser("train", help="train a run's networks, or resume")
    _add_run(train, _train)
    measure = commands.add_parser(
        "measure", help="measure a run's networks; or show the geometry of your own network, of one checkpoint, or of a bundle"
    )
    _add_run(
        measure, _measure, "; or your own network, FILE.py:NAME; or a checkpoint (.safetensors); or the folder of a bundle"
    )
    show_geometry.add_options(measure)
    bundle = commands.add_parser("bundle", help="train, measure and write the run's bundle of evidence")
    _add_run(bundle, _bundle)
    _add_many(bundle)
    merge = commands.add_parser("merge", help="write one bundle from bundles of some networks of a run")
    _add_merge(merge)
    wrong = commands.add_parser("label-errors", help="find wrong labels in your own images: train a network, and rank them")
    label_errors.add_options(wrong)
    wrong.set_defaults(command=_label_errors)
    for command in (bundle, merge):
        command.add_argument("--into", type=Path, help="keep it there as recorded evidence, such as verify/evidence")
    return whole


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("dataset", nargs="?", default="digits", help=f"one of {', '.join(datasets.CLASSES)} (default: digits)")
    way = command.add_mutually_exclusive_group()
    way.add_argument("--from", dest="source", type=Path, help="bring it in from its published archive or a folder of its files")
    way.add_argument("--download", action="store_true", help="download it from its publisher, unless it is here")
    command.set_defaults(command=_data)


def _add_run(command: argparse.ArgumentParser, work: Callable, more: str = "") -> None:
    """Add the options that every command on a run has; ``more`` says what the command accepts besides a run."""
    command.add_argument("run", help=f"a run's name ({', '.join(_names())}) or a .toml file{more}")
    command.add_argument("--seed", type=int, help="root seed, in place of the run's own")
    command.add_argument("--device", help="cpu or cuda, in place of the run's own")
    command.add_argument(
        "--cache", type=Path, help="folder for checkpoints and bundles (default: $GEOMEM_CACHE, ~/.cache/geomem)"
    )
    command.add_argument("--workers", type=_positive, help="processes (default: one per core); does not change the result")
    command.set_defaults(command=work)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more; received {text!r}")
    return int(text)


def _names() -> list[str]:
    return [*runspec.names(), *identity_sweeps.names()]


def _add_many(command: argparse.ArgumentParser) -> None:
    command.add_argument("--networks", help="only these, such as 0-3,5; bundles of some can be merged (default: all)")
    command.add_argument(
        "--discard-checkpoints", action="store_true", help="delete a network's checkpoints as soon as it is measured"
    )
    command.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster that does the work, tcp://host:port")


def _add_merge(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", help="the run's name or .toml file")
    command.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="the folder of a bundle")
    command.add_argument("--seed", type=int, help="root seed, in place of the run's own")
    command.add_argument("--cache", type=Path, help="folder for bundles (default: $GEOMEM_CACHE, ~/.cache/geomem)")
    command.set_defaults(command=_merge)


def _data(options) -> None:
    if options.source:
        datasets.local_copy(options.dataset).bring(options.source)
    if options.download:
        _download(options.dataset)
    data = datasets.load(options.dataset)
    counts = np.bincount(data.labels, minlength=data.n_classes)
    print(f"{data.name}: {len(data.raw)} images of {'x'.join(map(str, data.raw.shape[1:]))}, {data.n_classes} classes")
    print(f"per class: {', '.join(map(str, counts))}")
    known = "as brought in" if data.name in datasets.BROUGHT_IN else "as expected"
    print(f"sha256: {data.checksum} ({known})")


def _download(name: str) -> None:
    if datasets.local_copy(name).is_whole():
        return
    try:
        from empirical.data import publishers
    except ImportError as error:
        raise GeomemError(
            "--download needs pooch, which is not installed: python -m pip install pooch; or bring in any copy: --from PATH"
        ) from error
    if note := publishers.PUBLISHED[name].note:
        print(f"{name}: {note}", file=sys.stderr)
    with progress(f"downloading {name}") as report:
        publishers.download(name, report)


def _train(options) -> None:
    _steps(options, ("train",))


def _measure(options) -> None:
    if not show_geometry.shown(options):
        _steps(options, ("measure",))


def _steps(options, steps) -> None:
    sweep, folders = _sweep(options), []
    with progress(f"{sweep.name}: {steps[0]}") as report:
        for number, spec in enumerate(sweep.specs):
            with make_bundle.working_on(spec, options.cache) as folder:
                run_steps(spec, folder, steps, _share(report, number, sweep), options.workers)
            folders.append(folder)
    print(*folders, sep="\n")


def _bundle(options) -> None:
    _require_known(options.run)
    if options.into:
        _require_folder(options.into)
    if identity_sweeps.is_identity(options.run):
        return _identity_bundles(options)
    if options.into and options.networks is not None:
        raise GeomemError(
            "--into and --networks do not go together, because recorded evidence has all networks; merge bundles of some "
            "networks: python -m empirical merge --into"
        )
    sweep, made = _sweep(options), []
    chosen = [_chosen(options, spec) for spec in sweep.specs]
    n_networks = sum(spec.n_networks if some is None else len(some) for spec, some in zip(sweep.specs, chosen, strict=True))
    cluster_or_here = cluster.executor_at(options.scheduler) if options.scheduler else nullcontext()
    with cluster_or_here as executor, progress(f"{sweep.name}: training and measuring {n_networks} networks") as report:
        for number, (spec, some) in enumerate(zip(sweep.specs, chosen, strict=True)):
            share, more = _share(report, number, sweep), {"networks": some, "discard": options.discard_checkpoints}
            made.append(make_bundle.make_bundle(spec, options.cache, share, options.workers, executor, **more))
    for spec, folder in zip(sweep.specs, made, strict=True):
        _show(spec, folder, options.into)


def _require_known(run: str) -> None:
    """Refuse a name that is neither a run, a sweep nor a world of images; files are read later."""
    if run.endswith(".toml") or run.partition("/")[0] in _names():
        return
    raise GeomemError(f"no run {run!r}; {near_or_all(run, _names())} (or give the path of a .toml file)")


def _require_folder(into: Path) -> None:
    """Raise before hours of training where the evidence could not be kept; the folder is made."""
    probe = make_folder(into) / ".writable"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StorageError(explain(error, into)) from error


def _identity_bundles(options) -> None:
    if options.networks is not None or options.scheduler or options.device not in (None, "cpu"):
        raise GeomemError(
            "networks that reproduce images are trained all at once on this machine's processors: leave out --networks, "
            "--scheduler and --device"
        )
    from empirical.identity.make_bundles import make_bundles

    sweep = identity_sweeps.load(options.run, **({} if options.seed is None else {"seed": options.seed}))
    with progress(f"{sweep.name}: training and measuring") as report:
        made = make_bundles(sweep, options.cache, report, options.workers)
    for spec, folder in zip(sweep.specs, made, strict=True):
        print(record(folder, options.into / spec.name) if options.into else folder)


def _chosen(options, spec: runspec.RunSpec) -> tuple[int, ...] | None:
    return None if options.networks is None else network_numbers.selected(options.networks, spec.n_networks)


def _merge(options) -> None:
    sweep = _sweep(options)
    if sweep.field:
        raise GeomemError(
            f"{sweep.name} is a sweep, and a bundle has one run; merge its runs one by one: {sweep.specs[0].name}, ..."
        )
    (spec,) = sweep.specs
    _show(spec, merge_bundles(spec, options.folders, options.cache), options.into)


def _show(spec: runspec.RunSpec, folder: Path, into: Path | None) -> None:
    if spec.epochs:
        Console(stderr=True).print(accuracy_table(read_bundle(folder)))
    print(record(folder, into / spec.name) if into else folder)


def _sweep(options) -> sweeps.Sweep:
    if identity_sweeps.is_identity(options.run):
        raise GeomemError(f"networks of {options.run} are trained and measured at once: use the command bundle")
    changes = {name: value for name in ("seed", "device") if (value := getattr(options, name, None)) is not None}
    return sweeps.load(options.run, **changes)


def _label_errors(options) -> None:
    with warnings.catch_warnings():
        # They are printed with the rest.
        warnings.simplefilter("ignore")
        print(label_errors.run(options, progress))


def _share(report: Callable[[float, float], None], number: int, sweep: sweeps.Sweep) -> Callable[[int, int], None]:
    """The function that reports progress of one run as progress of the whole sweep."""
    return lambda done, total: report(number + done / total, len(sweep.specs))


if __name__ == "__main__":
    sys.exit(main())
