"""The share of a run's work that is done, counted in epochs from the files of its networks.

Measuring a network counts as many epochs as training it, because both take about as long.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from empirical.runs.folders import checks_path, measured_folder, network_folder
from empirical.runs.runspec import RunSpec
from empirical.storage import write_atomic


def reporter(measured: Path, network: int) -> Callable[[int, int], None]:
    """The function that measuring calls with (epochs measured, epochs in all); it writes the network's progress file."""
    return lambda done, total: write_atomic(_path(measured, network), f"{done}/{total}".encode())


def workload(spec: RunSpec, folder: Path, steps: Sequence[str], networks: Sequence[int]) -> tuple[int, int]:
    """The number of epochs done, and the number of epochs in all.

    :param folder: the run's folder.
    :param steps: "train", "measure", or both.
    :param networks: numbers of the networks.
    """
    # A network that is not trained is measured all the same.
    each, measured = max(1, spec.epochs), measured_folder(spec, folder)
    done = 0
    for network in networks:
        # Checkpoints may be gone when all is done.
        whole = "measure" in steps and checks_path(measured, network).is_file()
        if "train" in steps:
            done += each if whole else min(each, _trained(network_folder(folder, network)))
        if "measure" in steps:
            done += each if whole else round(each * _share(_path(measured, network)))
    return done, each * len(steps) * len(networks)


def _trained(weights: Path) -> int:
    """The last epoch that has a checkpoint; 0 if there is none."""
    return max((int(path.stem.split("-")[1]) for path in weights.glob("epoch-*.safetensors")), default=0)


def _path(measured: Path, network: int) -> Path:
    return measured / f"network-{network:02d}.progress"


def _share(path: Path) -> float:
    try:
        done, total = map(int, path.read_text(encoding="utf-8").split("/"))
        return done / total
    except (OSError, ValueError, ZeroDivisionError):
        return 0.0
