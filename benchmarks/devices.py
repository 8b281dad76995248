"""The numbers of one network on a GPU beside those on the processor.

Run ``python -m benchmarks.devices --device cuda``. One small network of the digits is measured on both devices at its
initialization: every gradient, and the geometry of every layer. It is then trained on both for a few epochs. The command prints
the largest relative difference of each quantity, and the accuracies after training. It fails where a measurement differs by
more than a thousandth, or an accuracy by more than five points: sums are taken in another order, and training amplifies the
difference.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from empirical import networks
from empirical.errors import GeomemError
from empirical.evidence.measurement import Reading
from empirical.geometry.readings import geometry_readings
from empirical.instruments.accuracies import accuracies, predict
from empirical.instruments.gradients import gradient_readings
from empirical.runs import runspec
from empirical.runs.runspec import RunSpec
from empirical.training.subject import Subject
from empirical.training.train import train

MEASURED, TRAINED = 1e-3, 0.05
SMALL = {"name": "devices", "width": 4, "train_images": 400, "epochs": 3, "geometry_points": 8, "geometry_probes": 20}


def main(arguments: list[str] | None = None) -> int:
    """The exit status, after printing a table: 1 where the devices differ by more than they may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.devices", description=__doc__)
    parser.add_argument("--device", default="cuda", help="the device that is compared with the processor (default: cuda)")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        measured, trained = compare(replace(runspec.load("digits"), **SMALL), options.device)
    except GeomemError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    Console().print(_table(options.device, measured, trained))
    worst = max(abs(one - other) for one, other in trained.values())
    return 0 if max(measured.values()) <= MEASURED and worst <= TRAINED else 1


def compare(spec: RunSpec, device: str) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """The largest relative difference of each quantity, and the accuracies of each group after training on both devices."""
    subjects = [Subject.of(replace(spec, device=name), 0) for name in ("cpu", device)]
    ours, theirs = ({_place(one): one.value for one in _readings(subject)} for subject in subjects)
    differences: dict[str, float] = {}
    for place, value in ours.items():
        relative = abs(theirs[place] - value) / max(abs(value), 1e-6)
        differences[place[0]] = max(differences.get(place[0], 0.0), relative)
    ends = [_trained(subject) for subject in subjects]
    return differences, {group: (ends[0][group], ends[1][group]) for group in ends[0]}


def _place(reading: Reading) -> tuple[str, ...]:
    return reading.quantity, reading.group, reading.choice, reading.layer


def _readings(subject: Subject) -> Iterator[Reading]:
    model = subject.build().eval()
    yield from gradient_readings(model, subject, "standard")[0]
    for reading in geometry_readings(model, subject, networks.layers(model)[:-1], 0, methods=(0, "cavity")):
        if reading.quantity != "kkt_residual":
            yield reading


def _trained(subject: Subject) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        train(subject, Path(folder))
        model = subject.at(Path(folder), subject.spec.epochs)
        return {f"{one.group} {one.choice}".strip(): one.value for one in accuracies(predict(model, subject), subject)}


def _table(device: str, measured: dict[str, float], trained: dict[str, tuple[float, float]]) -> Table:
    table = Table("", "cpu", device, "difference", title=f"One small network on cpu and {device}")
    for quantity, difference in measured.items():
        table.add_row(quantity, "", "", f"{difference:.1e} relative")
    for group, (one, other) in trained.items():
        table.add_row(f"accuracy, {group}", f"{one:.3f}", f"{other:.3f}", f"{other - one:+.3f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
