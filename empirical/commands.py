"""The commands of ``python -m empirical``, each a function of its options."""

import sys
import warnings
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from filelock import Timeout
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
from empirical.runs import network_numbers, runspec, sweeps
from empirical.storage import explain, make_folder


def run_names() -> list[str]:
    """The names of all runs, sweeps and worlds of images that come with the package."""
    return [*runspec.names(), *identity_sweeps.names()]


def data(options: Namespace) -> None:
    """Bring in a data set where the options ask for it, and describe it with its checksum."""
    if options.source:
        datasets.local_copy(options.dataset).bring(options.source)
    if options.download:
        _download(options.dataset)
    found = datasets.load(options.dataset)
    counts = np.bincount(found.labels, minlength=found.n_classes)
    print(f"{found.name}: {len(found.raw)} images of {'x'.join(map(str, found.raw.shape[1:]))}, {found.n_classes} classes")
    print(f"per class: {', '.join(map(str, counts))}")
    known = "as brought in" if found.name in datasets.BROUGHT_IN else "as expected"
    print(f"sha256: {found.checksum} ({known})")


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


def train(options: Namespace) -> None:
    """Train a run's networks, or resume, and print their folders."""
    _steps(options, ("train",))


def measure(options: Namespace) -> None:
    """Show the geometry of one's own network, of a checkpoint or of a bundle; or measure a run's networks."""
    if not show_geometry.shown(options):
        _steps(options, ("measure",))


def _steps(options: Namespace, steps: tuple[str, ...]) -> None:
    sweep, folders = _sweep(options), []
    with progress(f"{sweep.name}: {steps[0]}") as report:
        for number, spec in enumerate(sweep.specs):
            with make_bundle.working_on(spec, options.cache) as folder:
                run_steps(spec, folder, steps, _share(report, number, sweep), options.workers)
            folders.append(folder)
    print(*folders, sep="\n")


def bundle(options: Namespace) -> None:
    """Train and measure the networks of a run, or of several, write their evidence, and print its folders."""
    runs = [options.run, *options.more]
    for run in runs:
        _require_known(run)
    if options.into:
        _require_folder(options.into)
    each = [Namespace(**{**vars(options), "run": run}) for run in runs]
    # What another process makes at the moment comes last, because by then it is made.
    left = [one for one in each if not _bundle(one, wait=one is each[-1])]
    for one in left:
        _bundle(one)


def _bundle(options: Namespace, wait: bool = True) -> bool:
    """Whether the evidence of one run is made.

    :param wait: for another process that makes a world of images; otherwise False is returned at once.
    """
    if identity_sweeps.is_identity(options.run):
        return _identity_bundles(options, wait)
    _run_bundles(options)
    return True


def _run_bundles(options: Namespace) -> None:
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
    if run.endswith(".toml") or run.partition("/")[0] in run_names():
        return
    raise GeomemError(f"no run {run!r}; {near_or_all(run, run_names())} (or give the path of a .toml file)")


def _require_folder(into: Path) -> None:
    """Raise before hours of training where the evidence could not be kept; the folder is made."""
    probe = make_folder(into) / ".writable"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StorageError(explain(error, into)) from error


def _identity_bundles(options: Namespace, wait: bool) -> bool:
    if options.networks is not None or options.scheduler or options.device not in (None, "cpu"):
        raise GeomemError(
            "networks that reproduce images are trained all at once on this machine's processors: leave out --networks, "
            "--scheduler and --device"
        )
    from empirical.identity.make_bundles import make_bundles

    sweep = identity_sweeps.load(options.run, **({} if options.seed is None else {"seed": options.seed}))
    with progress(f"{sweep.name}: training and measuring") as report:
        try:
            made = make_bundles(sweep, options.cache, report, options.workers, wait=wait)
        except Timeout:
            return False
    for spec, folder in zip(sweep.specs, made, strict=True):
        print(record(folder, options.into / spec.name) if options.into else folder)
    return True


def _chosen(options: Namespace, spec: runspec.RunSpec) -> tuple[int, ...] | None:
    return None if options.networks is None else network_numbers.selected(options.networks, spec.n_networks)


def merge(options: Namespace) -> None:
    """Write one bundle from bundles of some networks, and print its folder."""
    sweep = _sweep(options)
    if sweep.field:
        raise GeomemError(
            f"{sweep.name} is a sweep, and a bundle has one run; merge its runs one by one: {sweep.specs[0].name}, ..."
        )
    (spec,) = sweep.specs
    folder = merge_bundles(spec, options.folders, options.cache)
    _show(spec, folder, options.into)
    if missing := set(range(spec.n_networks)) - set(read_bundle(folder).manifest["networks"]):
        numbers = network_numbers.words(missing)
        print(
            f"{spec.name} declares {spec.n_networks} networks; not in these bundles: {numbers}. Make them with: python -m "
            f"empirical bundle {options.run} --networks {numbers}",
            file=sys.stderr,
        )


def _show(spec: runspec.RunSpec, folder: Path, into: Path | None) -> None:
    if spec.epochs:
        Console(stderr=True).print(accuracy_table(read_bundle(folder)))
    print(record(folder, into / spec.name) if into else folder)


def _sweep(options: Namespace) -> sweeps.Sweep:
    if identity_sweeps.is_identity(options.run):
        raise GeomemError(f"networks of {options.run} are trained and measured at once: use the command bundle")
    changes = {name: value for name in ("seed", "device") if (value := getattr(options, name, None)) is not None}
    return sweeps.load(options.run, **changes)


def find_label_errors(options: Namespace) -> None:
    """Draw a sample to verify, or train a network and rank labels by suspicion."""
    with warnings.catch_warnings():
        # They are printed with the rest.
        warnings.simplefilter("ignore")
        print(label_errors.run(options, progress))


def _share(report: Callable[[float, float], None], number: int, sweep: sweeps.Sweep) -> Callable[[int, int], None]:
    """The function that reports progress of one run as progress of the whole sweep."""
    return lambda done, total: report(number + done / total, len(sweep.specs))
