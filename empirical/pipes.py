"""Commands whose output is read through a pipe."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any


def ends_with_its_reader(main: Callable[..., int]) -> Callable[..., int]:
    """A command that ends in silence, with status 1, where the reader of its output has seen enough, as ``head`` has."""

    @wraps(main)
    def run(*arguments: Any, **options: Any) -> int:
        try:
            try:
                return main(*arguments, **options)
            finally:
                # Also where a page of help ends the command: what is flushed later is told by the interpreter.
                sys.stdout.flush()
        except BrokenPipeError:
            # The interpreter flushes once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1

    return run
