"""Every estimator of capacity compared with separating random dichotomies.

Run ``python -m benchmarks.capacity``. It trains a network on labels of which half are permuted, and prints four tables: the
capacity of the network's layers; that of populations whose correlations are known; how often intervals cover the class; and how
much the capacity changes when the clouds hardly change. It takes about ten minutes on one core, and needs torch.
"""

import argparse
import importlib.util
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from benchmarks import machine, worlds
from benchmarks.capacity_tables import tables
from benchmarks.coverage import coverage
from benchmarks.estimators import capacities, new_seed, over_populations
from benchmarks.perturbations import changes
from benchmarks.populations import populations

# M where points are drawn again: a small part of each class.
REDRAWN = 20
# The populations that are perturbed.
PERTURBED = ("balls, shared 0.7", *(f"layer-like, P = {one}" for one in (5, 10, 20, 60)))
COLUMNS = 150
Say = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """Sample sizes.

    draws: dichotomies for each population, times P. populations: drawn for each row. probes: of each manifold. redraws: of the
    points of a layer. resamples: halves of the points for one error. largest: P of the largest populations.
    recipe: changes to the network's recipe.
    """

    draws: int = 1000
    populations: int = 6
    probes: int = 300
    redraws: int = 40
    resamples: int = 4
    largest: int = 100
    recipe: dict[str, int] = field(default_factory=dict)


QUICK = Effort(20, 2, 12, 2, 2, 32, {"epochs": 1, "n_points": 6, "n_draws": 2})


def main(arguments: list[str] | None = None) -> int:
    """The exit status, after printing tables and writing all numbers to the JSON file."""
    options = _parser().parse_args(arguments)
    if problem := _problem(options):
        print(problem, file=sys.stderr)
        return 1
    console, out = Console(stderr=True), Console(width=None if sys.stdout.isatty() else COLUMNS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = measure(options.data, options.seed, QUICK if options.quick else Effort(), console.print)
    for table in tables(found):
        out.print(table)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument("--data", type=Path, help=f"folder with {worlds.TRAIN}; without it the network is trained on digits")
    parser.add_argument("--quick", action="store_true", help="tiny samples, to see that everything runs; numbers mean nothing")
    parser.add_argument("--seed", type=int, default=0, help="of the network, the populations and all draws")
    parser.add_argument("--json", type=Path, help="write all numbers to this file")
    return parser


def _problem(options) -> str:
    """What is wrong with the options, or nothing."""
    if importlib.util.find_spec("torch") is None:
        return "the layers need torch, which is not installed: python -m pip install torch"
    if options.data and not worlds.has_cifar(options.data):
        return f"--data {options.data} has no {worlds.TRAIN}: unpack CIFAR-100's binary version there"
    if options.json and not options.json.parent.is_dir():
        return f"--json {options.json}: there is no folder {options.json.parent}; make it, or choose another"
    return ""


def measure(data: Path | None, seed: int, effort: Effort, say: Say) -> dict[str, Any]:
    """All numbers of the tables: "about", "seed", "network", "layers", "populations", "coverage" and "noise".

    :param data: folder with CIFAR-100, or None for the digits. :param say: is told of every row as it is finished.
    """
    import torch

    from benchmarks.permuted_network import CIFAR, DIGITS, PermutedNetwork

    # As in every training process.
    torch.set_num_threads(1)
    network = PermutedNetwork(data, replace(CIFAR if data else DIGITS, **effort.recipe), seed)
    fitted = ", ".join(f"{share:.3f} of the {name} labels" for name, share in network.fitted.items())
    about = f"small VGG on {'CIFAR-100' if data else 'digits'}, {network.recipe.epochs} epochs, which fitted {fitted}"
    say(about)
    found = {
        "about": machine.about(),
        "seed": seed,
        "network": about,
        "layers": list(_told(_layers(network, seed, effort), say)),
        "populations": list(_told(_populations(seed, effort), say)),
        "coverage": list(_told(_coverage(network, seed, effort), say)),
        "noise": list(_told(_noise(network, seed, effort), say)),
    }
    say(f"{time.process_time():.0f} s of processor time in all")
    return found


def _told(rows: Iterator[dict], say: Say) -> Iterator[dict]:
    start = time.perf_counter()
    for row in rows:
        say(f"{row['name']}: {time.perf_counter() - start:.1f} s")
        yield row
        start = time.perf_counter()


def _layers(network, seed: int, effort: Effort) -> Iterator[dict]:
    rng, recipe = np.random.default_rng(seed), network.recipe
    groups = network.groups(rng)
    for layer in recipe.layers:
        for group, members in groups.items():
            clouds = network.clouds(layer, members, recipe.n_points, rng)
            found = capacities(clouds, recipe.n_draws, effort.probes, new_seed(rng), center_mean=True)
            yield {"name": f"{layer} {group}", "layer": layer, "group": group, "shape": clouds.shape, "estimates": found}


def _populations(seed: int, effort: Effort) -> Iterator[dict]:
    for one in populations(effort.largest):
        n_draws = max(effort.draws // one.n_manifolds, 2)
        found = over_populations(one.draw, effort.populations, n_draws, effort.probes, seed, one.center_mean)
        yield {"name": one.name, "estimates": found}


def _coverage(network, seed: int, effort: Effort) -> Iterator[dict]:
    classes = [np.flatnonzero(network.labels.true == label) for label in range(network.n_classes)]
    sizes = REDRAWN, effort.redraws, effort.resamples, effort.probes, seed
    for layer in (network.recipe.layers[0], network.recipe.layers[-1]):
        found = coverage([network.features(layer, one) for one in classes], *sizes)
        yield from ({"name": f"{layer} {quantity}", **one} for quantity, one in found.items())


def _noise(network, seed: int, effort: Effort) -> Iterator[dict]:
    for name, clouds, center_mean in _perturbed(network, seed, effort):
        found = changes(clouds, effort.probes, seed, center_mean)
        yield from ({"name": f"{name}: {change}", "methods": one} for change, one in found.items())


def _perturbed(network, seed: int, effort: Effort) -> Iterator[tuple[str, list[np.ndarray], bool]]:
    """Clouds like a layer's, balls, and the narrow layers of the network in every group."""
    for one in populations(effort.largest):
        if one.name in PERTURBED:
            rngs = [np.random.default_rng([seed, index]) for index in range(effort.populations)]
            yield one.name, [one.draw(rng) for rng in rngs], one.center_mean
    rng, recipe = np.random.default_rng(seed), network.recipe
    groups = network.groups(rng).values()
    clouds = [network.clouds(layer, one, recipe.n_points, rng) for layer in recipe.layers[-2:] for one in groups]
    yield f"{' and '.join(recipe.layers[-2:])}, P = {network.n_classes}", clouds, True


if __name__ == "__main__":
    sys.exit(main())
