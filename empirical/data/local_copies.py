"""A published data set that is not ours to ship: brought in from any copy, checked by structure, known by its SHA-256."""

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
    """Where a data set's files are kept once they were brought in.

    name: as a run's specification names it.
    title: as its authors name it.
    sizes: its files, uncompressed, and how many bytes each has.
    fault: of a file's name and bytes: what is wrong with it, or "".
    inner: the folder its archive unpacks to; a source may be the folder around it.
    """

    name: str
    title: str
    sizes: dict[str, int]
    fault: Callable[[str, bytes], str]
    inner: str = ""

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return cache_root() / "data" / self.name

    @property
    def ways_in(self) -> str:
        """The commands that bring it in."""
        return f"python -m empirical data {self.name} --from PATH (any copy) or --download"

    def bring(self, source: Path) -> str:
        """Copy its files from a folder (or ``inner`` inside it) or from a tar archive, after checking their structure.

        :returns: the SHA-256 of all, in this order.
        :raises GeomemError: a file is missing or is not what it should be.
        """
        inside = source / self.inner
        found = contents(inside if inside.is_dir() else source, self.sizes)
        for name, content in found.items():
            if words := self.fault(name, content):
                raise GeomemError(f"{source}: {name} {words}: not {self.title}'s; take another copy")
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
        """The SHA-256 under which it was brought in.

        :raises GeomemError: it was not; the message says how.
        """
        try:
            found = (self.folder / CHECKSUM).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            found = ""
        if not found:
            raise GeomemError(f"{self.title} is not here: {self.ways_in}")
        return found

    def contents(self) -> dict[str, bytes]:
        """The bytes of its files, by name.

        :raises GeomemError: it is not there, or was altered.
        """
        known = self.checksum()
        found = contents(self.folder, self.sizes)
        if _sha256(found.values()) != known:
            raise GeomemError(f"{self.folder} was altered since it was brought in: {self.ways_in}")
        return found

    def is_whole(self) -> bool:
        """Whether it is there, as it was brought in."""
        try:
            return bool(self.contents())
        except GeomemError:
            return False


def _sha256(contents: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for content in contents:
        found.update(content)
    return found.hexdigest()
