"""What a run is: a frozen record that determines every number it produces, read from ``runs/*.toml``."""

import tomllib
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from empirical.errors import SpecError
from empirical.runs.instruments import ALWAYS, INITIAL, INSTRUMENTS
from empirical.runs.training_spec import TrainingSpec, check, digest_of

RUNS = Path(__file__).parent
SPARSE_SPACING = 1.6
# Fields that no measured row of a network depends on.
NOT_MEASURED_WITH = {"name", "n_networks", "fitted"}


@dataclass(frozen=True)
class RunSpec(TrainingSpec):
    """One run: several networks trained alike and measured alike.

    name: of the world it makes.
    n_networks: how many; the unit of replication.
    fitted: training accuracy that the final network must reach on every group for claims about memorization.
    instruments: what is measured besides accuracies, of :data:`empirical.runs.instruments.INSTRUMENTS`.
    group_images: training images of each group on which gradients, probes and rewound accuracies are measured, at most.
    gradient_permutations: fresh permutations over which the permuted gradient's moments are measured.
    geometry_points, geometry_probes: points of a manifold (fewer where a class is smaller), Gaussian probes on each.
    """

    name: str
    n_networks: int
    fitted: float
    instruments: tuple
    group_images: int
    gradient_permutations: int
    geometry_points: int
    geometry_probes: int

    def __post_init__(self):
        super().__post_init__()
        for name in ("n_networks", "group_images"):
            check(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        for name in ("gradient_permutations", "geometry_points", "geometry_probes"):
            check(getattr(self, name) >= 2, name, getattr(self, name), "at least 2")
        check(0 <= self.fitted <= 1, "fitted", self.fitted, "within 0..1")
        unknown = set(self.instruments) - set(INSTRUMENTS)
        check(not unknown, "instruments", list(self.instruments), f"of {', '.join(INSTRUMENTS)}")

    @property
    def digest(self) -> str:
        """SHA-256 of the specification."""
        return digest_of(asdict(self))

    @property
    def measuring_digest(self) -> str:
        """SHA-256 of what a network's measured rows depend on: neither the run's name nor how many networks it has."""
        return digest_of({name: value for name, value in asdict(self).items() if name not in NOT_MEASURED_WITH})

    def quantities(self) -> frozenset[str]:
        """The quantities that the run's table has or will have; without training, those of the initialization."""
        if not self.epochs:
            return frozenset(INITIAL) | set(ALWAYS) - {"accuracy"}
        return frozenset(ALWAYS).union(*(INSTRUMENTS[name] for name in self.instruments))

    def sparse_epochs(self) -> list[int]:
        """Checkpoint epochs for gradients, geometry and rewinding: 0 and 1, then about every 1.6 times, and the last."""
        kept, following = [], 0.0
        for epoch in self.checkpoint_epochs():
            if epoch >= following or epoch == self.epochs:
                kept.append(epoch)
                following = max(1, SPARSE_SPACING * epoch)
        return kept


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
