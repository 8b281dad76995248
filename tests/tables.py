"""The text of a bundle's table, to be read and edited in a test."""

import gzip
from collections.abc import Callable
from pathlib import Path


def read_table(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def edit_table(path: Path, change: Callable[[str], str]) -> None:
    path.write_bytes(gzip.compress(change(read_table(path)).encode()))
