"""The files that torch, safetensors and Lightning write of networks, and what is in them."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from empirical.errors import ModelError
from empirical.pipeline.model_source import failed
from empirical.pipeline.own_options import EXPORTED, TORCH_ENDS

SAFETENSORS = ".safetensors"
ENDS = (*TORCH_ENDS, SAFETENSORS)
# Where checkpoints keep the weights, or the model, among other things.
KEYS = ("state_dict", "model_state_dict", "model", "net")
SHOWN = 3


def whole_model(path: Path, trust: bool) -> nn.Module:
    """The network that was pickled as a whole.

    :param trust: run the code that is in the file.
    :raises ModelError: the file has no network but weights alone, or a form that cannot be measured; see also :func:`content`.
    """
    found, _ = unwrapped(content(path, trust))
    if isinstance(found, nn.Module):
        return found
    raise ModelError(
        f"{path} has weights but no architecture ({shown(found)}); give what builds the network, and the file as its weights: "
        f"python -m empirical measure FILE.py:NAME --weights {path} --images FOLDER"
    )


def content(path: Path, trust: bool) -> Any:
    """What is in the file: a mapping or a network.

    :raises ModelError: the file is missing, damaged, or a scripted or exported program, which has no modules to be read; or it
        needs code to be run, and is not trusted.
    """
    if not path.is_file():
        raise ModelError(f"the file {path} does not exist; give a file that torch.save or safetensors wrote")
    _refuse_programs(path)
    again = "write the weights anew: torch.save(model.state_dict(), PATH)"
    try:
        if path.suffix == SAFETENSORS:
            return load_file(path)
        return torch.load(path, map_location="cpu", weights_only=not trust)
    except (SafetensorError, OSError, EOFError) as error:
        raise ModelError(f"{path} is truncated or damaged ({_line(error)}); {again}") from error
    except Exception as error:
        if trust:
            raise failed(f"reading {path}", error) from error
        objects = _objects(path)
        if not objects:
            raise ModelError(f"{path} was not written by torch.save, or is damaged; {again}") from error
        raise ModelError(
            f"{path} is a pickle with other objects than tensors ({some(objects)}), and reading these runs code that is in "
            f"the file; add --trust if you know who wrote it, or {again}"
        ) from error


def unwrapped(found: Any) -> tuple[Any, str]:
    """The weights or the network inside a checkpoint, and the key under which it was; "" where it was not inside."""
    if isinstance(found, Mapping):
        for key in KEYS:
            if isinstance(found.get(key), Mapping | nn.Module):
                return found[key], key
    return found, ""


def _refuse_programs(path: Path) -> None:
    names = zipfile.ZipFile(path).namelist() if zipfile.is_zipfile(path) else []
    kinds = {"constants.pkl": "a TorchScript archive", "serialized_exported_program.json": "an exported program"}
    kinds |= {"archive_format": "an exported program"}
    kind = next((kind for end, kind in kinds.items() if any(name.rpartition("/")[2] == end for name in names)), None)
    if kind or path.suffix == EXPORTED:
        raise ModelError(
            f"{path} is {kind or 'an exported program'}, whose layers cannot be read; measure the torch.nn.Module that it was "
            "made of: python -m empirical measure FILE.py:NAME --weights STATE_DICT.pt --images FOLDER"
        )


def _objects(path: Path) -> list[str]:
    """The names of what a pickle needs besides tensors."""
    try:
        return sorted(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except Exception:  # noqa: BLE001 - the pickle is of an old form or damaged, and what it needs is not known
        return []


def shown(found: Any) -> str:
    """The first names and shapes of a state dict, or what else it is."""
    if not isinstance(found, Mapping):
        return f"it is a {type(found).__name__}"
    return some([f"{name} {shape(one)}" if isinstance(one, Tensor) else str(name) for name, one in found.items()])


def some(words: Iterable[str]) -> str:
    """The first few of the words, and how many more there are."""
    words = list(words)
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + more if words else "nothing in it"


def shape(value: Tensor) -> str:
    """The shape of a tensor, as 64x3x7x7."""
    return "x".join(map(str, value.shape)) or "scalar"


def _line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
