"""The network that a user names as ``package.module:name`` or ``path/to/file.py:name``."""

import importlib
import importlib.util
import inspect
import site
import sys
import traceback
from difflib import get_close_matches
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

from empirical.errors import ModelError

# Files of the user are imported under this name: one of theirs, such as torch.py, would hide a module that is needed.
IMPORTED_AS = "_own_network"
FORM = "FILE.py:NAME or PACKAGE.MODULE:NAME, where NAME is a torch.nn.Module, or a function or class that makes one"
NAMED_AT_MOST = 8


def built(source: str) -> nn.Module:
    """The network that a module has under a name; a function or a class is called without arguments.

    :param source: ``package.module:name`` or ``path/to/file.py:name``; the name may have dots.
    :raises ModelError: it cannot be imported, or has no such name; the function needs arguments, fails, or returns no module.
    """
    place, colon, name = source.rpartition(":")
    if not colon or not place or not name:
        raise ModelError(f"{source} does not say what makes the network; give {FORM}")
    module = _of_file(Path(place)) if place.endswith(".py") else _of_package(place)
    return _made(_named(module, name, place), source)


def failed(doing: str, error: BaseException) -> ModelError:
    """An error in the user's own code, in one line: what was done, the file and line in which it failed, and the message."""
    *_, last = traceback.format_exception_only(error)
    return ModelError(f"{doing} failed{_where(error)}: {' '.join(last.split())}")


def _where(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f" in {error.filename}, line {error.lineno}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_the_users(frame.filename)]
    return f" in {frames[-1].filename}, line {frames[-1].lineno}" if frames else ""


def _is_the_users(file: str) -> bool:
    """Neither Python's own, nor of an installed package, nor one of ours: there nothing is to be mended."""
    others = (sys.base_prefix, sys.prefix, *site.getsitepackages(), str(Path(__file__).parents[1]))
    return not file.startswith(("<", *others))


def _of_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise ModelError(f"the file {path} does not exist (in {Path.cwd()}); give {FORM}")
    # What stands beside the file is found, as in `python FILE.py`.
    sys.path.insert(0, str(path.resolve().parent))
    spec = importlib.util.spec_from_file_location(IMPORTED_AS, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[IMPORTED_AS] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _not_imported(str(path), error) from error
    return module


def _of_package(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        absent = error.name if isinstance(error, ModuleNotFoundError) else None
        if absent and f"{name}.".startswith(f"{absent}."):
            raise ModelError(
                f"there is no module {absent}; run the command in the folder that has it, or give a file: FILE.py:NAME"
            ) from error
        raise _not_imported(name, error) from error


def _not_imported(place: str, error: BaseException) -> ModelError:
    if isinstance(error, SystemExit):
        return ModelError(
            f"{place} ends the program when it is imported; put what it runs under if __name__ == '__main__', and what makes "
            "the network into a function"
        )
    return failed(f"importing {place}", error)


def _named(module: ModuleType, name: str, place: str) -> Any:
    try:
        return attrgetter(name)(module)
    except AttributeError as error:
        own = [one for one, value in vars(module).items() if not one.startswith("_") and _may_make(value, module)]
        near = get_close_matches(name, own, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        has = ", ".join(own[:NAMED_AT_MOST]) + (", ..." if len(own) > NAMED_AT_MOST else "")
        raise ModelError(f"{place} has no {name}; it has {has or 'none'}{hint}") from error


def _may_make(value: Any, module: ModuleType) -> bool:
    """Whether a value of a module is a network, or a function or class that stands there."""
    return isinstance(value, nn.Module) or (callable(value) and getattr(value, "__module__", "") == module.__name__)


def _made(found: Any, source: str) -> nn.Module:
    if isinstance(found, nn.Module):
        return found
    if not callable(found):
        raise ModelError(f"{source} is a {type(found).__name__}; give {FORM}")
    if needed := _required(found):
        raise ModelError(
            f"{source} needs arguments ({', '.join(needed)}); write a function that needs none, such as: def build(): return "
            f"{source.rpartition(':')[2]}({needed[0]}=...)"
        )
    try:
        model = found()
    except (Exception, SystemExit) as error:
        raise failed(f"calling {source}", error) from error
    if isinstance(model, nn.Module):
        return model
    parts = f" ({', '.join(type(part).__name__ for part in model)})" if isinstance(model, tuple | list) else ""
    raise ModelError(
        f"{source} returned a {type(model).__name__}{parts}, not a torch.nn.Module; give a function that returns the network "
        "alone"
    )


def _required(found: Any) -> list[str]:
    """The names of arguments that a function or class cannot be called without."""
    try:
        arguments = inspect.signature(found).parameters.values()
    except (TypeError, ValueError):
        return []
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [one.name for one in arguments if one.default is one.empty and one.kind not in optional]
