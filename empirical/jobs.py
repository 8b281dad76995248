"""One network's work, from training to measured rows; what is on the disk already is not done again."""

import hashlib
import json
import threading
from pathlib import Path

from filelock import FileLock

from empirical.measurements import table_text
from empirical.provenance import measured_name
from empirical.runspec import RunSpec
from empirical.storage import make_folder, write_atomic

STEPS = ("train", "measure")
OUTPUTS = "outputs.csv"
# The network whose outputs are pictured.
PICTURED = 0
# Torch draws initial weights and dropout from one generator a process.
_ALONE = threading.Lock()


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


def run_network(spec: RunSpec, network: int, folder: Path, steps=STEPS, discard: bool = False) -> None:
    """Train and/or measure one network, in this process, on one thread.

    It is held by this worker alone; another one waits, and finds it done: a worker given up for lost may still live.

    :param discard: delete the checkpoints when it is measured.
    """
    import torch
    from threadpoolctl import threadpool_limits

    with _ALONE, held(folder, network):
        torch.set_num_threads(1)
        with threadpool_limits(1):
            _run_network(spec, network, folder, steps)
        if discard and is_measured(measured_folder(spec, folder), network):
            discard_checkpoints(folder, network)


def _run_network(spec: RunSpec, network: int, folder: Path, steps) -> None:
    from empirical.manifolds import manifolds_of
    from empirical.train import Subject, train

    weights, measured = network_folder(folder, network), measured_folder(spec, folder)
    if "measure" in steps and is_measured(measured, network):
        return
    subject = Subject.of(spec, network)
    if "measure" in steps:
        # What cannot be measured is told before hours of training, not after.
        manifolds_of(subject)
    if "train" in steps:
        train(subject, weights)
    if "measure" in steps:
        _measure(subject, weights, make_folder(measured))


def _measure(subject, weights: Path, measured: Path) -> None:
    from empirical.measure import final_digest, measure, turning_point
    from empirical.outputs import outputs, table_of
    from empirical.workload import reporter

    rows, checks = measure(subject, weights, reporter(measured, subject.network))
    content = table_text(rows).encode()
    written = {rows_path(measured, subject.network): content}
    if subject.network == PICTURED:
        # A network that is not trained has no picture of its training.
        epochs = sorted({0, turning_point(rows), subject.spec.epochs}) if subject.spec.epochs else []
        pictured = outputs(subject, weights, epochs)
        written[measured / OUTPUTS] = table_of(pictured).encode()
    for path, text in written.items():
        write_atomic(path, text)
    about = {
        "checks": checks,
        "final_digest": final_digest(subject, weights),
        "sha256": {path.name: hashlib.sha256(text).hexdigest() for path, text in written.items()},
    }
    write_atomic(checks_path(measured, subject.network), json.dumps(about).encode())


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
