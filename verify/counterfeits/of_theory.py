"""Claims about theory in worlds in which they are false: a wrong formula planted in place of the right one."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch


def planted(target: str, wrong: Callable[[Callable], Callable]) -> Callable[[], AbstractContextManager]:
    """A formula is replaced by a wrong one.

    :param target: "theory.room.function". :param wrong: makes the wrong one from the right one.
    """
    module, _, name = target.rpartition(".")

    def plant() -> AbstractContextManager:
        right = getattr(importlib.import_module(module), name)
        return patch(target, wrong(right))

    return plant
