"""Worlds, which are sets of trained networks: made live, or recorded in ``verify/evidence``. Nothing here imports torch."""

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property, lru_cache
from pathlib import Path

from empirical.errors import EvidenceMissing, GeomemError, how_to_install
from empirical.evidence import bundle
from empirical.evidence.measurement import TableError
from empirical.identity import sweeps as identity_sweeps
from empirical.identity.sweeps import IdentitySweep
from empirical.pipeline import make_bundle
from empirical.runs import runspec, sweeps
from empirical.storage import cache_root, explain, make_folder
from verify.judging.verdicts import Broken, Untested
from verify.measurements.runs import Runs
from verify.measurements.sweeps import Sweep
from verify.registry import Claim
from verify.worlds import recorded
from verify.worlds.recorded import EVIDENCE
from verify.worlds.scope import Scope
from verify.written_commands import BUNDLE, record

# Networks that reproduce images, on which claims compare worlds beside each other.
BESIDE = ("", "-channels", "-kernels", "-skip", "-relu", "-linear", "-linear-gain1", "-linear-gain2")
LIVE_IMAGES = tuple(f"identity-digits14{suffix}" for suffix in BESIDE)
LIVE = ("digits-live", "digits-mlp-live", *LIVE_IMAGES)
# For worlds whose runs do not come with the package.
FOREIGN = "record it with the rest of its evidence, or leave the claim out"
INSTALL = how_to_install("networks")
# A live verdict is confirmed on networks of another root seed.
FRESH = 1_000_003
NETWORK_PACKAGES = ("torch", "sklearn", "safetensors", "threadpoolctl", "filelock", "rich")


class State(Enum):
    """The source of a world's evidence.

    LIVE: the evidence is made before the world is judged.
    RECORDED: the evidence is in a folder.
    MISSING: the run is declared, and its evidence is not made yet.
    """

    LIVE = auto()
    RECORDED = auto()
    MISSING = auto()


@dataclass(frozen=True)
class World:
    """A world of trained networks: its name, and the folder of its evidence where it is recorded."""

    name: str
    recorded: Path | None = None

    @property
    def state(self) -> State:
        """The source of the world's evidence."""
        if self.recorded:
            return State.RECORDED
        return State.LIVE if self.name in LIVE else State.MISSING

    @cached_property
    def sweep(self) -> str:
        """The field that is swept in the world; "" for a world of one run; read once, as hundreds of claims ask for it."""
        if self.recorded:
            return recorded.swept(self.recorded)
        return declared(self.name).field

    def digest(self) -> str:
        """The digest of all recorded evidence that judging reads; "" where there is none to read."""
        try:
            return recorded.digest(self.recorded) if self.recorded else ""
        except GeomemError:
            return ""

    def about(self) -> str:
        """When and on what machine the world was recorded; "" where there is nothing to read."""
        try:
            return recorded.about(self.recorded) if self.recorded else ""
        except GeomemError:
            return ""

    def folder(self, seed: int | None) -> Path:
        """The folder where the evidence is, or will be."""
        if self.recorded:
            return self.recorded
        if is_identity(self.name):
            return identity_sweeps.load(self.name, **_seeded(seed)).folder()
        return make_bundle.bundle_folder(spec_of(self.name, seed))

    def n_classes(self) -> int:
        """The number of manifolds in the world's geometry; 0 where there are none, or the recorded manifest cannot be read."""
        if not self.recorded:
            return getattr(declared(self.name).specs[0], "n_classes", 0)
        try:
            return recorded.manifests(self.recorded)[0].get("n_classes", 0)
        except GeomemError:
            return 0

    def asks(self, claim: Claim) -> bool:
        """Whether a claim about networks is judged in this world.

        A world whose evidence cannot be read is asked every claim, so that every claim reports the problem.
        """
        if not claim.needs or claim.sweep != self.sweep or not all(map(self._has_beside, claim.beside)):
            return False
        try:
            return self._scope.answers(claim)
        except GeomemError:
            return True

    @cached_property
    def _scope(self) -> Scope:
        if self.recorded:
            return Scope.recorded(recorded.manifests(self.recorded)[0])
        return Scope.declared(declared(self.name))

    def evidence(self, claim: Claim) -> str:
        """The digest of the evidence that a claim reads here; of all evidence where the claim compares worlds."""
        digests = [self.digest(), *(self.sibling(name).digest() for name in claim.beside)]
        return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()

    def read_by(self, claim: Claim) -> list[str]:
        """The names of the worlds that a claim reads here: this one, and those beside it."""
        return [self.name, *(self.sibling(suffix).name for suffix in claim.beside)]

    def sibling(self, suffix: str) -> "World":
        """The world whose name is this name and the suffix."""
        folder = self.recorded and self.recorded.absolute()
        return World(self.name + suffix, folder and folder.with_name(folder.name + suffix))

    def _has_beside(self, suffix: str) -> bool:
        beside = self.sibling(suffix)
        if beside.recorded:
            return beside.recorded.is_dir()
        return beside.name in LIVE if self.state is State.LIVE else beside.name in declared_names()

    def runs(self, seed: int | None) -> Runs | Sweep:
        """The world's measurements.

        :raises Untested: there is no evidence; the message gives the command that makes it.
        :raises Broken: the manifest or the table cannot be trusted.
        """
        if self.state is State.MISSING or (self.recorded and not self.recorded.is_dir()):
            raise Untested(_how_to_record(self.recorded.name if self.recorded else self.name))
        try:
            found = recorded.runs(self.folder(seed))
        except EvidenceMissing:
            raise Untested(_how_to_make(self.name, seed)) from None
        except TableError as error:
            raise Broken(str(error)) from error
        found = replace(found, beside=lambda suffix: self.sibling(suffix).runs(seed))
        remedy = f"{BUNDLE} {self.name}" if self.name in declared_names() else FOREIGN
        if isinstance(found, Sweep):
            return replace(found, runs=tuple(replace(one, remedy=remedy) for one in found.runs))
        return replace(found, remedy=remedy)


def all_worlds(evidence: Path = EVIDENCE) -> dict[str, World]:
    """Live and recorded worlds by name, and for the evidence of the package also the worlds that are not recorded yet."""
    found = {name: World(name) for name in LIVE}
    found |= {path.name: World(path.name, path) for path in sorted(evidence.glob("*/"))}
    if evidence == EVIDENCE:
        found |= {name: World(name) for name in declared_names() if name not in found}
    return found


def declared_names() -> list[str]:
    """The names of all runs, sweeps and worlds of networks that reproduce images that come with the package."""
    return [*runspec.names(), *identity_sweeps.names()]


def is_identity(name: str) -> bool:
    """Whether a world that comes with the package has networks that reproduce images."""
    return name in identity_sweeps.names()


@lru_cache
def declared(name: str) -> sweeps.Sweep | IdentitySweep:
    """The run or sweep of that name, as its file declares it."""
    return identity_sweeps.load(name) if is_identity(name) else sweeps.load(name)


def spec_of(name: str, seed: int | None) -> runspec.RunSpec:
    """The run of a live world; ``seed`` replaces the run's own seed if it is given."""
    return runspec.load(name, **_seeded(seed))


def _seeded(seed: int | None) -> dict[str, int]:
    return {} if seed is None else {"seed": seed}


def fresh_seed(seed: int | None) -> int:
    """The seed of the networks on which a live verdict is confirmed."""
    return FRESH + (seed or 0)


def prepare(name: str, seed: int | None, beside: Sequence[str] = ()) -> str:
    """Make a live world's evidence in a separate process, unless it exists; progress goes to stderr.

    :param beside: further worlds that rows read. The same process makes those of the same kind too: to start one takes as long
        as to make a world of images, and other networks are trained by as many processes as there are cores, so that other
        workers of pytest wait for them.
    :returns: "" when the evidence of the world itself exists, otherwise why it does not.
    """
    if missing_packages():
        return _how_to_make(name, seed)
    alike = [one for one in beside if one != name and is_identity(one) == is_identity(name)]
    try:
        if _is_made(name, seed):
            return ""
        with _turn(name):
            made = _is_made(name, seed) or _make([name, *alike], seed) or _is_made(name, seed)
        return "" if made else _how_it_failed(name, seed)
    except GeomemError as error:
        return str(error)
    except OSError as error:
        return explain(error, cache_root())


def _turn(name: str) -> AbstractContextManager:
    """Other workers of pytest make other worlds of images meanwhile; networks of other kinds are trained for one at a time."""
    if is_identity(name):
        return nullcontext()
    from filelock import FileLock

    return FileLock(make_folder(cache_root()) / ".live.lock")


def _make(names: list[str], seed: int | None) -> bool:
    """Whether a process made the evidence of all of the worlds."""
    workers = ("--workers", "1") if is_identity(names[0]) else ()
    # A folder named empirical where the run was started must not be imported in place of ours.
    command = [sys.executable, "-P", "-m", "empirical", "bundle", *names, *_words(seed), *workers]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment).returncode == 0


def _how_it_failed(name: str, seed: int | None) -> str:
    return f"{_command(name, seed)} failed, so that there is no evidence; run the command to see why"


def _is_made(name: str, seed: int | None) -> bool:
    folder = World(name).folder(seed)
    if not is_identity(name):
        return bundle.is_made(folder)
    specs = identity_sweeps.load(name, **_seeded(seed)).specs
    return all(bundle.is_made(folder.parent / spec.name) for spec in specs)


def missing_packages() -> list[str]:
    """The packages that training needs and that are not installed, found without importing them."""
    return [name for name in NETWORK_PACKAGES if importlib.util.find_spec(name) is None]


def _how_to_record(name: str) -> str:
    if name not in declared_names():
        return f"there is no world {name}, and no run of that name to record; {FOREIGN}"
    return f"not recorded; record it: {record(name)}"


def _how_to_make(name: str, seed: int | None) -> str:
    missing = missing_packages()
    if missing:
        return f"{', '.join(missing)} not installed: {INSTALL}"
    return _command(name, seed)


def _command(name: str, seed: int | None) -> str:
    return " ".join((BUNDLE, name, *_words(seed)))


def _words(seed: int | None) -> list[str]:
    return [] if seed is None else ["--seed", str(seed)]
