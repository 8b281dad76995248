"""Wrong labels found by geomem and by what people use, on the same trainings: ``python -m benchmarks.label_errors``.

Labels of digits, and of twenty classes of CIFAR-100, are made wrong: uniformly, or from each class to one other. One network is
trained on nine tenths of the given labels, and every detector ranks these. The table has the average precision over seeds with
its standard error, and the processor seconds that a detector takes beyond the one training, relative to it. cleanlab is
measured where it is installed (python -m pip install cleanlab). The last lines time the watch on a million examples, and
check all of CIFAR-100's training images.
"""

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from benchmarks import label_error_detectors as detectors
from benchmarks import machine
from benchmarks.label_error_detectors import Training
from empirical.data import datasets
from empirical.data.examples import Examples, of_arrays
from empirical.data.exchanged_labels import exchange
from empirical.data.permuted_labels import permute
from empirical.errors import GeomemError
from empirical.label_errors import LabelWatch, own_network

NOISE = {
    "uniform 10 %": (permute, 0.1),
    "uniform 20 %": (permute, 0.2),
    "uniform 50 %": (permute, 0.5),
    "class-dependent 20 %": (exchange, 0.2),
    "class-dependent 40 %": (exchange, 0.4),
}
TRAININGS = {"digits": Training("mlp", None, 60, 32, 0.02), "cifar100": Training("convnet", 16, 40, 32, 0.02)}
SEEDS = {"digits": 8, "cifar100": 3}
CLASSES, PER_CLASS = 20, 100
HELD_OUT = 0.1
OURS = ("geomem, class-mean margin", "geomem, loss")
MILLION, MANY_CLASSES, MANY_FEATURES, BATCH = 1_000_000, 100, 128, 256
MINUTES = 120


def main(arguments: list[str] | None = None) -> int:
    """Print the comparison; the exit status."""
    options = _options(arguments)
    print(f"machine: {machine.about()}", flush=True)
    version = detectors.cleanlab_version()
    print(f"cleanlab: {version}" if version else "cleanlab: absent; its lines are left out (python -m pip install cleanlab)")
    found: dict = {"machine": machine.about(), "cleanlab": version, "cells": []}
    try:
        for data in options.data:
            seeds = range(options.seeds or (2 if options.quick else SEEDS[data]))
            for noise in list(NOISE)[:: 4 if options.quick else 1]:
                runs = [one(data, noise, seed, options.quick) for seed in seeds]
                found["cells"].append({"data": data, "noise": noise, "runs": runs})
                print(f"\n{data}, {noise}, {len(runs)} seeds\n{table(runs)}", flush=True)
        found["speed"] = speed(2_000 if options.quick else MILLION)
        if "cifar100" in options.data and not options.quick:
            found["all"] = all_of_cifar()
    except GeomemError as error:
        print(f"geomem: {error}", file=sys.stderr)
        return 1
    print(summary(found["cells"]))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.label_errors", description=__doc__)
    parser.add_argument("--data", nargs="+", choices=list(TRAININGS), default=list(TRAININGS))
    parser.add_argument("--seeds", type=int, help=f"in place of {SEEDS}")
    parser.add_argument("--quick", action="store_true", help="a few epochs on two seeds: to see that it runs")
    parser.add_argument("--json", type=Path, help="write all numbers there")
    return parser.parse_args(arguments)


def images_of(data: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
    """Images, true labels and number of classes: all digits, or a hundred images of each of twenty classes of CIFAR-100."""
    loaded = datasets.load(data)
    if data == "digits":
        return loaded.raw, loaded.labels, loaded.n_classes
    chosen = loaded.of_classes(rng.choice(loaded.n_classes, CLASSES, replace=False))
    members = [np.flatnonzero((chosen.labels == label) & ~chosen.published_test) for label in range(CLASSES)]
    index = np.concatenate([rng.choice(one, PER_CLASS, replace=False) for one in members])
    return chosen.raw[index], chosen.labels[index], CLASSES


def one(data: str, noise: str, seed: int, quick: bool = False) -> dict[str, list[float]]:
    """The average precision of each detector, and its seconds relative to the training, on one draw of noise and network."""
    rng, how = np.random.default_rng(seed), TRAININGS[data]
    if quick:
        how = Training(how.network, how.width, 3, how.batch_size, how.rate)
    raw, true, n_classes = images_of(data, rng)
    make, fraction = NOISE[noise]
    given = make(true, fraction, n_classes, rng).trained
    # A label that is right by coincidence is right.
    wrong, examples = given != true, of_arrays(raw, given, list(map(str, range(n_classes))))
    held_out = np.sort(rng.permutation(len(true))[: round(HELD_OUT * len(true))])
    scores, training = scored(examples, held_out, how, rng)
    trained = np.setdiff1d(np.arange(len(true)), held_out)
    return {
        name: [float(average_precision_score(wrong[trained], score[trained])), seconds / training]
        for name, (score, seconds) in scores.items()
    }


def scored(
    examples: Examples, held_out: np.ndarray, how: Training, rng: np.random.Generator
) -> tuple[dict[str, tuple[np.ndarray, float]], float]:
    """The scores of each detector, with its processor seconds beyond one training to 2E epochs; and those of that training."""
    watch, seconds = detectors.recorded(examples, held_out, how, rng)
    labels, logits = examples.labels, watch.logits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = watch.table()
    loss, margin = (np.empty(len(labels)) for _ in range(2))
    loss[table.index], margin[table.index] = table.loss, table.geometry
    epoch, own = seconds / how.epochs, watch.seconds * table.epochs / how.epochs
    training, rest = epoch * table.epochs, epoch * (how.epochs - table.epochs)
    scores: dict[str, tuple[np.ndarray, float]] = {OURS[0]: (margin, own), OURS[1]: (loss, own)}
    if detectors.cleanlab_version():
        shares, took = detectors.cross_validated(examples, how, watch.best, rng)
        scores |= {name: (score, took) for name, score in detectors.cleanlab_scores(labels, shares).items()}
    scores["AUM, all epochs"] = (detectors.aum(logits, labels), rest)
    scores["AUM, to 2E"] = detectors.timed(lambda: detectors.aum(logits, labels, table.epochs))
    scores["EL2N, epoch 10, one network"] = (detectors.el2n(logits, labels), 0.0)
    scores["GraNd, five initializations"] = detectors.timed(lambda: detectors.grand(examples, how, rng))
    scores["forgetting, all epochs"] = (detectors.forgetting(logits, labels), rest)
    scores["kNN, features of epoch E"] = detectors.timed(lambda: detectors.neighbours(watch.best_features, labels))
    return scores, training


def table(runs: list[dict[str, list[float]]]) -> str:
    """The lines of one setting: average precision, its standard error over seeds, and cost."""
    lines = [f"{'detector':32}{'AP':>8}{'se':>8}{'cost / training':>18}"]
    for name in runs[0]:
        values, costs = np.array([run[name] for run in runs]).T
        lines.append(f"{name:32}{values.mean():8.3f}{error(values):8.3f}{np.median(costs):18.3f}")
    return "\n".join(lines)


def error(values: np.ndarray) -> float:
    """The standard error of a mean over seeds."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def summary(cells: list[dict]) -> str:
    """The goals that were set before anything was measured, and whether they are met, with the difference measured."""
    lines = ["", "goals"]
    for cell in cells:
        precision = {name: np.array([run[name][0] for run in cell["runs"]]) for name in cell["runs"][0]}
        costs = {name: np.median([run[name][1] for run in cell["runs"]]) for name in cell["runs"][0]}
        ours, others = precision[OURS[0]], {name: values for name, values in precision.items() if name not in OURS}
        best = max(others, key=lambda name: others[name].mean())
        where = f"{cell['data']}, {cell['noise']}"
        if cell["noise"].startswith("uniform"):
            lines.append(_goal(f"{where}: within .01 of the best other ({best})", ours - others[best], -0.01))
        elif cell["noise"].endswith("40 %") and cell["data"] == "digits":
            rivals = [name for name in others if name.startswith("cleanlab") or name == "AUM, all epochs"]
            lines += [_goal(f"{where}: .1 ahead of {name}", ours - others[name], 0.1) for name in rivals]
        if "cleanlab, self-confidence" in costs:
            ratio = costs["cleanlab, self-confidence"] / costs[OURS[0]]
            met = "met" if ratio >= 100 else "MISSED"
            lines.append(f"{met:7}{where}: a hundredth of cleanlab's time beyond training: 1/{ratio:.0f}")
    return "\n".join(lines)


def _goal(words: str, difference: np.ndarray, least: float) -> str:
    met = "met" if difference.mean() >= least else "MISSED"
    return f"{met:7}{words}: {difference.mean():+.3f} +- {error(difference):.3f}"


def speed(n: int) -> dict[str, float]:
    """Processor seconds of one epoch of the watch, with features, and the epochs that two minutes have room for."""
    rng = np.random.default_rng(0)
    watch = LabelWatch(rng.integers(0, MANY_CLASSES, n), held_out=np.arange(n // 10))
    logits, features = (rng.standard_normal((BATCH, d), dtype=np.float32) for d in (MANY_CLASSES, MANY_FEATURES))
    batches = [np.arange(start, min(start + BATCH, n)) for start in range(0, n, BATCH)]
    taken = []
    for _ in range(3):
        start = time.process_time()
        for index in batches:
            watch.update(index, logits[: len(index)], features[: len(index)])
        taken.append(time.process_time() - start)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.process_time()
        watch.table()
    ranking = time.process_time() - start
    found = {"examples": n, "epoch": taken[-1], "ranking": ranking, "epochs": (MINUTES - ranking) / taken[-1]}
    print(
        f"\n{n:,} examples, {MANY_CLASSES} classes, {MANY_FEATURES} features: {taken[-1]:.1f} s an epoch, {ranking:.1f} s to "
        f"rank them; two minutes have room for {found['epochs']:.0f} epochs; peak memory {machine.peak_bytes() / 2**20:.0f} MiB"
    )
    return found


def all_of_cifar() -> dict[str, float]:
    """All 50,000 training images of CIFAR-100 with a fifth of the labels permuted, watched on a perceptron."""
    loaded, rng = datasets.load("cifar100"), np.random.default_rng(0)
    index = np.flatnonzero(~loaded.published_test)
    true = loaded.labels[index]
    given = permute(true, 0.2, loaded.n_classes, rng).trained
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ranked = own_network.label_errors(loaded.raw[index], given, "mlp2", epochs=12, batch_size=128)
    took, wrong = time.process_time() - start, (given != true)[ranked.index]
    precision = float(average_precision_score(wrong, -np.arange(len(wrong))))
    by_loss = float(average_precision_score(wrong, ranked.loss))
    print(
        f"CIFAR-100, {len(true):,} images, {wrong.mean():.0%} of the labels wrong, perceptron: AP {precision:.3f} by class-"
        f"mean margin, {by_loss:.3f} by loss, in {took:.0f} s with training; E = {ranked.best}"
    )
    return {"precision": precision, "precision_by_loss": by_loss, "seconds": took, "best": ranked.best}


if __name__ == "__main__":
    sys.exit(main())
