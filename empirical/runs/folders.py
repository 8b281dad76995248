"""Where a run's files are: one folder a way of training, in it one a network, and one a way of measuring."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from empirical.runs.network_numbers import words
from empirical.runs.provenance import measuring_key, training_key
from empirical.runs.runspec import RunSpec
from empirical.storage import cache_root, make_folder

STEPS = ("train", "measure")
OUTPUTS = "outputs.csv"
# The network whose outputs are pictured.
PICTURED = 0


def run_folder(spec: RunSpec, root: Path | None = None) -> Path:
    """Where a run keeps its checkpoints; another way of training is another folder."""
    return (root or cache_root()) / f"{spec.name}-{training_key(spec)}"


def network_folder(folder: Path, network: int) -> Path:
    """Where one network's checkpoints are."""
    return folder / f"network-{network:02d}"


def measured_folder(spec: RunSpec, folder: Path) -> Path:
    """Where the run's measurements and its bundles are; another instrument is another folder."""
    return folder / f"measured-{measuring_key(spec)}"


def bundle_folder(spec: RunSpec, root: Path | None = None, networks: Sequence[int] | None = None) -> Path:
    """Where the run's bundle is, or would be; that of some of its networks is beside it."""
    return measured_folder(spec, run_folder(spec, root)) / f"bundle-{spec.digest[:8]}{part_of(spec, networks)}"


def part_of(spec: RunSpec, networks: Sequence[int] | None) -> str:
    """What the names of files about some of the networks end with; nothing for all."""
    some = numbers_of(spec, networks)
    return "" if len(some) == spec.n_networks else f"-{words(some).replace(',', '_')}"


def numbers_of(spec: RunSpec, networks: Sequence[int] | None) -> list[int]:
    """The numbers of the networks meant, in order; all where none are given."""
    return sorted(range(spec.n_networks) if networks is None else networks)


def rows_path(measured: Path, network: int) -> Path:
    """The measured rows of one network."""
    return measured / f"network-{network:02d}.csv"


def checks_path(measured: Path, network: int) -> Path:
    """What was checked while they were measured; written last, so that its presence says that the network is done."""
    return measured / f"network-{network:02d}.json"


def moments_path(measured: Path, network: int) -> Path:
    """What is measured of a network whose measuring was interrupted."""
    return measured / f"network-{network:02d}.moments.json"


def held(folder: Path, network: int) -> FileLock:
    """The network's lock: one worker at a time has its folder, another waits."""
    return FileLock(make_folder(network_folder(folder, network)) / ".lock")


def is_measured(measured: Path, network: int) -> bool:
    """Whether what was measured on the network is there as it was written; otherwise it is measured again."""
    try:
        written = json.loads(checks_path(measured, network).read_text(encoding="utf-8"))["sha256"]
        return all(hashlib.sha256((measured / name).read_bytes()).hexdigest() == sha for name, sha in written.items())
    except (OSError, ValueError, KeyError):
        return False


def discard_checkpoints(folder: Path, network: int) -> None:
    """Delete a network's weights; measuring it anew would mean training it anew."""
    for path in network_folder(folder, network).glob("*.safetensors"):
        path.unlink(missing_ok=True)
