"""The digests under which settled tests passed: ``passed.txt``, one line a test, sorted by the tests' names."""

import re
from collections.abc import Mapping
from pathlib import Path

from empirical.errors import GeomemError
from empirical.storage import write_atomic

FILE = Path("tests") / "settled" / "passed.txt"
# As `sha256sum` writes them: a digest, two spaces, a name.
LINE = re.compile(r"([0-9a-f]{16})  (\S.*)")


class RecordError(GeomemError):
    """The record cannot be read; the message names the file and the line, and says what to do."""


def read(path: Path) -> dict[str, str]:
    """The digest under which each test passed, by the test's node id; none where there is no file.

    :raises RecordError: a line is no digest and name, or a test stands twice.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(_lines(path), start=1):
        matched = LINE.fullmatch(line)
        if matched is None:
            raise RecordError(
                f"{path}, line {number}, is {line!r}, which is no digest of 16 hexadecimal digits, two spaces and a test's "
                "name. Delete the line, or take either side of a merge conflict: a test that has no line is run again"
            )
        digest, test = matched.groups()
        if test in found:
            raise RecordError(f"{path}, line {number}: {test} stands twice. Delete both lines, and the test is run again")
        found[test] = digest
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"{path} cannot be read: {error}. Take it from the last commit: git checkout -- {path}") from error


def write(path: Path, digests: Mapping[str, str]) -> None:
    """Write the record, wholly or not at all."""
    write_atomic(path, "".join(f"{digests[test]}  {test}\n" for test in sorted(digests)).encode())
