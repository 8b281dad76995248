"""What a run is: a frozen record that determines every number it produces, read from ``runs/*.toml``."""

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from empirical.data import datasets
from empirical.errors import SpecError

RUNS = Path(__file__).parent
DENSE_EPOCHS = 20
CHECKPOINT_SPACING = 1.12
SPARSE_SPACING = 1.6
# What a run may measure besides accuracies, each by its instrument in :mod:`empirical.instruments.measure`.
INSTRUMENTS = (
    *("geometry", "final_geometry", "simulation", "gradients", "jacobians", "rewinding"),
    *("probes", "compression", "choices", "blocks"),
)
NOT_TRAINED_WITH = {"fitted", "instruments", "group_images", "gradient_permutations", "geometry_points", "geometry_probes"}
CHOICES = {"split": ("drawn", "published"), "device": ("cpu", "cuda"), "precision": ("float32", "bfloat16")}


@dataclass(frozen=True)
class RunSpec:
    """One run: several networks trained alike, each with its own split, permutation, initialization and order.

    name: of the world it makes.
    dataset, architecture, width: what is trained on what; width is the channels of its first layer, or its hidden units.
    batch_norm, dropout: whether layers are normalized; share of hidden units dropped after fully connected layers, 0..1.
    n_networks: how many; the unit of replication.
    seed: root seed of every random stream.
    n_classes: classes drawn per network, of those the data set has.
    train_images: drawn per network; one half of the test images is to choose the turning point on, one to report.
    split: "drawn", from all images, and the rest are test images; or "published", from the published training images, of each
        class as many, and the published test images are the test images.
    permuted_fraction: share of training labels permuted, 0..1.
    epochs, batch_size, learning_rate, momentum: SGD with the rate decayed linearly to 0 over all steps; no regularization. No
        epochs at all are a run that is measured at initialization, by its gradients alone.
    device, precision: where it is trained and measured, "cpu" or "cuda"; "float32", or "bfloat16" for the products in training.
    fitted: training accuracy that the final network must reach on every group for claims about memorization.
    instruments: what is measured besides accuracies, of :data:`INSTRUMENTS`.
    group_images: training images of each group on which gradients, probes and rewound accuracies are measured, at most.
    gradient_permutations: fresh permutations over which the permuted gradient's moments are measured.
    geometry_points, geometry_probes: points of a manifold (fewer where a class is smaller), Gaussian probes on each.
    """

    name: str
    dataset: str
    architecture: str
    width: int
    batch_norm: bool
    dropout: float
    n_networks: int
    seed: int
    n_classes: int
    train_images: int
    split: str
    permuted_fraction: float
    epochs: int
    batch_size: int
    learning_rate: float
    momentum: float
    device: str
    precision: str
    fitted: float
    instruments: tuple
    group_images: int
    gradient_permutations: int
    geometry_points: int
    geometry_probes: int

    def __post_init__(self):
        for field in fields(self):
            _check_type(field.name, getattr(self, field.name), field.type)
        for name in ("width", "n_networks", "train_images", "batch_size", "group_images"):
            _check(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        _check(self.epochs >= 0, "epochs", self.epochs, "at least 0")
        for name in ("n_classes", "gradient_permutations", "geometry_points", "geometry_probes"):
            _check(getattr(self, name) >= 2, name, getattr(self, name), "at least 2")
        for name in ("permuted_fraction", "fitted"):
            _check(0 <= getattr(self, name) <= 1, name, getattr(self, name), "within 0..1")
        most = datasets.n_classes(self.dataset)
        _check(self.n_classes <= most, "n_classes", self.n_classes, f"at most the {most} of {self.dataset}")
        _check(self.learning_rate > 0, "learning_rate", self.learning_rate, "above 0")
        for name in ("momentum", "dropout"):
            _check(0 <= getattr(self, name) < 1, name, getattr(self, name), "within 0..1, 1 excluded")
        for name, known in CHOICES.items():
            _check(getattr(self, name) in known, name, getattr(self, name), f"one of {', '.join(known)}")
        unknown = set(self.instruments) - set(INSTRUMENTS)
        _check(not unknown, "instruments", list(self.instruments), f"of {', '.join(INSTRUMENTS)}")

    @property
    def digest(self) -> str:
        """SHA-256 of the specification."""
        return _digest(asdict(self))

    @property
    def training_digest(self) -> str:
        """SHA-256 of what the trained networks depend on: all but how they are measured and judged."""
        return _digest({name: value for name, value in asdict(self).items() if name not in NOT_TRAINED_WITH})

    def checkpoint_epochs(self) -> list[int]:
        """Every epoch to 20, then log-spaced, and the last; epoch 0 is the initialization."""
        epochs, position = set(range(min(DENSE_EPOCHS, self.epochs) + 1)), float(DENSE_EPOCHS)
        while position < self.epochs:
            epochs.add(round(position))
            position *= CHECKPOINT_SPACING
        return sorted(epochs | {self.epochs})

    def sparse_epochs(self) -> list[int]:
        """Checkpoint epochs for gradients, geometry and rewinding: 0 and 1, then about every 1.6 times, and the last."""
        kept, following = [], 0.0
        for epoch in self.checkpoint_epochs():
            if epoch >= following or epoch == self.epochs:
                kept.append(epoch)
                following = max(1, SPARSE_SPACING * epoch)
        return kept

    def rng(self, network: int, stream: str, *index: int) -> np.random.Generator:
        """The named random stream of one network; ``index`` numbers independent draws within it."""
        words = json.dumps([self.seed, network, stream, *index]).encode()
        return np.random.default_rng(list(hashlib.sha256(words).digest()))


def load(name_or_path: str | Path, **changes) -> RunSpec:
    """Read a run by name (``runs/<name>.toml``) or path.

    :param changes: fields that replace the file's.
    :raises SpecError: no such run, invalid TOML, an unknown or missing key, a value outside its range.
    """
    values = values_of(name_or_path)
    try:
        return from_values({**values, **changes})
    except SpecError as error:
        raise SpecError(f"{_find(name_or_path)}: {error}") from error


def values_of(name_or_path: str | Path) -> dict:
    """What a run's file says, unchecked.

    :raises SpecError: no such run, or invalid TOML.
    """
    path = _find(name_or_path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: not valid TOML: {error}") from error


def from_values(values: dict) -> RunSpec:
    """A run from plain values, whole numbers accepted for real ones."""
    known = {field.name: field.type for field in fields(RunSpec)}
    for key in values:
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0)
            raise SpecError(f"unknown key {key!r}; did you mean {near[0]!r}?")
    missing = [key for key in known if key not in values]
    if missing:
        raise SpecError(f"missing {', '.join(missing)}")
    return RunSpec(**{key: _plain(known[key], value) for key, value in values.items()})


def _plain(kind: Any, value: Any) -> Any:
    """Whole numbers are accepted for real ones; TOML and JSON have lists where a record has tuples."""
    if kind is float and type(value) is int:
        return float(value)
    return tuple(value) if kind is tuple and type(value) is list else value


def names() -> list[str]:
    """The runs and sweeps that come with the package."""
    return sorted(path.stem for path in RUNS.glob("*.toml"))


def _find(name_or_path) -> Path:
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = RUNS / f"{name_or_path}.toml"
    if not path.is_file():
        raise SpecError(f"no run {str(name_or_path)!r}; known runs: {', '.join(names())}; or give the path of a .toml file")
    return path


def _digest(values: dict) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _check_type(name: str, value: object, wanted: Any) -> None:
    _check(type(value) is wanted, name, value, f"of type {wanted.__name__}")


def _check(condition, name, value, requirement) -> None:
    if not condition:
        raise SpecError(f"{name} must be {requirement}; received {value!r}")
