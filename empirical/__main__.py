"""python -m empirical {data,train,measure,bundle}: real networks, from data to evidence."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from empirical import bundles, cifar100, datasets, jobs, measuring, recording, runspec, sweeps
from empirical.errors import GeomemError
from empirical.measurements import Bundle, read_bundle


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors that are the user's to mend are one line on stderr and exit status 1."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except GeomemError as error:
        print(f"geomem: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("geomem: interrupted; run the same command again: it resumes", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m empirical", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    data = commands.add_parser("data", help="describe a data set and check it")
    data.add_argument("dataset", nargs="?", default="digits")
    data.add_argument("--from", dest="source", type=Path, help="folder that holds it: train.bin and test.bin of CIFAR-100")
    data.set_defaults(command=_data)
    for name, command, words in (
        ("train", _train, "train a run's networks, or resume"),
        ("measure", _measure, "measure a run's networks; or show the geometry of one checkpoint, or of a bundle"),
        ("bundle", _bundle, "train, measure and write the run's bundle of evidence"),
    ):
        step = commands.add_parser(name, help=words)
        more = "; or a checkpoint (.safetensors), or the folder of a bundle" if name == "measure" else ""
        step.add_argument("run", help=f"a run's name ({', '.join(runspec.names())}) or a .toml file{more}")
        step.add_argument("--seed", type=int, help="root seed, in place of the run's own")
        step.add_argument("--device", help="cpu or cuda, in place of the run's own")
        step.add_argument(
            "--cache", type=Path, help="folder for checkpoints and bundles (default: $GEOMEM_CACHE, ~/.cache/geomem)"
        )
        step.add_argument("--workers", type=int, help="processes (default: one per core); does not change the result")
        step.set_defaults(command=command)
        if name == "measure":
            measuring.add_options(step)
        if name == "bundle":
            step.add_argument("--into", type=Path, help="copy it there as recorded evidence, such as verify/evidence")
    return parser


def _data(options) -> None:
    if options.source:
        _bring(options.dataset, options.source)
    data = datasets.load(options.dataset)
    counts = np.bincount(data.labels, minlength=data.n_classes)
    print(f"{data.name}: {len(data.images)} images of {'x'.join(map(str, data.images.shape[1:]))}, {data.n_classes} classes")
    print(f"per class: {', '.join(map(str, counts))}")
    known = "as brought in" if data.name == "cifar100" else "as expected"
    print(f"sha256: {data.checksum} ({known})")


def _bring(name: str, source: Path) -> None:
    if name != "cifar100":
        raise GeomemError(f"--from is for cifar100; {name} needs no files")
    cifar100.bring(source)


def _train(options) -> None:
    _steps(options, ("train",))


def _measure(options) -> None:
    if not measuring.shown(options):
        _steps(options, ("measure",))


def _steps(options, steps) -> None:
    sweep, folders = _sweep(options), []
    with _progress(f"{sweep.name}: {steps[0]}") as report:
        for number, spec in enumerate(sweep.specs):
            with bundles.working_on(spec, options.cache) as folder:
                jobs.run_steps(spec, folder, steps, _share(report, number, sweep), options.workers)
            folders.append(folder)
    print(*folders, sep="\n")


def _bundle(options) -> None:
    sweep, made = _sweep(options), []
    networks = sum(spec.n_networks for spec in sweep.specs)
    with _progress(f"{sweep.name}: training and measuring {networks} networks") as report:
        for number, spec in enumerate(sweep.specs):
            folder = bundles.make_bundle(spec, options.cache, _share(report, number, sweep), options.workers)
            made.append(recording.record(folder, options.into / spec.name) if options.into else folder)
    for spec, folder in zip(sweep.specs, made, strict=True):
        if spec.epochs:
            Console(stderr=True).print(_summary(read_bundle(folder)))
        print(folder)


def _sweep(options) -> sweeps.Sweep:
    changes = {name: getattr(options, name) for name in ("seed", "device") if getattr(options, name) is not None}
    return sweeps.load(options.run, **changes)


def _share(report: Callable[[float, float], None], number: int, sweep: sweeps.Sweep) -> Callable[[int, int], None]:
    """Progress of one run as progress of all of them."""
    return lambda done, total: report(number + done / total, len(sweep.specs))


@contextmanager
def _progress(words: str) -> Iterator[Callable[[float, float], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _summary(bundle: Bundle) -> Table:
    """Accuracies, averaged over networks, at a few epochs."""
    table = Table(title=f"{bundle.manifest['world']}: accuracy, mean over networks")
    groups = ("unpermuted", "permuted", "restored", "test")
    for heading in ("epoch", *groups):
        table.add_column(heading, justify="right")
    rows = [row for row in bundle.rows if row.quantity == "accuracy" and row.choice != "select"]
    epochs = sorted({row.epoch for row in rows})
    for epoch in epochs[:: max(1, len(epochs) // 8)]:
        here = {g: [r.value for r in rows if r.epoch == epoch and r.group == g] for g in groups}
        table.add_row(str(epoch), *(f"{np.mean(values):.3f}" if values else "" for values in here.values()))
    return table


if __name__ == "__main__":
    sys.exit(main())
