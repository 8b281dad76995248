"""One network's work, from training to measured rows; what is on the disk already is not done again."""

import hashlib
import json
from pathlib import Path

from filelock import FileLock

from empirical.runs.provenance import measured_name
from empirical.runs.runspec import RunSpec
from empirical.storage import make_folder

STEPS = ("train", "measure")


OUTPUTS = "outputs.csv"


# The network whose outputs are pictured.
PICTURED = 0


def network_folder(folder: Path, network: int) -> Path:
    """Where one network's checkpoints are."""
    return folder / f"network-{network:02d}"


def measured_folder(spec: RunSpec, folder: Path) -> Path:
    """Where the run's measurements and its bundle are."""
    return folder / measured_name(spec)


def rows_path(measured: Path, network: int) -> Path:
    """The measured rows of one network."""
    return measured / f"network-{network:02d}.csv"


def checks_path(measured: Path, network: int) -> Path:
    """What was checked while they were measured; written last, so that its presence says that the network is done."""
    return measured / f"network-{network:02d}.json"


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
