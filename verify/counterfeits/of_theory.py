"""Wrong formulas in place of right ones, for claims about theory."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch


def planted(target: str, wrong: Callable[[Callable], Callable]) -> Callable[[], AbstractContextManager]:
    """A context manager that replaces a formula by a wrong formula.

    :param target: "theory.room.function".
    :param wrong: makes the wrong formula from the right formula.
    """
    module, _, name = target.rpartition(".")

    def plant() -> AbstractContextManager:
        right = getattr(importlib.import_module(module), name)
        return patch(target, wrong(right))

    return plant


def in_reverse(stages: Any) -> Any:
    """Two or more stages in the opposite order, so that the last is taken for the first."""
    return stages[::-1]
