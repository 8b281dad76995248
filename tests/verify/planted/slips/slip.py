"""A slip: one expression in the source of a function is replaced by a wrong one."""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any

from tests.verify.planted.planted_error import Plant


def slip(target: str, right: str, wrong: str) -> Plant:
    """A function with one expression replaced, wherever the function was imported.

    :param target: "theory.room.function", or "theory.room.Class.method".
    :param right: the expression as it is, which occurs once in the source of the function.
    :param wrong: the expression in its place.
    """

    @contextmanager
    def plant() -> Iterator[None]:
        function = located(target)
        code = function.__code__
        function.__code__ = slipped(function, right, wrong)
        try:
            yield
        finally:
            function.__code__ = code

    return Plant(target, plant)


def located(target: str) -> FunctionType:
    """The function of this name."""
    module, _, name = target.rpartition(".")
    try:
        return beneath(getattr(importlib.import_module(module), name))
    except ModuleNotFoundError:
        module, _, owner = module.rpartition(".")
        return beneath(getattr(getattr(importlib.import_module(module), owner), name))


def beneath(found: Any) -> FunctionType:
    """The function of a property, of a cached one, or itself."""
    return getattr(found, "fget", None) or getattr(found, "func", None) or found


def slipped(function: FunctionType, right: str, wrong: str) -> CodeType:
    """The code of a function whose source has ``wrong`` in place of ``right``.

    :raises ValueError: the source does not have ``right`` exactly once.
    """
    source = textwrap.dedent(inspect.getsource(function))
    if (found := source.count(right)) != 1:
        raise ValueError(f"{function.__qualname__} must have {right!r} once, and has it {found} times: write the slip anew")
    made: dict = {}
    exec(source.replace(right, wrong), dict(function.__globals__), made)
    return beneath(made[function.__name__]).__code__
