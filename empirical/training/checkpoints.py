"""Checkpoints as safetensors: single tensors readable, never a pickle, each with its run and a digest of its content."""

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
    """The file of one epoch's weights."""
    return folder / f"epoch-{epoch:04d}.safetensors"


def save(path: Path, tensors: dict[str, Tensor], run: str, epoch: int) -> None:
    """Write tensors with the name of the run they belong to, the epoch and a digest, atomically.

    :raises StorageError: the disk is full or the folder cannot be written.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    about = {"run": run, "epoch": epoch, "digest": digest(tensors)}
    # One metadata entry: safetensors writes several in random order, and equal checkpoints should be equal files.
    write_atomic(path, serialize(tensors, metadata={ABOUT: json.dumps(about)}))


def load(path: Path, run: str, epoch: int | None = None) -> tuple[dict[str, Tensor], int]:
    """Read tensors and epoch, checked against the run, the epoch where one is given, and the content's digest.

    :raises CheckpointError: missing, truncated, altered, of another run or epoch.
    """
    if not path.is_file():
        raise CheckpointError(f"no checkpoint {path}; train first: python -m empirical train RUN")
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(ABOUT, "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError, json.JSONDecodeError) as error:
        raise CheckpointError(f"checkpoint {path} is truncated or corrupt ({error}); {_again(path)}") from error
    if about.get("digest") != digest(tensors):
        raise CheckpointError(f"checkpoint {path} was altered: its content does not match its digest; {_again(path)}")
    if about.get("run") != run:
        raise CheckpointError(f"checkpoint {path} belongs to run {about.get('run')}, not {run}; {_again(path)}")
    if epoch is not None and about["epoch"] != epoch:
        raise CheckpointError(f"checkpoint {path} is of epoch {about['epoch']}, not {epoch}; {_again(path)}")
    return tensors, about["epoch"]


def digest(tensors: dict[str, Tensor]) -> str:
    """SHA-256 over names, types, shapes and bytes, in the order of the names."""
    content = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        content.update(f"{name}{tensor.dtype}{tuple(tensor.shape)}".encode())
        content.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return content.hexdigest()


def _again(path: Path) -> str:
    return f"delete {path.parent} and run the same command again: this network is trained anew"
