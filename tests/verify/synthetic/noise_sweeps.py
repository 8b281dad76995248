"""Synthetic sweeps over widths, numbers of images and regularizers, with worlds of noise beside them: arrays without training.

Every claim about them is true, including claims that contradict other work.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from empirical.runs.training_spec import CHECKPOINT_SPACING, DENSE_EPOCHS
from tests.verify.synthetic.means import CLASSES, NETWORKS
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series
from verify.measurements.sweeps import Sweep

WIDTHS = (16, 32, 64, 128, 256, 512)
SIZES = (250, 500, 1000, 2000, 4000)
LAST = 4000
LATER = np.geomspace(DENSE_EPOCHS, LAST, round(np.log(LAST / DENSE_EPOCHS) / np.log(CHECKPOINT_SPACING)))
EPOCHS = np.concatenate([np.arange(DENSE_EPOCHS), np.round(LATER).astype(int)])
BATCH = 25
# Updates to the loss level at the narrowest width, and the exponent with which they fall.
BY_WIDTH = {"": (3e3, 0.15), "-inputs40": (4e3, 0.3), "-inputs80": (6e3, 0.45), "-randX": (8e3, 0.5), "-randY": (3e4, 0.7)}
# Test accuracy by width: the best width, and what narrow networks lose, grow with noise.
BEST = {"": (0.88, 0.9, 0.895, 0.89, 0.885, 0.883), "-inputs40": (0.84, 0.86, 0.87, 0.869, 0.866, 0.864)}
BEST |= {"-inputs80": (0.7, 0.75, 0.79, 0.81, 0.83, 0.828)}
# Updates per image for noise; for real images as for a kernel whose classes double the time of random labels at 250 images.
PER_IMAGE = {"-randX": 16.0, "-randXpix": 18.0, "-randY": 20.0}
STRUCTURE = 1 / 250
# Of each regularizer: its cost in test accuracy, the accuracy on random labels that it allows in the end, and the epochs in
# which true labels are learned.
REGULARIZERS = {
    "none": (0.0, 0.99, 2.0),
    "adversarial=0.5": (0.0, 0.8, 3.0),
    "dropout=0.1": (0.0, 0.9, 3.1),
    "dropout=0.3": (0.0, 0.5, 3.2),
    "dropout=0.5": (0.04, 0.2, 3.3),
    "dropout=0.3+adversarial=0.5": (0.0, 0.45, 2.9),
    "hidden_noise=0.1": (0.0, 0.95, 4.0),
    "input_noise=0.5": (0.0, 0.92, 3.9),
    "input_noise=2": (0.03, 0.7, 3.8),
    "weight_decay=0.001": (0.0, 0.85, 3.6),
    "weight_decay=0.01": (0.03, 0.6, 3.5),
}
RANDOM_EPOCHS = 8.0


def told(claim, seed: int = 0) -> Sweep:
    """The sweep that a claim is about."""
    return {"width": widths, "train_images": sizes, "regularizers": regularizers}[claim.sweep](seed)


def widths(seed: int = 0, times: Mapping[str, tuple[float, float]] = BY_WIDTH) -> Sweep:
    """A sweep over widths, with the worlds of ``times`` beside it."""

    def runs(kind: str, rng: np.random.Generator, common: np.ndarray) -> list[Runs]:
        base, exponent = times[kind]
        made = []
        for index, width in enumerate(WIDTHS):
            updates = base * (width / WIDTHS[0]) ** -exponent * common * drawn(rng)
            tested = BEST.get(kind, BEST[""])[index] * drawn(rng, 0.001)
            made.append(timed(kind, updates, 1000, tested))
        return made

    return swept("width", WIDTHS, times, runs, seed)


def sizes(seed: int = 0, per_image: Mapping[str, float] = PER_IMAGE) -> Sweep:
    """A sweep over numbers of training images, with the worlds of ``per_image`` beside it."""

    def runs(kind: str, rng: np.random.Generator, common: np.ndarray) -> list[Runs]:
        made = []
        for size in SIZES:
            mean = per_image[kind] * size if kind else per_image["-randY"] * size / (1 + STRUCTURE * size)
            made.append(timed(kind, mean * common * drawn(rng), size, np.full(NETWORKS, 0.9)))
        return made

    return swept("train_images", SIZES, ["", *per_image], runs, seed)


def regularizers(seed: int = 0, effects: Mapping[str, tuple[float, float, float]] = REGULARIZERS) -> Sweep:
    """A sweep over regularizers on true labels, with one on random labels beside it."""
    epochs = EPOCHS[EPOCHS <= 120]

    def runs(kind: str, rng: np.random.Generator, common: np.ndarray) -> list[Runs]:
        made = []
        for cost, allowed, learned in effects.values():
            top, slow = (allowed, RANDOM_EPOCHS) if kind else (0.99, learned)
            ends, paces = (top * drawn(rng, 0.003))[:, None], (slow * common * drawn(rng, 0.03))[:, None]
            tested = (0.9 - cost) * drawn(rng, 0.001)
            made.append(runs_of(kind, epochs, {"accuracy": 0.1 + (ends - 0.1) * -np.expm1(-epochs / paces)}, tested, 1000))
        return made

    return swept("regularizers", tuple(effects), ["", "-randY"], runs, seed)


def swept(field: str, values: tuple, kinds, runs, seed: int) -> Sweep:
    """A sweep with a world of every other kind beside it; networks of one number share a part of their pace in all."""
    rng = np.random.default_rng(seed)
    common = drawn(rng)
    made = {kind: Sweep(f"story{kind}", field, values, tuple(runs(kind, rng, common))) for kind in kinds}
    return replace(made[""], beside=made.__getitem__)


def timed(kind: str, updates: np.ndarray, size: int, tested: np.ndarray) -> Runs:
    """Runs whose loss falls from ln C exponentially, to a tenth of it in these updates, (networks,)."""
    time = EPOCHS * -(-size // BATCH) / updates[:, None]
    return runs_of(kind, EPOCHS, {"loss": np.log(CLASSES) * 0.1**time}, tested, size)


def runs_of(kind: str, epochs: np.ndarray, trained: dict[str, np.ndarray], tested: np.ndarray, size: int) -> Runs:
    """Runs with quantities of all labels trained on, (networks, epochs), and test accuracy from the first epoch on."""
    group = "permuted" if kind == "-randY" else "unpermuted"
    table = {Key(quantity, group): Series(epochs, values, quantity) for quantity, values in trained.items()}
    for half in ("select", "report"):
        accuracy = np.where(epochs > 0, tested[:, None], 0.1)
        table[Key("accuracy", "test", half)] = Series(epochs, accuracy, "accuracy / test")
    spec = {"train_images": size, "batch_size": BATCH, "permuted_fraction": float(group == "permuted")}
    return Runs(f"story{kind}", table, CLASSES, 0.9, (group,), spec=spec)


def drawn(rng: np.random.Generator, spread: float = 0.03) -> np.ndarray:
    """Factors between networks, (networks,)."""
    return np.exp(rng.normal(0, spread, NETWORKS))
