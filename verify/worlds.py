"""The worlds networks live in: made live, or recorded in ``verify/evidence``. Nothing here imports torch."""

import hashlib
import importlib.util
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from empirical import bundles, runspec
from empirical.errors import EvidenceMissing, GeomemError
from empirical.measurements import Bundle, TableError, read_bundle
from verify.claim import Claim
from verify.runs import Runs
from verify.verdict import Broken, Untested

EVIDENCE = Path(__file__).with_name("evidence")
LIVE = ("digits", "digits-mlp")
INSTALL = "python -m pip install -e '.[networks]' -c constraints.txt"
NETWORK_PACKAGES = ("torch", "sklearn", "safetensors", "threadpoolctl", "filelock", "rich")


@dataclass(frozen=True)
class World:
    """A world: its name, and its recorded bundle; None where it is made live."""

    name: str
    recorded: Path | None = None

    def digest(self) -> str:
        """The digest of the recorded table; empty where there is none to read."""
        try:
            return _bundle(self.recorded).digest if self.recorded else ""
        except GeomemError:
            return ""

    def folder(self, seed: int | None) -> Path:
        """Where the bundle is, or would be."""
        return self.recorded or bundles.bundle_folder(spec_of(self.name, seed))

    def n_classes(self) -> int:
        """How many manifolds its geometry is of; 0 where the recorded manifest cannot be read."""
        return self._manifest().get("n_classes", 0) if self.recorded else spec_of(self.name, None).n_classes

    def asks(self, claim: Claim) -> bool:
        """Whether a claim about networks is judged here: a run it is about, and where none was trained, at initialization."""
        spec = self._spec()
        about = not spec or _is_about(claim, spec)
        trained = spec.get("epochs") != 0 or claim.untrained
        return bool(claim.needs) and trained and about and all(map(self._is_beside, claim.beside))

    def evidence(self, claim: Claim) -> str:
        """The digest of what a claim reads here; of all tables where it compares worlds."""
        digests = [self.digest(), *(self.sibling(name).digest() for name in claim.beside)]
        return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()

    def sibling(self, suffix: str) -> "World":
        """The world beside this one: its name continued."""
        name = self.name + suffix
        return World(name, self.recorded and self.recorded.with_name(name))

    def _is_beside(self, suffix: str) -> bool:
        beside = self.sibling(suffix).recorded
        return beside is not None and beside.is_dir()

    def _spec(self) -> dict:
        """The run; empty where the recorded manifest cannot be read."""
        return self._manifest().get("spec", {}) if self.recorded else asdict(spec_of(self.name, None))

    def _manifest(self) -> dict:
        try:
            return _bundle(self.recorded).manifest if self.recorded else {}
        except GeomemError:
            return {}

    def runs(self, seed: int | None) -> Runs:
        """The world's measurements.

        :raises Untested: there is no evidence; the message says the command that makes it.
        :raises Broken: manifest or table cannot be trusted.
        """
        try:
            runs = _runs_once(*_stamped(self.folder(seed)))
            return replace(runs, beside=lambda suffix: self.sibling(suffix).runs(seed))
        except EvidenceMissing:
            raise Untested(_how_to_make(self.name, seed)) from None
        except TableError as error:
            raise Broken(str(error)) from error


def _is_about(claim: Claim, spec: dict) -> bool:
    """Whether a claim is about such networks and such labels, and reads with no instrument that the run lacks."""
    fraction = spec["permuted_fraction"]
    labels = "clean" if fraction == 0 else "permuted" if fraction == 1 else "mixed"
    measured = set(claim.instruments) <= set(spec.get("instruments", ()))
    return measured and labels in claim.labels and spec["architecture"] in (claim.architectures or [spec["architecture"]])


def _bundle(folder: Path) -> Bundle:
    return _bundle_once(*_stamped(folder))


def _stamped(folder: Path) -> tuple[Path, tuple[int, ...]]:
    """A bundle is read again only when its files were written again."""
    return folder, tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*")) if path.is_file())


@lru_cache(maxsize=8)
def _bundle_once(folder: Path, stamps: tuple[int, ...]) -> Bundle:
    return read_bundle(folder)


@lru_cache(maxsize=8)
def _runs_once(folder: Path, stamps: tuple[int, ...]) -> Runs:
    return Runs.of(_bundle_once(folder, stamps))


def all_worlds(evidence: Path = EVIDENCE) -> dict[str, World]:
    """Live and recorded worlds by name."""
    recorded = {path.name: World(path.name, path) for path in sorted(evidence.glob("*/"))}
    return {name: World(name) for name in LIVE} | recorded


def spec_of(name: str, seed: int | None) -> runspec.RunSpec:
    """The run behind a live world; ``seed`` replaces the run's own where given."""
    return runspec.load(name) if seed is None else runspec.load(name, seed=seed)


def prepare(name: str, seed: int | None) -> str:
    """Make a live world's evidence in a process of its own, unless it is there; its progress goes to stderr.

    :returns: "" when the evidence is there, otherwise why it is not.
    """
    if missing_packages():
        return _how_to_make(name, seed)
    try:
        if bundles.is_made(World(name).folder(seed)):
            return ""
    except GeomemError as error:
        return str(error)
    command = [sys.executable, *_command(name, seed).split()[1:]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    made = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment)
    return "" if made.returncode == 0 else f"could not make it: {' '.join(command[1:])} failed; run it to see why"


def missing_packages() -> list[str]:
    """What training lacks, without importing it."""
    return [name for name in NETWORK_PACKAGES if importlib.util.find_spec(name) is None]


def _how_to_make(name: str, seed: int | None) -> str:
    missing = missing_packages()
    if missing:
        return f"{', '.join(missing)} missing: {INSTALL}"
    return _command(name, seed)


def _command(name: str, seed: int | None) -> str:
    return f"python -m empirical bundle {name}{'' if seed is None else f' --seed {seed}'}"
