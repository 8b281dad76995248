"""Groups of networks of a world, which are trained together and are the unit of resuming: their numbers and their files.

Needs no torch.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from empirical.identity.identity_spec import IdentitySpec

# Networks that are trained together. Results depend on it by rounding, so that it is no option.
TOGETHER = 4
PICTURED = 0


@dataclass(frozen=True)
class Files:
    """The files of one group of networks. about is written last, and has the digests of the others."""

    rows: Path
    pictures: Path
    about: Path

    @classmethod
    def of(cls, folder: Path, networks: Sequence[int]) -> "Files":
        """The files in a folder."""
        name = f"networks-{networks[0]:02d}-{networks[-1]:02d}"
        return cls(*(folder / f"{name}{ending}" for ending in (".csv", ".pictures.csv", ".json")))

    def are_made(self) -> bool:
        """Whether rows and pictures are there as they were written."""
        try:
            about = json.loads(self.about.read_text(encoding="utf-8"))
            pictured = about["pictures_sha256"]
            if pictured and sha256(self.pictures.read_bytes()) != pictured:
                return False
            return sha256(self.rows.read_bytes()) == about["rows_sha256"]
        except (OSError, ValueError, KeyError):
            return False


def groups(spec: IdentitySpec) -> list[tuple[int, ...]]:
    """The numbers of the networks that are trained together."""
    return [tuple(range(first, min(first + TOGETHER, spec.n_networks))) for first in range(0, spec.n_networks, TOGETHER)]


def sha256(content: bytes) -> str:
    """The SHA-256 of a file's content, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
