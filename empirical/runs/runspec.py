"""The specification of a run: a frozen record that determines all numbers of the run, and is read from ``runs/*.toml``."""

import tomllib
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from empirical.errors import SpecError, near_or_all
from empirical.runs.instruments import ALWAYS, INITIAL, INSTRUMENTS
from empirical.runs.training_spec import TrainingSpec, check, digest_of

RUNS = Path(__file__).parent
# Measured rows of a network do not depend on these fields.
NOT_MEASURED_WITH = {"name", "n_networks", "fitted"}


@dataclass(frozen=True)
class RunSpec(TrainingSpec):
    """The specification of a run: several networks that are trained and measured in the same way.

    name: name of the world that the run makes.
    n_networks: number of networks; one trained network is one observation.
    fitted: training accuracy that the final network must reach on every group before claims about memorization are judged.
    instruments: what is measured besides accuracies, names from :data:`empirical.runs.instruments.INSTRUMENTS`.
    group_images: largest number of training images of each group for gradients, probes and rewound accuracies, and of held-out
        images for critical samples.
    gradient_permutations: number of label permutations over which the moments of the permuted gradient are measured.
    geometry_points: points of each manifold; fewer where a class is smaller.
    geometry_probes: Gaussian probes on each manifold.
    rewound_images: largest number of test images of each half for rewound accuracies; by default all there are.
    epoch_spacing: each of the sparse epochs, at which instruments measure, is about so many times the one before it.
    """

    name: str
    n_networks: int
    fitted: float
    instruments: tuple
    group_images: int
    gradient_permutations: int
    geometry_points: int
    geometry_probes: int
    rewound_images: int = 10_000
    epoch_spacing: float = 1.6

    def __post_init__(self):
        super().__post_init__()
        for name in ("n_networks", "group_images", "rewound_images"):
            check(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        for name in ("gradient_permutations", "geometry_points", "geometry_probes"):
            check(getattr(self, name) >= 2, name, getattr(self, name), "at least 2")
        check(self.epoch_spacing >= 1, "epoch_spacing", self.epoch_spacing, "at least 1")
        check(0 <= self.fitted <= 1, "fitted", self.fitted, "within 0..1")
        unknown = set(self.instruments) - set(INSTRUMENTS)
        check(not unknown, "instruments", list(self.instruments), f"among {', '.join(INSTRUMENTS)}")

    @property
    def digest(self) -> str:
        """SHA-256 of the specification."""
        return digest_of(self.digested())

    @property
    def measuring_digest(self) -> str:
        """SHA-256 of the fields that a network's measured rows depend on, among them neither the run's name nor its size."""
        return digest_of({name: value for name, value in self.digested().items() if name not in NOT_MEASURED_WITH})

    def quantities(self) -> frozenset[str]:
        """The quantities in the run's table; without training, the quantities at initialization."""
        if not self.epochs:
            return frozenset(INITIAL) | set(ALWAYS) - {"accuracy"}
        return frozenset(ALWAYS).union(*(INSTRUMENTS[name] for name in self.instruments))

    def sparse_epochs(self) -> list[int]:
        """Checkpoint epochs for gradients, geometry and rewinding: 0, 1, then spaced by a factor, and the last."""
        kept, following = [], 0.0
        for epoch in self.checkpoint_epochs():
            if epoch >= following or epoch == self.epochs:
                kept.append(epoch)
                following = max(1, self.epoch_spacing * epoch)
        return kept


def load(name_or_path: str | Path, **changes: Any) -> RunSpec:
    """The run with this name (``runs/<name>.toml``) or path.

    :param changes: values of fields that replace those of the file.
    :raises SpecError: there is no such run, the TOML is invalid, a key is unknown or missing, or a value is out of range.
    """
    values = values_of(name_or_path)
    try:
        return from_values({**values, **changes})
    except SpecError as error:
        raise SpecError(f"{_find(name_or_path)}: {error}") from error


def values_of(name_or_path: str | Path) -> dict:
    """The values in a run's file, not checked.

    :raises SpecError: there is no such run, or its TOML is invalid.
    """
    path = _find(name_or_path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path} is not valid TOML: {error}; correct the file") from error


def from_values(values: dict) -> RunSpec:
    """The run with these values; a whole number is accepted for a real one, and a field with a default may be left out.

    :raises SpecError: a key is unknown or missing, or a value is out of range.
    """
    known = {field.name: field.type for field in fields(RunSpec)}
    for key in values:
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0)
            raise SpecError(f"unknown key {key!r}; did you mean {near[0]!r}? Rename or remove the key")
    missing = [field.name for field in fields(RunSpec) if field.default is MISSING and field.name not in values]
    if missing:
        raise SpecError(f"missing {', '.join(missing)}: a run needs a value for each of these keys; add them")
    return RunSpec(**{key: _plain(known[key], value) for key, value in values.items()})


def _plain(kind: Any, value: Any) -> Any:
    """Whole numbers are accepted for real ones; TOML and JSON have lists where a record has tuples."""
    if kind is float and type(value) is int:
        return float(value)
    return tuple(value) if kind is tuple and type(value) is list else value


def names() -> list[str]:
    """The names of the runs and sweeps that come with the package."""
    return sorted(path.stem for path in RUNS.glob("*.toml"))


def _find(name_or_path) -> Path:
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = RUNS / f"{name_or_path}.toml"
    if not path.is_file():
        raise SpecError(
            f"no run {str(name_or_path)!r}; {near_or_all(str(name_or_path), names())} (or give the path of a .toml file)"
        )
    return path
