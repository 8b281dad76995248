"""What a run's numbers depend on: specification, sources, data, versions, processor. Read without importing torch."""

import hashlib
import json
import platform
from importlib import metadata
from pathlib import Path

from empirical import datasets
from empirical.runspec import RunSpec
from empirical.storage import cache_root

HERE = Path(__file__).parent
# Rooms' files that no trained network's number passes through.
BYSTANDERS = {"separability.py", "__main__.py"}
PACKAGES = ("torch", "numpy", "scipy", "scikit-learn", "safetensors")


def fingerprint(spec: RunSpec) -> dict:
    """Everything a run's table depends on, as plain JSON values; equal fingerprints give equal tables."""
    return {
        "spec_sha256": spec.digest,
        "sources_sha256": _sources(),
        "data_sha256": datasets.checksum(spec.dataset),
        "versions": {name: _version(name) for name in PACKAGES} | {"python": platform.python_version()},
        "dtype": "float32",
        "device": "cpu",
        "processor": _processor(),
        "threads_per_network": 1,
    }


def run_folder(spec: RunSpec, root: Path | None = None) -> Path:
    """Where a run keeps its checkpoints and bundle; another fingerprint is another folder."""
    key = hashlib.sha256(json.dumps(fingerprint(spec), sort_keys=True).encode()).hexdigest()
    return (root or cache_root()) / f"{spec.name}-{key[:16]}"


def _sources() -> str:
    content = hashlib.sha256()
    for path in sorted(HERE.rglob("*.py")):
        if path.name not in BYSTANDERS:
            content.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return content.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        wanted = ("model name", "cpu family", "model\t", "flags", "CPU implementer", "CPU part", "Features")
        return _short(" ".join(sorted({line for line in lines if line.startswith(wanted)})))
    except OSError:
        return _short(f"{platform.machine()} {platform.processor()}")


def _short(text: str) -> str:
    return f"{platform.machine()}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
