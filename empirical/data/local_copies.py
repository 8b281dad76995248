"""The local copy of a published data set that does not come with the package: checked by its structure and its SHA-256."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from empirical.data.archives import contents
from empirical.errors import GeomemError
from empirical.storage import cache_root, make_folder, write_atomic

CHECKSUM = "sha256.txt"


@dataclass(frozen=True)
class LocalCopy:
    """The files of a data set that a user has brought in.

    name: the name of the data set in a run's specification.
    title: the name that the authors give it.
    sizes: the name of each file, and its number of bytes when it is not compressed.
    fault: a function of a file's name and bytes, which returns what is wrong with the file, or "".
    inner: the folder that the published archive unpacks to; a source may be the folder around ``inner``.
    """

    name: str
    title: str
    sizes: dict[str, int]
    fault: Callable[[str, bytes], str]
    inner: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the files."""
        return cache_root() / "data" / self.name

    @property
    def ways_in(self) -> str:
        """The commands that bring the data set in."""
        return f"python -m empirical data {self.name} --from PATH (any copy) or --download"

    def bring(self, source: Path) -> str:
        """Copy the files from ``source``, after a check of their structure, and return the SHA-256 of them all.

        :param source: a folder, or the folder around ``inner``, or a tar archive.
        :raises GeomemError: a file is missing, or its structure is wrong.
        """
        inside = source / self.inner
        found = contents(inside if inside.is_dir() else source, self.sizes)
        for name, content in found.items():
            if words := self.fault(name, content):
                raise GeomemError(f"{source}: {name} {words}, so it is not a file of {self.title}; take another copy")
        self._keep(found)
        return self.checksum()

    def _keep(self, found: dict[str, bytes]) -> None:
        target = make_folder(self.folder)
        # The checksum is emptied first and written last: without it there is no data set.
        write_atomic(target / CHECKSUM, b"")
        for name, content in found.items():
            write_atomic(target / name, content)
        write_atomic(target / CHECKSUM, _sha256(found.values()).encode())

    def checksum(self) -> str:
        """The SHA-256 of the files, as computed when they were brought in.

        :raises GeomemError: the data set has not been brought in; the message says how to do it.
        """
        try:
            found = (self.folder / CHECKSUM).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            found = ""
        if not found:
            raise GeomemError(f"{self.title} has not been brought in; bring it in: {self.ways_in}")
        return found

    def contents(self) -> dict[str, bytes]:
        """The bytes of each file by its name.

        :raises GeomemError: the data set has not been brought in, or its files were altered.
        """
        known = self.checksum()
        found = contents(self.folder, self.sizes)
        if _sha256(found.values()) != known:
            raise GeomemError(f"{self.folder} was altered after the data set was brought in; bring it in again: {self.ways_in}")
        return found

    def stamp(self) -> tuple[tuple[str, int], ...]:
        """The path of each file and when it was last written: another stamp means that the files have to be read again."""
        return tuple((str(path), path.stat().st_mtime_ns) for path in sorted(self.folder.glob("*")))

    def is_whole(self) -> bool:
        """Whether all files are there, unaltered since they were brought in."""
        try:
            return bool(self.contents())
        except GeomemError:
            return False


def _sha256(contents: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for content in contents:
        found.update(content)
    return found.hexdigest()
