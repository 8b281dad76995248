"""Writing of files that are whole or absent, even when the program is killed."""

import errno
import os
from pathlib import Path

from platformdirs import user_cache_dir

from empirical.errors import StorageError

CACHE_VARIABLE = "GEOMEM_CACHE"


def cache_root() -> Path:
    """The folder where runs are kept: ``$GEOMEM_CACHE``, or the user's cache, on Linux ``~/.cache/geomem``."""
    return Path(os.environ.get(CACHE_VARIABLE) or user_cache_dir("geomem", appauthor=False)).expanduser()


def make_folder(folder: Path) -> Path:
    """The folder, which is created with its parents if it does not exist.

    :raises StorageError: the folder cannot be created; the message names the folder and says what to do.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(explain(error, folder)) from error
    return folder


def write_atomic(path: Path, content: bytes) -> None:
    """Write the file completely or not at all; after a failure the earlier version is still there.

    :raises StorageError: there is no space or no permission, or the file system refuses for another reason.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        _write(draft, content)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageError(explain(error, path)) from error


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def explain(error: OSError, path: Path) -> str:
    """The message for a file that could not be written: the cause, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no space left to write {path}; free some and run the same command again: it resumes"
    return (
        f"cannot write {path}: {error.strerror or error}; make it writable, or choose another folder (runs are kept in "
        f"${CACHE_VARIABLE}: set {CACHE_VARIABLE}, or give --cache)"
    )
