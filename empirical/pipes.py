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
            status = main(*arguments, **options)
            sys.stdout.flush()
            return status
        except BrokenPipeError:
            # The interpreter flushes once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1

    return run
