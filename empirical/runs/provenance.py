"""What a run's numbers depend on: specification, sources, data, versions and processor. Needs no torch.

Training and measuring have separate keys. The key of training covers only the fields and sources that training uses, so that a
new instrument measures existing networks. Only the code of a source file counts: comments, docstrings, annotations of functions
and the text of errors do not.
"""

import hashlib
import json
import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path

from empirical import installation
from empirical.data import datasets
from empirical.runs.runspec import RunSpec
from empirical.runs.source_code import Source, source
from empirical.runs.training_spec import TrainingSpec

ROOT = Path(__file__).parents[2]
TRAINING, MEASURING = "empirical/training/train.py", "empirical/pipeline/make_bundle.py"
PACKAGES = ("array-api-compat", "torch", "numpy", "scipy", "scikit-learn", "safetensors")
# What draws the examples of claims, besides.
DRAWING = ("hypothesis",)


def fingerprint(spec: RunSpec) -> dict:
    """Everything that a run's table depends on, as plain JSON values; equal fingerprints give equal tables."""
    return {**_training(spec), "spec_sha256": spec.digest, "measuring_sources_sha256": sources(MEASURING)}


def _training(spec: TrainingSpec) -> dict:
    return {
        "training_spec_sha256": spec.training_digest,
        "sources_sha256": sources(TRAINING),
        "data_sha256": datasets.checksum(spec.dataset),
        "versions": _versions(PACKAGES),
        "dtype": "float32" if spec.precision == "float32" else f"float32, products in training {spec.precision}",
        "device": "cpu" if spec.device == "cpu" else _gpu(),
        "processor": _processor(),
        "threads_per_network": 1,
    }


def training_key(spec: TrainingSpec) -> str:
    """The key under which trained networks are kept, 16 hexadecimal digits; it changes with the way of training."""
    return _key(_training(spec))


def measuring_key(spec: RunSpec) -> str:
    """The key under which measured rows are kept; it changes with the instruments, but not with the number of networks."""
    return _key({**_training(spec), "measuring": spec.measuring_digest, "measuring_sources_sha256": sources(MEASURING)})


def machine() -> dict:
    """What else a number depends on that follows from sources and a seed: versions and processor, as plain JSON values."""
    return {"versions": _versions(PACKAGES + DRAWING), "processor": _processor()}


def _key(values: dict) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


@cache
def sources(start: str) -> str:
    """The digest of all source files that ``start`` runs through; computed once, because a process does not run later edits."""
    content = hashlib.sha256()
    for path in sorted(_reached(ROOT / start)):
        content.update(f"{path.relative_to(ROOT).as_posix()}\0{_source(path).code}\0".encode())
    return content.hexdigest()


def _reached(start: Path) -> set[Path]:
    """The files of the rooms that a file runs through: the file itself and all files that it imports, directly or not."""
    found, waiting = set(), [start]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _files(path)
    return found


@cache
def _files(path: Path) -> list[Path]:
    """The files of the rooms that a file imports."""
    return [there for name in _source(path).imports if (there := _file(name))]


@cache
def _source(path: Path) -> Source:
    return source(path)


def _file(name: str) -> Path | None:
    """The file of a module of the rooms; for a package, its ``__init__.py``."""
    base = ROOT.joinpath(*name.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    return {name: _version(name) for name in packages} | {"python": platform.python_version()}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


@cache
def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        wanted = ("model name", "cpu family", "model\t", "flags", "CPU implementer", "CPU part", "Features")
        return _short(" ".join(sorted({line for line in lines if line.startswith(wanted)})))
    except OSError:
        return _short(f"{platform.machine()} {platform.processor()}")


@cache
def _gpu() -> str:
    """The name of the GPU and the version of CUDA; a run that asks for a missing GPU is refused before it begins."""
    try:
        import torch
    except ModuleNotFoundError:
        return "cuda, without torch"
    return f"{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}" if torch.cuda.is_available() else "cuda, without a GPU"


@cache
def commit() -> str:
    """The commit of the code, followed by "+changes" where theory or empirical differ from it; "unknown" without git.

    Code without a repository of its own, such as a wheel, has its version and the digest of its sources in place of a commit.

    The commit is recorded for the reader. No number depends on it, because the sources have a checksum of their own. It is read
    once in a process, as the sources are.
    """
    if not installation.has_commit():
        return f"geomem {installation.version()} {installation.without_commit()}"
    try:
        found = _git("rev-parse", "HEAD").strip()
        changed = _git("status", "--porcelain", "--", "theory", "empirical")
        return f"{found}+changes" if changed else found
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=True).stdout


def _short(text: str) -> str:
    return f"{platform.machine()}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
