"""The weights of a file, loaded into a network."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from empirical.errors import ModelError
from empirical.pipeline.model_files import content, shape, shown, some, unwrapped


def load_weights(model: nn.Module, path: Path, trust: bool) -> str:
    """What was loaded into the model, in words.

    A prefix that all names have, such as ``module.`` or ``_orig_mod.``, is removed where they fit the model without it.

    :param trust: run the code that is in the file, where it has other objects than tensors.
    :raises ModelError: names or shapes differ from the model's; the message has some of them; see also :func:`content`.
    """
    found, key = unwrapped(content(path, trust))
    state = found.state_dict() if isinstance(found, nn.Module) else found
    state, prefix = _without_prefix(_tensors(state, path), set(model.state_dict()))
    told = f" under its key {key!r}" if key else ""
    _fill(model, state, path)
    return f"{len(state)} tensors of {path}{told}" + (f", prefix {prefix} removed" if prefix else "")


def _tensors(state: Any, path: Path) -> dict[str, Tensor]:
    items = state.items() if isinstance(state, Mapping) else ()
    found = {str(name): value for name, value in items if isinstance(value, Tensor)}
    if not found:
        raise ModelError(f"{path} has no weights ({shown(state)}); give a state dict: torch.save(model.state_dict(), PATH)")
    return found


def _without_prefix(state: dict[str, Tensor], wanted: set[str]) -> tuple[dict[str, Tensor], str]:
    """The state with names that fit, and the prefix that was removed; the state as it is where no prefix makes it fit."""
    names, prefix = list(state), ""
    while not wanted & set(names):
        first, dot, _ = names[0].partition(".")
        if not dot or not all(name.startswith(first + dot) for name in names):
            return state, ""
        names, prefix = [name.removeprefix(first + dot) for name in names], prefix + first + dot
    return dict(zip(names, state.values(), strict=True)), prefix


def _fill(model: nn.Module, state: dict[str, Tensor], path: Path) -> None:
    own = model.state_dict()
    other = [
        f"{name} {shape(value)}, in the model {shape(own[name])}"
        for name, value in state.items()
        if name in own and own[name].shape != value.shape
    ]
    if other:
        raise ModelError(
            f"{path} has other shapes than the model: {some(other)}; build the model as it was when they were saved"
        )
    found = model.load_state_dict(state, strict=False)
    given = {own[name].data_ptr() for name in state if name in own}
    # Weights that two layers share are saved once by some programs.
    missing = [name for name in found.missing_keys if own[name].data_ptr() not in given]
    told = [f"{words}: {some(names)}" for words, names in (("missing", missing), ("unknown", found.unexpected_keys)) if names]
    if told:
        raise ModelError(
            f"the weights of {path} do not fit the model; {'; '.join(told)}; build the model as it was when they were saved, "
            "or load them in the function that builds it"
        )
