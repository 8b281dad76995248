"""Reading of a data set's files from a folder, plain or compressed, or from the published archive."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from empirical.errors import GeomemError

UNREADABLE = (OSError, EOFError, zlib.error, tarfile.TarError)


def contents(source: Path, sizes: dict[str, int]) -> dict[str, bytes]:
    """The bytes of each file by its name, in the order of ``sizes``.

    At most one byte more than its size is read of each file.

    :param source: a folder that has the files, each plain or with .gz after its name; or a tar archive, plain or compressed.
    :param sizes: the name of each file, and its number of bytes when it is not compressed.
    :raises GeomemError: a file is missing, cannot be read, or has another size.
    """
    found = _of_folder(source, sizes) if source.is_dir() else _of_archive(source, sizes)
    for name, size in sizes.items():
        if name not in found:
            raise GeomemError(f"{source} has no {name}, which the data set needs; give {_required(sizes)}")
        if len(found[name]) != size:
            received = f"{len(found[name]):,}" if len(found[name]) < size else f"more than {size:,}"
            raise GeomemError(f"{source / name} has {received} bytes, and the published file has {size:,}; take another copy")
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
    """The archive is not unpacked: its members are read by file name, and their paths are ignored."""
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
    """Raise errors of reading the file as one line, because tarfile's messages have several."""
    try:
        yield
    except UNREADABLE as error:
        words = getattr(error, "strerror", None) or str(error) or type(error).__name__
        reason = words.splitlines()[0].rstrip(":")
        raise GeomemError(f"cannot read {path}: {reason}; give {_required(sizes)}") from error


def _required(sizes: dict[str, int]) -> str:
    return f"the published archive, or a folder with {', '.join(sizes)}"
