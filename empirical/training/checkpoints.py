"""Checkpoints as safetensors files, each with the name of its run and a digest of its content.

A reader can load single tensors of a safetensors file, and loading it runs no code, as loading a pickle does.
"""

import hashlib
import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialize
from torch import Tensor

from empirical.errors import CheckpointError
from empirical.storage import write_atomic

LAST = "last.safetensors"
ABOUT = "geomem"


def path_of(folder: Path, epoch: int) -> Path:
    """The path of the checkpoint of one epoch."""
    return folder / f"epoch-{epoch:04d}.safetensors"


def save(path: Path, tensors: dict[str, Tensor], run: str, epoch: int) -> None:
    """Write the tensors atomically, with the name of their run, their epoch and their digest.

    :raises StorageError: the disk is full, or the folder cannot be written.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    about = {"run": run, "epoch": epoch, "digest": digest(tensors)}
    # One metadata entry: safetensors writes several in random order, and equal checkpoints should be equal files.
    write_atomic(path, serialize(tensors, metadata={ABOUT: json.dumps(about)}))


def load(path: Path, run: str, epoch: int | None = None) -> tuple[dict[str, Tensor], int]:
    """The tensors and the epoch of a checkpoint, after a check of its run, its digest and, if ``epoch`` is given, its epoch.

    :raises CheckpointError: the checkpoint is missing, truncated or altered, or it belongs to another run or epoch.
    """
    if not path.is_file():
        raise CheckpointError(f"the checkpoint {path} does not exist; train first: python -m empirical train RUN")
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(ABOUT, "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError, json.JSONDecodeError) as error:
        raise CheckpointError(f"checkpoint {path} is truncated or corrupt ({error}); {_again(path)}") from error
    if about.get("digest") != digest(tensors):
        raise CheckpointError(f"checkpoint {path} was altered: its content does not have its recorded digest; {_again(path)}")
    if about.get("run") != run:
        raise CheckpointError(f"checkpoint {path} belongs to run {about.get('run')}, not {run}; {_again(path)}")
    if epoch is not None and about["epoch"] != epoch:
        raise CheckpointError(f"checkpoint {path} is of epoch {about['epoch']}, not {epoch}; {_again(path)}")
    return tensors, about["epoch"]


def digest(tensors: dict[str, Tensor]) -> str:
    """SHA-256 of the names, types, shapes and bytes of the tensors, in the order of their names."""
    content = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        content.update(f"{name}{tensor.dtype}{tuple(tensor.shape)}".encode())
        content.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return content.hexdigest()


def _again(path: Path) -> str:
    return f"delete {path.parent} and run the same command again: this network is trained anew"
