"""Keeping a bundle as evidence: copied, checked and whole, from where it was made to where it is judged."""

from pathlib import Path

from empirical.errors import StorageError
from empirical.measurements import MANIFEST, TableError, read_bundle
from empirical.storage import make_folder, write_atomic


def record(bundle: Path, folder: Path) -> Path:
    """Copy a bundle into a folder of its own, the manifest last, so that a folder that has one is whole.

    :returns: the folder.
    :raises TableError: a part of the bundle was edited, or failed its check.
    :raises StorageError: other evidence is there already; or the folder cannot be written.
    """
    made = read_bundle(bundle)
    for reason in made.broken.values():
        raise TableError(reason)
    if (folder / MANIFEST).is_file():
        if read_bundle(folder).digest != made.digest:
            raise StorageError(f"{folder} holds other evidence than {bundle}; delete the folder first if this is to replace it")
        return folder
    make_folder(folder)
    for path in sorted(bundle.iterdir(), key=lambda path: path.name == MANIFEST):
        write_atomic(folder / path.name, path.read_bytes())
    return folder
