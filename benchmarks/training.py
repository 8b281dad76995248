"""The share of the time of training that its matrix products alone would take.

Run ``python -m benchmarks.training``. It times epochs of a run's training and the bare products of the layers in turn, in one
process, so that both depend equally on the state of the machine. Without options the run is cifar100-small, on one core.
"""

import argparse
import json
import statistics
import sys
from dataclasses import replace
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from benchmarks import machine
from benchmarks.products import operations, products_of
from empirical.errors import GeomemError
from empirical.runs import runspec
from empirical.training.sgd import Steps, optimizer_of, recorded, warm_up
from empirical.training.subject import Subject
from empirical.training.train import one_epoch

# The goal for the share of the products in the time of training.
GOAL = 0.8
COLUMNS = 130


def main(arguments: list[str] | None = None) -> int:
    """The exit status, after printing a table and writing all numbers to the JSON file."""
    options = _parser().parse_args(arguments)
    # As in every training process.
    torch.set_num_threads(1)
    try:
        found = {"about": machine.about(), **measure(_spec(options), options.rounds)}
    except GeomemError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    Console(width=None if sys.stdout.isatty() else COLUMNS).print(_table(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("run", nargs="?", default="cifar100-small", help="a run's name or a .toml file")
    parser.add_argument("--device", help="cpu or cuda (default: that of the run)")
    parser.add_argument("--precision", help="float32 or bfloat16 (default: that of the run)")
    parser.add_argument("--images", type=int, help="number of training images (default: that of the run)")
    parser.add_argument("--rounds", type=int, default=5, help="number of epochs, each followed by its products")
    parser.add_argument("--json", type=Path, help="write all numbers to this file")
    return parser


def _spec(options) -> runspec.RunSpec:
    fields = {"device": options.device, "precision": options.precision, "train_images": options.images}
    spec = runspec.load(options.run, **{name: value for name, value in fields.items() if value is not None})
    return replace(spec, epochs=options.rounds + 1)


def measure(spec: runspec.RunSpec, rounds: int) -> dict:
    """Wall and processor seconds of every epoch and of its products, by name, after one epoch to warm up."""
    subject, device = Subject.of(spec, 0), spec.device
    model = subject.build()
    targets = torch.from_numpy(subject.labels.trained).to(subject.images.device)
    steps = Steps(model, optimizer_of(model, spec, subject.images.device), subject.images, targets, spec)
    batch = subject.images[: spec.batch_size]
    products = _repeated(subject, products_of(model, batch, getattr(torch, spec.precision)))
    training, bare = [], []
    for epoch in range(1, rounds + 2):
        training.append(machine.seconds(lambda epoch=epoch: one_epoch(steps, subject, epoch), device))
        bare.append(machine.seconds(products, device))
    return {
        "run": spec.name,
        "device": device if device == "cpu" else torch.cuda.get_device_name(),
        "precision": spec.precision,
        "images": len(subject.images),
        "batch_norm": spec.batch_norm,
        "operations": operations(model, batch) * len(subject.images) / len(batch),
        **{name: [one[0] for one in found[1:]] for name, found in (("training", training), ("products", bare))},
        **{f"{name}_processor": [one[1] for one in found[1:]] for name, found in (("training", training), ("products", bare))},
    }


def _repeated(subject: Subject, products):
    """A function that computes the products of an epoch; a smaller last batch counts as a full batch."""

    def once():
        for product in products:
            product()

    work = once
    if subject.images.device.type == "cuda":
        warm_up(once)
        work = recorded(once)
    batches = -(-len(subject.images) // subject.spec.batch_size)

    def epoch():
        for _ in range(batches):
            work()

    return epoch


def shares(found: dict, clock: str = "") -> list[float]:
    """The time of the products divided by the time of training, for every epoch.

    :param clock: "" for wall time, "_processor" for processor time.
    """
    return [bare / whole for whole, bare in zip(found[f"training{clock}"], found[f"products{clock}"], strict=True)]


def _table(found: dict) -> Table:
    norm = "with" if found["batch_norm"] else "without"
    title = f"{found['run']}, {norm} BatchNorm, {found['images']:,} images, {found['precision']}, on {found['device']}"
    table = Table("", "an epoch s", "its products s", "share", f"goal {GOAL:.0%}", title=title)
    clocks = {"clock": ""}
    if found["device"] == "cpu":
        clocks["processor"] = "_processor"
    for words, clock in clocks.items():
        share = shares(found, clock)
        median = statistics.median(share)
        columns = (_spread(found[f"{name}{clock}"], "{:.3f}") for name in ("training", "products"))
        table.add_row(words, *columns, _spread(share, "{:.1%}"), "reached" if median >= GOAL else "missed")
    rate = found["operations"] / statistics.median(found["products"])
    table.caption = f"the products: {found['operations'] / 1e12:.3g} TFLOP an epoch, {rate / 1e12:.3g} TFLOP/s"
    return table


def _spread(values: list[float], form: str) -> str:
    middle, low, high = (form.format(value) for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({low}-{high})"


if __name__ == "__main__":
    sys.exit(main())
