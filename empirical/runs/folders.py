"""The folders of a run: one folder for a way of training; in it one folder for each network and for each way of measuring."""

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
# The network whose outputs are shown in the picture.
PICTURED = 0


def run_folder(spec: RunSpec, root: Path | None = None) -> Path:
    """The folder of the run's checkpoints; another way of training has another folder.

    :param root: folder of all runs; None stands for :func:`empirical.storage.cache_root`.
    """
    return (root or cache_root()) / f"{spec.name}-{training_key(spec)}"


def network_folder(folder: Path, network: int) -> Path:
    """The folder of one network's checkpoints."""
    return folder / f"network-{network:02d}"


def measured_folder(spec: RunSpec, folder: Path) -> Path:
    """The folder of the run's measurements and bundles; another way of measuring has another folder.

    :param folder: the run's folder.
    """
    return folder / f"measured-{measuring_key(spec)}"


def bundle_folder(spec: RunSpec, root: Path | None = None, networks: Sequence[int] | None = None) -> Path:
    """The folder of the run's bundle, whether it is made or not; a bundle of some networks has a folder of its own beside it.

    :param networks: numbers of the networks; None stands for all.
    """
    return measured_folder(spec, run_folder(spec, root)) / f"bundle-{spec.digest[:8]}{part_of(spec, networks)}"


def part_of(spec: RunSpec, networks: Sequence[int] | None) -> str:
    """The suffix of the names of files about some of the networks; "" if they are all networks."""
    some = numbers_of(spec, networks)
    return "" if len(some) == spec.n_networks else f"-{words(some).replace(',', '_')}"


def numbers_of(spec: RunSpec, networks: Sequence[int] | None) -> list[int]:
    """The numbers of the networks in ascending order; None stands for all networks of the run."""
    return sorted(range(spec.n_networks) if networks is None else networks)


def rows_path(measured: Path, network: int) -> Path:
    """The file of one network's measured rows."""
    return measured / f"network-{network:02d}.csv"


def checks_path(measured: Path, network: int) -> Path:
    """The file of the checks on one network's rows; it is written last, so that it exists only when all rows are measured."""
    return measured / f"network-{network:02d}.json"


def moments_path(measured: Path, network: int) -> Path:
    """The file of the rows that an interrupted measurement of one network has kept."""
    return measured / f"network-{network:02d}.moments.json"


def held(folder: Path, network: int) -> FileLock:
    """The lock of one network: one worker at a time uses the network's folder, and other workers wait."""
    return FileLock(make_folder(network_folder(folder, network)) / ".lock")


def is_measured(measured: Path, network: int) -> bool:
    """Whether the rows of one network are there as they were written; otherwise the network is measured again."""
    try:
        written = json.loads(checks_path(measured, network).read_text(encoding="utf-8"))["sha256"]
        return all(hashlib.sha256((measured / name).read_bytes()).hexdigest() == sha for name, sha in written.items())
    except (OSError, ValueError, KeyError):
        return False


def discard_checkpoints(folder: Path, network: int) -> None:
    """Delete the weights of one network; to measure it again, it must be trained again."""
    for path in network_folder(folder, network).glob("*.safetensors"):
        path.unlink(missing_ok=True)
