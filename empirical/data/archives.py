"""The files of a data set wherever they lie: in a folder, compressed there, or in the archive they were published in."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from empirical.errors import GeomemError

UNREADABLE = (OSError, EOFError, zlib.error, tarfile.TarError)


def contents(source: Path, sizes: dict[str, int]) -> dict[str, bytes]:
    """The named files' bytes, in the order of ``sizes``; of no file more than one byte beyond its size is read.

    :param source: a folder that has them, each as it is or with .gz behind its name; or a tar archive, plain or compressed.
    :raises GeomemError: one is missing, cannot be read, or is not of its size.
    """
    found = _of_folder(source, sizes) if source.is_dir() else _of_archive(source, sizes)
    for name, size in sizes.items():
        if name not in found:
            raise GeomemError(f"{source} has no {name}; required is {_required(sizes)}")
        if len(found[name]) != size:
            received = f"{len(found[name]):,}" if len(found[name]) < size else f"more than {size:,}"
            raise GeomemError(f"{source / name} has {received} bytes where {size:,} are required: take another copy")
    return {name: found[name] for name in sizes}


def _of_folder(folder: Path, sizes: dict[str, int]) -> dict[str, bytes]:
    found = {}
    for name, size in sizes.items():
        plain, packed = folder / name, folder / f"{name}.gz"
        path, opened = (packed, gzip.GzipFile) if packed.is_file() and not plain.is_file() else (plain, open)
        with _reading(path, sizes), opened(path, "rb") as file:
            found[name] = file.read(size + 1)
    return found


def _of_archive(archive: Path, sizes: dict[str, int]) -> dict[str, bytes]:
    """Nothing is unpacked: members are read by their file names, and their paths do not matter."""
    found = {}
    with _reading(archive, sizes), tarfile.open(archive) as members:
        for member in members:
            name = PurePosixPath(member.name).name
            content = members.extractfile(member) if member.isfile() and name in sizes else None
            if content:
                found[name] = content.read(sizes[name] + 1)
    return found


@contextmanager
def _reading(path: Path, sizes: dict[str, int]) -> Iterator[None]:
    """Errors of reading it, in one line; tarfile's own words have more."""
    try:
        yield
    except UNREADABLE as error:
        words = getattr(error, "strerror", None) or str(error) or type(error).__name__
        reason = words.splitlines()[0].rstrip(":")
        raise GeomemError(f"cannot read {path}: {reason}; required is {_required(sizes)}") from error


def _required(sizes: dict[str, int]) -> str:
    return f"the published archive, or a folder with {', '.join(sizes)}"
